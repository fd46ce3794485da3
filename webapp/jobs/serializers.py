"""Jobs on the wire."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ml.schemas import LOOKS
from webapp.core.fields import IdField
from webapp.jobs.models import Job, JobLog


class JobErrorSerializer(serializers.Serializer[dict[str, str]]):
    code = serializers.CharField()
    detail = serializers.CharField()
    hint = serializers.CharField(allow_blank=True)


class JobSerializer(serializers.ModelSerializer[Job]):
    seconds_left = serializers.FloatField(allow_null=True, read_only=True)
    error = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = [
            "id",
            "kind",
            "title",
            "state",
            "done",
            "total",
            "unit",
            "rate",
            "seconds_left",
            "attempts",
            "cancel_requested",
            "params",
            "result",
            "error",
            "parent",
            "worker",
            "created_at",
            "started_at",
            "finished_at",
        ]
        read_only_fields = fields

    @extend_schema_field(JobErrorSerializer(allow_null=True))
    def get_error(self, job: Job) -> dict[str, str] | None:
        if not job.error_code:
            return None
        return {"code": job.error_code, "detail": job.error_detail, "hint": job.error_hint}


class JobLogSerializer(serializers.ModelSerializer[JobLog]):
    class Meta:
        model = JobLog
        fields = ["id", "level", "message", "at"]


class JobLogsSerializer(serializers.Serializer[dict[str, Any]]):
    """The first thousand lines."""

    results = JobLogSerializer(many=True)


class PrelabelParamsSerializer(serializers.Serializer[dict[str, Any]]):
    """`POST /jobs/` for `prelabel_frames`."""

    drive = serializers.IntegerField()
    model = serializers.CharField(
        required=False,
        help_text="A model's id, or a reference such as `bundled:gdino-nano`; the serving model unless given.",
    )
    score_threshold = serializers.FloatField(required=False, min_value=0, max_value=1)
    candidate_threshold = serializers.FloatField(required=False, min_value=0, max_value=1)
    nms_iou = serializers.FloatField(required=False, min_value=0, max_value=1)
    only_new = serializers.BooleanField(required=False, default=False)
    looks = serializers.ListField(
        child=serializers.ChoiceField(choices=list(LOOKS.items())),
        required=False,
        help_text="Second looks of the model at its own boxes, evidence for their risk. "
        + " ".join(f"`{name}`: {price}." for name, price in LOOKS.items()),
    )
    second_model = IdField(
        required=False,
        help_text="Whose boxes, which lie on the drive already, are the second opinion; the latest other model's unless given.",
    )


class JobRequestSerializer(serializers.Serializer[dict[str, Any]]):
    kind = serializers.ChoiceField(choices=[Job.Kind.PRELABEL_FRAMES])
    params = PrelabelParamsSerializer()
