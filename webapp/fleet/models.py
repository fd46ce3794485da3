"""The fleet: devices on the road, what they send, and what they are told."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from webapp.accounts.models import Workspace
from webapp.core.models import TimestampedModel
from webapp.footage.models import Frame


class Device(TimestampedModel):
    """One agent in one vehicle. What it said last of itself is here; its past is in `Heartbeat`."""

    # Asked by DRF of whoever is authenticated.
    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="devices")
    name = models.SlugField(max_length=60, help_text="The first part of every key that it sends.")
    vehicle = models.CharField(max_length=80, blank=True)
    agent_version = models.CharField(max_length=40, blank=True)
    model_version = models.CharField(max_length=80, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    clock_ahead_ms = models.FloatField(default=0.0, help_text="The device's clock minus ours, when it last spoke.")
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    health = models.JSONField(default=dict, blank=True)
    camera = models.JSONField(
        default=dict, blank=True, help_text="How it is built in (ml/edge/mount.py); empty is the usual."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="one_device_a_name")]

    def __str__(self) -> str:
        return self.name


class DeviceToken(models.Model):
    """What a device proves itself with; only its hash is kept. A rotated one works on for a while beside its successor."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"token of {self.device}"


class Heartbeat(models.Model):
    """What a device said of itself; counters since its boot."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="heartbeats")
    at = models.DateTimeField(auto_now_add=True)
    boot = models.PositiveIntegerField(default=0)
    model_version = models.CharField(max_length=80, blank=True)
    frames = models.PositiveBigIntegerField(default=0)
    alarms = models.PositiveBigIntegerField(default=0)
    errors = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["device", "-at"], name="heartbeat_recent"),
            models.Index(fields=["at"], name="heartbeat_age"),
        ]

    def __str__(self) -> str:
        return f"{self.device} at {self.at}"


class TriggerCampaign(TimestampedModel):
    """What a lead wants brought: running -> paused | ended. `rule` is what `text` was read as."""

    class State(models.TextChoices):
        RUNNING = "running"
        PAUSED = "paused"
        ENDED = "ended"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="campaigns")
    text = models.CharField(max_length=300)
    rule = models.JSONField()
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.text


class Alarm(models.Model):
    """A danger, told by the device at once or found by the platform afterwards in a frame that came up.

    The verdict is the cloud model's, on the alarm's own frame: confirmed, or doubtful when it sees nothing in the path.
    """

    class Source(models.TextChoices):
        DEVICE = "device"
        PLATFORM = "platform"

    class Kind(models.TextChoices):
        FCW = "fcw"
        PCW = "pcw"
        HEADWAY = "headway"
        LDW = "ldw"

    class Side(models.TextChoices):
        LEFT = "left"
        RIGHT = "right"

    class Verdict(models.TextChoices):
        UNKNOWN = "unknown"
        CONFIRMED = "confirmed"
        DOUBTFUL = "doubtful"

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="alarms")
    key = models.CharField(max_length=160, unique=True)
    source = models.CharField(max_length=8, choices=Source, default=Source.DEVICE)
    kind = models.CharField(max_length=8, choices=Kind)
    side = models.CharField(max_length=5, choices=Side, blank=True, help_text="Of a lane departure.")
    level = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField(help_text="By our clock.")
    gap_m = models.FloatField(null=True, blank=True, help_text="To the object, or from the wheels to the line.")
    seconds = models.FloatField(null=True, blank=True, help_text="TTC, the headway, or until the line is reached.")
    speed_kmh = models.FloatField(null=True, blank=True)
    verdict = models.CharField(max_length=9, choices=Verdict, default=Verdict.UNKNOWN)
    reason = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["device", "-at"], name="alarm_recent")]
        constraints = [models.CheckConstraint(condition=Q(level__in=[1, 2]), name="alarm_level_1_or_2")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.device}"


class Uplink(models.Model):
    """A frame that a device sends, known by the device's own key: the same key twice is one row.

    open -> received -> labelled;  open -> expired | refused
    """

    class State(models.TextChoices):
        OPEN = "open"
        RECEIVED = "received"
        LABELLED = "labelled"
        EXPIRED = "expired"
        REFUSED = "refused"

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="uplinks")
    key = models.CharField(max_length=160, unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    trigger = models.CharField(max_length=40)
    alarm_key = models.CharField(
        max_length=160, blank=True, help_text="The alarm that it is evidence of; may come before it."
    )
    campaign = models.ForeignKey(
        TriggerCampaign, null=True, blank=True, on_delete=models.SET_NULL, related_name="uplinks"
    )
    at = models.DateTimeField(help_text="By our clock.")
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    offset = models.PositiveIntegerField(default=0)
    body = models.JSONField(default=dict)
    frame = models.OneToOneField(Frame, null=True, blank=True, on_delete=models.SET_NULL, related_name="uplink")
    created_at = models.DateTimeField(auto_now_add=True)
    received_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, help_text="When it should be labelled.")
    labelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["device", "-at"], name="uplink_recent"),
            models.Index(fields=["alarm_key"], name="uplink_evidence"),
            models.Index(fields=["state", "due_at"], name="uplink_due"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(offset__lte=F("size")), name="uplink_offset_within_size"),
            models.CheckConstraint(
                condition=~Q(state__in=["received", "labelled"]) | Q(received_at__isnull=False),
                name="received_uplink_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Sighting(models.Model):
    """Some seconds of what a device saw in frames that stayed with it, as numbers; `filled` is what their labelled neighbours make of them.

    `frames` are `{at_ms, speed_kmh, scene, boxes: [[category, score, x, y, width, height]]}` by our clock. `filled` has a list of
    `{category, score, box, origin, risk}` for each: pseudo-labels of frames whose pictures nobody here has.
    """

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="sightings")
    key = models.CharField(max_length=160, unique=True)
    at = models.DateTimeField(help_text="Of the first frame, by our clock.")
    ends_at = models.DateTimeField(help_text="Of the last.")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    frames = models.JSONField(default=list)
    filled = models.JSONField(default=list, blank=True)
    states = models.JSONField(
        default=list, blank=True, help_text="Of each filled frame: scene, closest in-path object, risk, doubt."
    )
    counts = models.JSONField(
        default=dict, blank=True, help_text="Boxes by origin, their mean risk, alarms, doubtful frames, pictures asked."
    )
    received_at = models.DateTimeField(auto_now_add=True)
    filled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["device", "-at"], name="sighting_recent"),
            models.Index(fields=["ends_at"], condition=Q(filled_at__isnull=True), name="sighting_waiting"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gte=F("at")), name="sighting_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.key


class Release(TimestampedModel):
    """A model for devices: a package or an ONNX file in the store."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="releases")
    version = models.CharField(max_length=60)
    filename = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    notes = models.TextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "version"], name="one_release_a_version")]

    def __str__(self) -> str:
        return self.version


class Rollout(TimestampedModel):
    """A release on its way to the devices, some first.

    canary -> rolling -> done;  canary | rolling -> rolled_back (the health gate, or a person)
    """

    class State(models.TextChoices):
        CANARY = "canary"
        ROLLING = "rolling"
        DONE = "done"
        ROLLED_BACK = "rolled_back"

    UNDER_WAY = (State.CANARY, State.ROLLING)

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="rollouts")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="rollouts")
    state = models.CharField(max_length=12, choices=State, default=State.CANARY)
    canary_share = models.FloatField(default=0.1)
    soak_minutes = models.PositiveIntegerField(default=30, help_text="How long the canaries must stay healthy.")
    max_rise = models.FloatField(default=0.5, help_text="How much alarms a frame may rise: 0.5 is half as many again.")
    reason = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"], condition=Q(state__in=["canary", "rolling"]), name="one_rollout_at_a_time"
            ),
            models.CheckConstraint(condition=Q(canary_share__gt=0, canary_share__lte=1), name="canary_share_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.release} to {self.workspace}"


class Command(models.Model):
    """An order to a device, run at most once.

    queued -> delivered -> running -> succeeded | failed | rejected;  queued | delivered -> expired | cancelled
    """

    class Kind(models.TextChoices):
        SET_THRESHOLDS = "set_thresholds"
        SET_BUDGET = "set_budget"
        SET_CAMPAIGNS = "set_campaigns"
        SET_CAMERA = "set_camera"
        REQUEST_CLIP = "request_clip"
        INSTALL_RELEASE = "install_release"
        ROLL_BACK = "roll_back"
        PING = "ping"

    class State(models.TextChoices):
        QUEUED = "queued"
        DELIVERED = "delivered"
        RUNNING = "running"
        SUCCEEDED = "succeeded"
        FAILED = "failed"
        REJECTED = "rejected"
        EXPIRED = "expired"
        CANCELLED = "cancelled"

    OPEN_STATES = (State.QUEUED, State.DELIVERED, State.RUNNING)
    # What a device may say, and from where: an end is an end.
    MOVES: ClassVar[dict[str, tuple[str, ...]]] = {
        State.RUNNING: (State.QUEUED, State.DELIVERED),
        State.SUCCEEDED: OPEN_STATES,
        State.FAILED: OPEN_STATES,
        State.REJECTED: OPEN_STATES,
        State.EXPIRED: OPEN_STATES,
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="commands")
    kind = models.CharField(max_length=20, choices=Kind)
    args = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    result = models.JSONField(default=dict, blank=True)
    rollout = models.ForeignKey(Rollout, null=True, blank=True, on_delete=models.CASCADE, related_name="commands")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    deliveries = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["device", "state", "issued_at"], name="command_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["rollout", "device", "kind"], name="one_order_a_rollout_and_device")
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.device}"
