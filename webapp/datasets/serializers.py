"""Datasets on the wire."""

from typing import Any

from rest_framework import serializers

from webapp.audit.serializers import AuditBoundSerializer
from webapp.core.fields import IdField
from webapp.datasets.links import LONGEST
from webapp.datasets.models import Dataset, DatasetVersion
from webapp.datasets.splits import SPLITS
from webapp.jobs.serializers import JobSerializer
from webapp.taxonomy.models import Taxonomy
from webapp.taxonomy.serializers import TaxonomyBriefSerializer


class VersionBriefSerializer(serializers.ModelSerializer[DatasetVersion]):
    class Meta:
        model = DatasetVersion
        fields = ["id", "number", "state", "digest", "summary", "created_at", "frozen_at"]


class DatasetSerializer(serializers.ModelSerializer[Dataset]):
    taxonomy = TaxonomyBriefSerializer()
    versions = VersionBriefSerializer(many=True)

    class Meta:
        model = Dataset
        fields = ["id", "name", "description", "taxonomy", "versions", "created_at"]


class DatasetWriteSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    description = serializers.CharField(required=False, allow_blank=True, default="")
    taxonomy: "serializers.PrimaryKeyRelatedField[Taxonomy]" = serializers.PrimaryKeyRelatedField(
        queryset=Taxonomy.objects.all(), required=False
    )

    def validate_taxonomy(self, taxonomy: Taxonomy) -> Taxonomy:
        if taxonomy.workspace_id != self.context["workspace"].id:
            raise serializers.ValidationError("There is no such taxonomy here.")
        return taxonomy


class DriveSplitSerializer(serializers.Serializer[Any]):
    drive = IdField()
    split = serializers.ChoiceField(choices=SPLITS)


class VersionWriteSerializer(serializers.Serializer[Any]):
    drives = serializers.ListField(child=DriveSplitSerializer(), min_length=1)
    include_unaudited = serializers.BooleanField(required=False, default=False)
    override_reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)
    slice = IdField(required=False, allow_null=True, default=None, help_text="Of the drives only what it takes.")


class VersionDriveSerializer(serializers.Serializer[Any]):
    drive = serializers.IntegerField(source="drive_id")
    name = serializers.CharField(source="drive.name")
    split = serializers.CharField()
    bound = AuditBoundSerializer(allow_null=True)


class DatasetBriefSerializer(serializers.ModelSerializer[Dataset]):
    class Meta:
        model = Dataset
        fields = ["id", "name"]


class VersionSerializer(serializers.ModelSerializer[DatasetVersion]):
    dataset = DatasetBriefSerializer()
    drives = VersionDriveSerializer(source="version_drives", many=True)
    job = JobSerializer(allow_null=True)

    class Meta:
        model = DatasetVersion
        fields = [
            "id",
            "dataset",
            "number",
            "state",
            "digest",
            "include_unaudited",
            "override_reason",
            "slice_name",
            "categories",
            "summary",
            "drives",
            "created_at",
            "frozen_at",
            "job",
        ]


class ExportLinkWriteSerializer(serializers.Serializer[Any]):
    what = serializers.ChoiceField(choices=("coco", "images"), required=False, default="coco")
    split = serializers.CharField(required=False, allow_blank=True, default="", max_length=20)
    lasts_s = serializers.IntegerField(
        required=False, default=86_400, min_value=60, max_value=int(LONGEST.total_seconds())
    )


class ExportLinkSerializer(serializers.Serializer[Any]):
    url = serializers.CharField()
    what = serializers.CharField()
    split = serializers.CharField()
    expires_at = serializers.DateTimeField()
