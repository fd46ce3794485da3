"""Edge exports on the wire."""

from typing import Any

from rest_framework import serializers

from webapp.core.fields import FiniteField, IdField
from webapp.edge.models import EdgeExport
from webapp.edge.services import MOST_CALIBRATION, SLICES
from webapp.jobs.serializers import JobSerializer
from webapp.registry.serializers import ModelNameSerializer, VersionNameSerializer


class EdgeExportSerializer(serializers.ModelSerializer[EdgeExport]):
    """`report` holds AP in 32 and 8 bits by category, parity, cost and the chip's operators; of a refused one, what 8 bits would have lost."""

    model = ModelNameSerializer(source="model_version")
    dataset_version = VersionNameSerializer(allow_null=True)
    job = JobSerializer(allow_null=True)
    sha256 = serializers.CharField()
    slices = serializers.ListField(child=serializers.ChoiceField(choices=SLICES))
    report = serializers.JSONField(allow_null=True)
    speed = serializers.JSONField(allow_null=True)

    class Meta:
        model = EdgeExport
        fields = [
            "id", "model", "dataset_version", "judge_split", "target", "width", "height", "calibration", "slices", "most_lost",
            "most_lost_category", "job", "sha256", "size", "report", "speed", "created_at",
        ]  # fmt: skip


class EdgeExportWriteSerializer(serializers.Serializer[Any]):
    """Without a `dataset_version` rendered scenes calibrate and judge; without a `judge_split` every other drive judges."""

    model = IdField()
    dataset_version = IdField(required=False, allow_null=True, default=None)
    judge_split = serializers.CharField(required=False, allow_blank=True, default="", max_length=20)
    target = serializers.ChoiceField(choices=EdgeExport.Target.choices, default=EdgeExport.Target.BUNDLE)
    width = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=100_000)
    height = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=100_000)
    calibration = serializers.IntegerField(required=False, default=100, min_value=1, max_value=MOST_CALIBRATION)
    slices = serializers.ListField(
        child=serializers.ChoiceField(choices=SLICES), required=False, default=list(SLICES), max_length=len(SLICES)
    )
    most_lost = FiniteField(required=False, default=0.01)
    most_lost_category = FiniteField(required=False, default=0.03)
