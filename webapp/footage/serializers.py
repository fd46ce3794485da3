"""Footage on the wire."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webapp.footage.models import Clip, Drive, Frame
from webapp.jobs.serializers import JobSerializer
from webapp.taxonomy.models import Taxonomy
from webapp.taxonomy.serializers import TaxonomyBriefSerializer

DESCRIPTION_FIELDS = ["vehicle", "camera", "captured_at", "place", "time_of_day", "weather", "consent_note"]


class ModelBriefSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class DriveCountsSerializer(serializers.Serializer[Any]):
    clips = serializers.IntegerField()
    clips_failed = serializers.IntegerField()
    frames = serializers.IntegerField()
    new = serializers.IntegerField()
    prelabelled = serializers.IntegerField()
    in_audit = serializers.IntegerField()
    audited = serializers.IntegerField()
    excluded = serializers.IntegerField()


class DriveSerializer(serializers.ModelSerializer[Drive]):
    """`counts`, `cover` and `jobs` come with the context, gathered for the whole page in a few queries."""

    taxonomy = TaxonomyBriefSerializer()
    label_model = ModelBriefSerializer(allow_null=True)
    counts = serializers.SerializerMethodField()
    cover = serializers.SerializerMethodField()
    jobs = serializers.SerializerMethodField()

    class Meta:
        model = Drive
        fields = [
            "id",
            "name",
            "state",
            "taxonomy",
            "label_model",
            *DESCRIPTION_FIELDS,
            "sample_fps",
            "sample_every",
            "created_at",
            "counts",
            "cover",
            "jobs",
        ]

    @extend_schema_field(DriveCountsSerializer)
    def get_counts(self, drive: Drive) -> dict[str, int]:
        return self.context["counts"][drive.id]  # type: ignore[no-any-return]  # the context is untyped

    def get_cover(self, drive: Drive) -> int | None:
        return self.context["covers"].get(drive.id)  # type: ignore[no-any-return]

    @extend_schema_field(JobSerializer(many=True))
    def get_jobs(self, drive: Drive) -> list[dict[str, Any]]:
        jobs = self.context["jobs"].get(
            drive.id
        )  # of most drives none: a serializer for nothing took a third of the list
        return list(JobSerializer(jobs, many=True).data) if jobs else []


class DriveWriteSerializer(serializers.ModelSerializer[Drive]):
    taxonomy: "serializers.PrimaryKeyRelatedField[Taxonomy]" = serializers.PrimaryKeyRelatedField(
        queryset=Taxonomy.objects.all(), required=False
    )
    name = serializers.CharField(max_length=160)

    class Meta:
        model = Drive
        fields = ["name", "taxonomy", *DESCRIPTION_FIELDS, "sample_fps", "sample_every"]
        extra_kwargs = {"sample_fps": {"min_value": 0.001, "max_value": 240}, "sample_every": {"min_value": 1}}

    def validate_taxonomy(self, taxonomy: Taxonomy) -> Taxonomy:
        if taxonomy.workspace_id != self.context["workspace"].id:
            raise serializers.ValidationError("There is no such taxonomy here.")
        return taxonomy

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("sample_fps") and attrs.get("sample_every"):
            raise serializers.ValidationError({"sample_every": "Sample by frames a second or by every n-th, not both."})
        return attrs


class ClipSerializer(serializers.ModelSerializer[Clip]):
    frames = serializers.SerializerMethodField()
    job = serializers.SerializerMethodField()

    class Meta:
        model = Clip
        fields = [
            "id",
            "drive",
            "filename",
            "kind",
            "state",
            "size",
            "sha256",
            "duplicate_of",
            "error_code",
            "error_detail",
            "problems",
            "width",
            "height",
            "fps",
            "duration_ms",
            "frames",
            "job",
            "created_at",
        ]

    def get_frames(self, clip: Clip) -> int:
        return self.context["frames"].get(clip.id, 0)  # type: ignore[no-any-return]

    @extend_schema_field(JobSerializer(allow_null=True))
    def get_job(self, clip: Clip) -> dict[str, Any] | None:
        job = self.context["jobs"].get(clip.id)
        return dict(JobSerializer(job).data) if job else None


class FrameSerializer(serializers.ModelSerializer[Frame]):
    boxes = serializers.IntegerField(source="open_boxes", help_text="Boxes that wait for a decision.")
    total_boxes = serializers.IntegerField()

    class Meta:
        model = Frame
        fields = [
            "id",
            "drive",
            "clip",
            "index",
            "time_ms",
            "name",
            "width",
            "height",
            "state",
            "risk",
            "version",
            "boxes",
            "total_boxes",
        ]
