"""The control room on the wire."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webapp.accounts.models import WorkspaceLimits
from webapp.accounts.serializers import PersonSerializer
from webapp.control.models import AdminAct, FootageRemoval, TaxonomyChange
from webapp.control.services import LIMITS
from webapp.core.fields import LARGEST_ID, FiniteField, IdField
from webapp.jobs.serializers import JobSerializer


class AdminActSerializer(serializers.ModelSerializer[AdminAct]):
    actor = PersonSerializer(allow_null=True)

    class Meta:
        model = AdminAct
        fields = ["id", "at", "act", "target", "actor", "before", "after"]


class LimitsSerializer(serializers.ModelSerializer[WorkspaceLimits]):
    max_store_bytes = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, allow_null=True, required=False)
    max_upload_bytes = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, allow_null=True, required=False)
    retention_days = serializers.IntegerField(min_value=1, max_value=36_500, allow_null=True, required=False)
    gps_decimals = serializers.IntegerField(min_value=0, max_value=6, required=False)

    audit_hour_cost = FiniteField(min_value=0, max_value=1_000_000, allow_null=True, required=False)

    class Meta:
        model = WorkspaceLimits
        fields = LIMITS


class StoredSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    bytes = serializers.IntegerField()
    about = serializers.BooleanField(help_text="Estimated from some of its files.")


class StoredDriveSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    bytes = serializers.IntegerField()
    clips = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class StorageSerializer(serializers.Serializer[Any]):
    kinds = StoredSerializer(many=True)
    drives = StoredDriveSerializer(many=True)
    disk_total = serializers.IntegerField(allow_null=True)
    disk_free = serializers.IntegerField(allow_null=True)


class MemberTokenSerializer(serializers.Serializer[Any]):
    """A member's token without its secret."""

    key = serializers.CharField(source="token_key")
    owner = PersonSerializer(source="user")
    created = serializers.DateTimeField()
    expiry = serializers.DateTimeField(allow_null=True)


class LiveDeviceTokenSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    device = serializers.CharField(source="device.name")
    created = serializers.DateTimeField(source="created_at")
    expiry = serializers.DateTimeField(source="expires_at", allow_null=True)


class AllTokensSerializer(serializers.Serializer[Any]):
    people = MemberTokenSerializer(many=True)
    devices = LiveDeviceTokenSerializer(many=True)


class RemovalProofSerializer(serializers.Serializer[Any]):
    """What was looked for again after the removal, and what of it was still there."""

    looked_for = serializers.IntegerField()
    still_stored = serializers.IntegerField()
    still_elsewhere = serializers.IntegerField()
    rows_left = serializers.IntegerField()
    gone = serializers.BooleanField()
    at = serializers.DateTimeField()
    beyond = serializers.ListField(child=serializers.CharField(), help_text="Where no server reaches.")


class RemovalReportSerializer(serializers.Serializer[Any]):
    copies = serializers.DictField(child=serializers.IntegerField())
    rows = serializers.DictField(child=serializers.IntegerField())
    bytes = serializers.IntegerField()
    dry_run = serializers.BooleanField()
    versions = serializers.ListField(child=serializers.CharField(), required=False)
    releases = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="To devices, which lose their file."
    )
    proof = RemovalProofSerializer(required=False)


class RemovalDriveSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class RemovalSerializer(serializers.ModelSerializer[FootageRemoval]):
    job = JobSerializer(allow_null=True)
    drive = RemovalDriveSerializer(allow_null=True)
    requested_by = PersonSerializer(allow_null=True)
    report = serializers.SerializerMethodField()

    class Meta:
        model = FootageRemoval
        fields = [
            "id",
            "why",
            "drive",
            "days",
            "note",
            "dry_run",
            "even_in_versions",
            "report",
            "job",
            "requested_by",
            "created_at",
        ]

    @extend_schema_field(RemovalReportSerializer(allow_null=True))
    def get_report(self, one: FootageRemoval) -> dict[str, Any] | None:
        return one.report


class RemovalWriteSerializer(serializers.Serializer[Any]):
    why = serializers.ChoiceField(FootageRemoval.Why.choices)
    drive = IdField(required=False, help_text="For a request.")
    days = serializers.IntegerField(required=False, min_value=1, max_value=36_500, help_text="For retention.")
    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=500)
    dry_run = serializers.BooleanField(required=False, default=True)
    even_in_versions = serializers.BooleanField(required=False, default=False)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        needed = "drive" if values["why"] == FootageRemoval.Why.REQUEST else "days"
        if needed not in values:
            raise serializers.ValidationError({needed: "Needed here."})
        return {name: value for name, value in values.items() if name not in {"drive", "days"} - {needed}}


class CategoryPartSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80)
    phrase = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class TaxonomyChangeWriteSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(TaxonomyChange.Kind.choices)
    category = IdField(help_text="Which is renamed or split, or which the others are merged into.")
    others = serializers.ListField(child=IdField(), required=False, default=list, max_length=100)
    name = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    phrase = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    parts = serializers.ListField(child=CategoryPartSerializer(), required=False, default=list, max_length=20)
    reopen = serializers.BooleanField(
        required=False, default=False, help_text="Of a split: audited frames with the category come to the queue again."
    )
    dry_run = serializers.BooleanField(required=False, default=True, help_text="The plan alone.")


class TaxonomyPlanSerializer(serializers.Serializer[Any]):
    """What a change would do; `blocked` says why it cannot be done now."""

    labels = serializers.IntegerField()
    labels_moved = serializers.IntegerField()
    frames_reopened = serializers.IntegerField()
    drives = serializers.IntegerField()
    versions = serializers.ListField(child=serializers.CharField(), help_text="Frozen: they keep their own names.")
    models = serializers.ListField(child=serializers.CharField(), help_text="Trained on those: they say the old names.")
    retired = serializers.ListField(child=serializers.CharField())
    blocked = serializers.ListField(child=serializers.CharField())


class TaxonomyChangeSerializer(serializers.ModelSerializer[TaxonomyChange]):
    plan = serializers.SerializerMethodField()
    asked_by = PersonSerializer()
    job = JobSerializer(allow_null=True)
    stopped = serializers.BooleanField(help_text="Its job was cancelled or failed on the way: it can be undone.")

    class Meta:
        model = TaxonomyChange
        fields = ["id", "kind", "what", "plan", "state", "stopped", "job", "asked_by", "created_at", "done_at"]

    @extend_schema_field(TaxonomyPlanSerializer)
    def get_plan(self, change: TaxonomyChange) -> dict[str, Any]:
        plan: dict[str, Any] = change.plan
        return plan


class PlannedChangeSerializer(serializers.Serializer[Any]):
    """The plan, and the change where it was asked for."""

    plan = TaxonomyPlanSerializer()
    change = TaxonomyChangeSerializer(allow_null=True)


class QueueSerializer(serializers.Serializer[Any]):
    queue = serializers.CharField()
    queued = serializers.IntegerField()
    running = serializers.IntegerField()
    oldest_s = serializers.FloatField(allow_null=True, help_text="How long the oldest waits since it was asked for.")


class WorkerSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    job = serializers.UUIDField()
    title = serializers.CharField()
    attempts = serializers.IntegerField()


class WorkersSerializer(serializers.Serializer[Any]):
    queues = QueueSerializer(many=True)
    workers = WorkerSerializer(many=True)
