"""The fleet on the wire, for people."""

from typing import Any, cast

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webapp.accounts.models import Workspace
from webapp.accounts.rights import FLEET_WRITE
from webapp.accounts.selectors import limits_of
from webapp.core.fields import FiniteField, IdField
from webapp.fleet.models import Alarm, Command, Device, Release, Rollout, Sighting, TriggerCampaign, Uplink
from webapp.fleet.selectors import presence_of, progress_of, warnings_of

# What a person orders of one device; campaigns go to all, and the camera is noted too.
ORDERS = [
    (kind, kind) for kind in Command.Kind.values if kind not in (Command.Kind.SET_CAMPAIGNS, Command.Kind.SET_CAMERA)
]


class DeviceSerializer(serializers.ModelSerializer[Device]):
    presence = serializers.SerializerMethodField()
    warnings = serializers.SerializerMethodField()
    alarms_today = serializers.IntegerField(read_only=True, default=0)
    uplinks_today = serializers.IntegerField(read_only=True, default=0)

    class Meta:
        model = Device
        fields = [
            "id", "name", "vehicle", "agent_version", "model_version", "last_seen_at", "clock_ahead_ms", "lat", "lon",
            "health", "camera", "presence", "warnings", "alarms_today", "uplinks_today", "created_at",
        ]  # fmt: skip

    def to_representation(self, device: Device) -> dict[str, Any]:
        """Where a vehicle is, is where somebody is: who does not run the fleet sees it about so."""
        row: dict[str, Any] = super().to_representation(device)
        view = self.context.get("view")
        if view is not None and FLEET_WRITE not in view.granted and row["lat"] is not None:
            digits = self._digits(view.workspace)
            row |= {"lat": round(row["lat"], digits), "lon": round(row["lon"], digits)}
        return row

    def _digits(self, workspace: Workspace) -> int:
        """Asked once a list."""
        known = cast("dict[str, int]", self.context)
        if "gps_decimals" not in known:
            known["gps_decimals"] = limits_of(workspace).gps_decimals
        return known["gps_decimals"]

    @extend_schema_field(serializers.ChoiceField(choices=["online", "offline", "silent", "never"]))
    def get_presence(self, device: Device) -> str:
        return presence_of(device)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_warnings(self, device: Device) -> list[str]:
        return warnings_of(device)


class DeviceWriteSerializer(serializers.Serializer[Any]):
    name = serializers.SlugField(max_length=60)
    vehicle = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)


class CameraSerializer(serializers.Serializer[Any]):
    """How a camera is built in; `focal_px` and `horizon_px` belong to pictures of `width` x `height`. Pitch is downward."""

    width = serializers.IntegerField(min_value=64, max_value=20_000)
    height = serializers.IntegerField(min_value=64, max_value=20_000)
    focal_px = FiniteField(min_value=50, max_value=50_000)
    height_m = FiniteField(min_value=0.3, max_value=5)
    pitch_deg = FiniteField(min_value=-20, max_value=20, default=0.0)
    horizon_px = FiniteField(required=False, allow_null=True, min_value=-5_000, max_value=20_000)


class DeviceTokenSerializer(serializers.Serializer[Any]):
    device = DeviceSerializer()
    token = serializers.CharField(help_text="Shown this once.")


class RevokedSerializer(serializers.Serializer[Any]):
    revoked = serializers.IntegerField()


class EvidenceSerializer(serializers.Serializer[Any]):
    frame = serializers.IntegerField()
    at = serializers.DateTimeField()


class AlarmSerializer(serializers.ModelSerializer[Alarm]):
    device_name = serializers.CharField(source="device.name")
    evidence = serializers.SerializerMethodField()

    class Meta:
        model = Alarm
        fields = [
            "id", "device", "device_name", "source", "kind", "side", "level", "at", "gap_m", "seconds", "speed_kmh",
            "verdict", "reason", "received_at", "evidence",
        ]  # fmt: skip

    @extend_schema_field(EvidenceSerializer(many=True))
    def get_evidence(self, alarm: Alarm) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.context.get("evidence", {}).get(alarm.key, [])
        return found


class UplinkSerializer(serializers.ModelSerializer[Uplink]):
    device_name = serializers.CharField(source="device.name")
    late = serializers.SerializerMethodField()
    risk = serializers.FloatField(source="frame.risk")

    class Meta:
        model = Uplink
        fields = [
            "id", "device", "device_name", "state", "trigger", "campaign", "at", "size", "frame", "received_at",
            "due_at", "labelled_at", "late", "risk", "body",
        ]  # fmt: skip

    def get_late(self, uplink: Uplink) -> bool:
        return bool(uplink.due_at and (uplink.labelled_at or timezone.now()) > uplink.due_at)


class SightingSerializer(serializers.ModelSerializer[Sighting]):
    """In a list, without its frames."""

    device_name = serializers.CharField(source="device.name")
    seen = serializers.SerializerMethodField()

    class Meta:
        model = Sighting
        fields = ["id", "device", "device_name", "at", "ends_at", "seen", "counts", "received_at", "filled_at"]

    def get_seen(self, sighting: Sighting) -> int:
        return len(sighting.frames)


class SightingDetailSerializer(SightingSerializer):
    class Meta(SightingSerializer.Meta):
        fields = [*SightingSerializer.Meta.fields, "width", "height", "frames", "filled", "states"]


class CommandSerializer(serializers.ModelSerializer[Command]):
    device_name = serializers.CharField(source="device.name")
    by = serializers.CharField(source="created_by.name", default="")

    class Meta:
        model = Command
        fields = [
            "id", "device", "device_name", "kind", "args", "state", "result", "by", "issued_at", "expires_at",
            "delivered_at", "ended_at", "deliveries", "rollout",
        ]  # fmt: skip


class CommandWriteSerializer(serializers.Serializer[Any]):
    """Campaigns, installs and rollbacks of a rollout are ordered by their own pages."""

    kind = serializers.ChoiceField(choices=ORDERS)
    args = serializers.DictField(required=False, default=dict)
    hours = FiniteField(required=False, default=24.0, min_value=0.01, max_value=720)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["kind"] == "install_release" and not isinstance(attrs["args"].get("release"), int):
            raise serializers.ValidationError({"args": "Name the release by its id."})
        return attrs


class FleetOrderSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=[Command.Kind.SET_THRESHOLDS, Command.Kind.SET_BUDGET])
    args = serializers.DictField()


class OrderedSerializer(serializers.Serializer[Any]):
    devices = serializers.IntegerField()


class CampaignSerializer(serializers.ModelSerializer[TriggerCampaign]):
    brought = serializers.IntegerField(read_only=True, default=0)
    brought_today = serializers.IntegerField(read_only=True, default=0)

    class Meta:
        model = TriggerCampaign
        fields = ["id", "text", "rule", "state", "brought", "brought_today", "created_at"]


class CampaignWriteSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=300)


class CampaignMoveSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=TriggerCampaign.State.choices)


class ReleaseSerializer(serializers.ModelSerializer[Release]):
    class Meta:
        model = Release
        fields = ["id", "version", "filename", "sha256", "size", "notes", "created_at"]


class ReleaseWriteSerializer(serializers.Serializer[Any]):
    version = serializers.CharField(max_length=60)
    notes = serializers.CharField(required=False, default="", allow_blank=True, max_length=2000)
    file = serializers.FileField()


class RolloutProgressSerializer(serializers.Serializer[Any]):
    ordered = serializers.IntegerField()
    installed = serializers.IntegerField()
    failed = serializers.IntegerField()
    waiting = serializers.IntegerField()


class RolloutSerializer(serializers.ModelSerializer[Rollout]):
    version = serializers.CharField(source="release.version")
    progress = serializers.SerializerMethodField()

    class Meta:
        model = Rollout
        fields = [
            "id", "release", "version", "state", "canary_share", "soak_minutes", "max_rise", "reason", "progress",
            "created_at", "ended_at",
        ]  # fmt: skip

    @extend_schema_field(RolloutProgressSerializer)
    def get_progress(self, rollout: Rollout) -> dict[str, int]:
        return progress_of(rollout)


class RolloutWriteSerializer(serializers.Serializer[Any]):
    release = IdField()
    canary_share = FiniteField(required=False, default=0.1, min_value=0.01, max_value=1)
    soak_minutes = serializers.IntegerField(required=False, default=30, min_value=0, max_value=10_080)
    max_rise = FiniteField(required=False, default=0.5, min_value=0, max_value=10)


class SimulationWriteSerializer(serializers.Serializer[Any]):
    """Run the agent on a drive of the store."""

    drive = IdField()
    model = serializers.CharField(
        required=False, help_text="A model's id or reference; the serving model unless given."
    )
    speed_kmh = FiniteField(required=False, default=50.0, min_value=0, max_value=250)
