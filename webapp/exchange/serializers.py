"""Imports and exports on the wire."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webapp.datasets.formats import FEATURES
from webapp.exchange.models import LabelImport, VersionExport
from webapp.jobs.serializers import JobSerializer


class FormatSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    reads = serializers.BooleanField()
    writes = serializers.BooleanField()
    prelabels = serializers.BooleanField()
    loses = serializers.ListField(
        child=serializers.ChoiceField(choices=FEATURES), help_text="What an export in it cannot hold."
    )


class FormatsSerializer(serializers.Serializer[Any]):
    results = FormatSerializer(many=True)


class SurveyCategorySerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    boxes = serializers.IntegerField()
    ours = serializers.CharField(allow_null=True)
    ignore = serializers.BooleanField()


class PreviewBoxSerializer(serializers.Serializer[Any]):
    bbox = serializers.ListField(child=serializers.FloatField(), min_length=4, max_length=4)
    category = serializers.CharField()


class PreviewFrameSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    boxes = PreviewBoxSerializer(many=True)


class SurveySerializer(serializers.Serializer[Any]):
    frames = serializers.IntegerField()
    boxes = serializers.IntegerField()
    scored = serializers.IntegerField()
    pictures = serializers.IntegerField()
    categories = SurveyCategorySerializer(many=True)
    problem_count = serializers.IntegerField()
    problems = serializers.ListField(child=serializers.CharField())
    preview = PreviewFrameSerializer(many=True)


class ImportReportSerializer(serializers.Serializer[Any]):
    dry_run = serializers.BooleanField()
    frames = serializers.IntegerField()
    boxes = serializers.IntegerField()
    ignore_regions = serializers.IntegerField()
    clipped = serializers.IntegerField()
    by_category = serializers.DictField(child=serializers.IntegerField())
    problem_count = serializers.IntegerField()
    problems = serializers.ListField(child=serializers.CharField())


class LabelImportSerializer(serializers.ModelSerializer[LabelImport]):
    drive = serializers.IntegerField(source="drive_id")
    survey = serializers.SerializerMethodField()
    report = ImportReportSerializer(allow_null=True)
    job = JobSerializer(allow_null=True)
    formats = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = LabelImport
        fields = ["id", "drive", "filename", "size", "state", "format", "formats", "survey", "mapping"]
        fields += ["labels_are", "model_name", "report", "job", "created_at"]

    @extend_schema_field(SurveySerializer(allow_null=True))
    def get_survey(self, one: LabelImport) -> dict[str, Any] | None:
        return dict(SurveySerializer(one.survey).data) if one.survey else None


class SurveyRequestSerializer(serializers.Serializer[Any]):
    format = serializers.CharField(max_length=30)


class ImportRequestSerializer(serializers.Serializer[Any]):
    mapping = serializers.DictField(
        child=serializers.CharField(allow_null=True),
        help_text="Source category to ours, null for a region to ignore. What is left out goes by name or alias.",
    )
    labels_are = serializers.ChoiceField(choices=LabelImport.LabelsAre.choices, default=LabelImport.LabelsAre.TRUTH)
    model_name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    dry_run = serializers.BooleanField(required=False, default=False)


class ExportRequestSerializer(serializers.Serializer[Any]):
    format = serializers.CharField(max_length=30)
    with_pictures = serializers.BooleanField(required=False, default=False)
    blurred = serializers.BooleanField(
        required=False, default=False, help_text="Faces and number plates in the pictures, where there are boxes."
    )


class VersionExportSerializer(serializers.ModelSerializer[VersionExport]):
    version = serializers.IntegerField(source="version_id")
    ready = serializers.SerializerMethodField()
    job = JobSerializer(allow_null=True)

    class Meta:
        model = VersionExport
        fields = ["id", "version", "format", "with_pictures", "blurred", "ready", "size", "job", "created_at"]

    def get_ready(self, one: VersionExport) -> bool:
        return bool(one.key)
