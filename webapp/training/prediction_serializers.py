"""Predictions side by side on the wire."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webapp.core.fields import IdField
from webapp.jobs.serializers import JobSerializer
from webapp.training.models import PredictionSet
from webapp.training.predictions import MOST_FRAMES, results_of


class PredictionSetSerializer(serializers.ModelSerializer[PredictionSet]):
    job = JobSerializer(allow_null=True)
    frames = serializers.ListField(child=serializers.IntegerField())

    class Meta:
        model = PredictionSet
        fields = ["id", "run", "frames", "job", "created_at"]


class PredictionSetsSerializer(serializers.Serializer[Any]):
    results = PredictionSetSerializer(many=True)


class PredictionSetWriteSerializer(serializers.Serializer[Any]):
    """`frames` by their ids, or `count` frames of a `drive`; without either the frames where the student errs most."""

    frames = serializers.ListField(child=IdField(), required=False, default=list, max_length=1000)
    drive = IdField(required=False, allow_null=True, default=None)
    count = serializers.IntegerField(required=False, default=12, min_value=1, max_value=MOST_FRAMES)


class ShownFrameSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class ShownDetectionSerializer(serializers.Serializer[Any]):
    """`box_xywh` in pixels of the original frame."""

    category = serializers.CharField()
    box_xywh = serializers.ListField(child=serializers.FloatField(), min_length=4, max_length=4)
    score = serializers.FloatField()


class ShownModelSerializer(serializers.Serializer[Any]):
    """`detections` by the frame's id."""

    role = serializers.ChoiceField(choices=["teacher", "before", "after"])
    id = serializers.IntegerField()
    name = serializers.CharField()
    detections = serializers.DictField(child=ShownDetectionSerializer(many=True))


class ShownSerializer(serializers.Serializer[Any]):
    frames = ShownFrameSerializer(many=True)
    models = ShownModelSerializer(many=True)


class PredictionSetDetailSerializer(PredictionSetSerializer):
    found = serializers.SerializerMethodField()

    class Meta(PredictionSetSerializer.Meta):
        fields = [*PredictionSetSerializer.Meta.fields, "found"]

    @extend_schema_field(ShownSerializer(allow_null=True))
    def get_found(self, made: PredictionSet) -> dict[str, Any] | None:
        return results_of(made)
