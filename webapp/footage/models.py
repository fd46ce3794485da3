"""Footage: drives, the files uploaded to them, and the stills cut from those."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from webapp.accounts.models import Workspace
from webapp.core.models import TimestampedModel
from webapp.registry.models import ModelVersion
from webapp.taxonomy.models import Taxonomy


class Drive(TimestampedModel):
    """One recorded journey of one vehicle and camera.

    The state is the sum of its clips: empty -> ingesting -> ready; `failed` when every clip failed.
    """

    class State(models.TextChoices):
        EMPTY = "empty"
        INGESTING = "ingesting"
        READY = "ready"
        FAILED = "failed"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="drives")
    taxonomy = models.ForeignKey(Taxonomy, on_delete=models.PROTECT, related_name="drives")
    name = models.CharField(max_length=160)
    state = models.CharField(max_length=12, choices=State, default=State.EMPTY)
    vehicle = models.CharField(max_length=80, blank=True)
    camera = models.CharField(max_length=80, blank=True)
    captured_at = models.DateTimeField(null=True, blank=True)
    place = models.CharField(max_length=160, blank=True)
    time_of_day = models.CharField(max_length=20, blank=True)
    weather = models.CharField(max_length=20, blank=True)
    consent_note = models.TextField(blank=True)
    # Whose pre-labels the desk shows and the queue ranks; other models' boxes stay for comparison and evaluation.
    label_model = models.ForeignKey(
        ModelVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="drives_labelled"
    )
    # One of the two: frames a second, or every n-th frame.
    sample_fps = models.FloatField(null=True, blank=True, default=2.0)
    sample_every = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_drive_a_name"),
            models.CheckConstraint(
                # A comparison with NULL is unknown, and a check lets the unknown pass: say both.
                condition=Q(sample_fps__isnull=False, sample_fps__gt=0, sample_every__isnull=True)
                | Q(sample_fps__isnull=True, sample_every__isnull=False, sample_every__gt=0),
                name="drive_samples_by_fps_or_every_nth",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """A resumable upload (tus 1.0): the bytes lie in `UPLOADS_ROOT/<id>` until they are complete and checked.

    open -> complete | terminated | expired
    """

    class State(models.TextChoices):
        OPEN = "open"
        COMPLETE = "complete"
        TERMINATED = "terminated"
        EXPIRED = "expired"

    class Purpose(models.TextChoices):
        FOOTAGE = "footage"
        LABELS = "labels"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    drive = models.ForeignKey(Drive, on_delete=models.CASCADE, related_name="uploads")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=255)
    size = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, help_text="Stated by the sender; checked when complete.")
    purpose = models.CharField(max_length=8, choices=Purpose, default=Purpose.FOOTAGE)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(offset__gte=0, offset__lte=F("size")), name="upload_offset_within_size")
        ]

    def __str__(self) -> str:
        return self.filename


class Clip(TimestampedModel):
    """An uploaded file: a video, a still, or a zip of stills.

    uploaded -> ingesting -> ready | failed;  uploaded -> duplicate (the same bytes are in the drive already)
    A failed clip names its error and has no frames. `problems` lists a zip's members that were refused.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded"
        INGESTING = "ingesting"
        READY = "ready"
        FAILED = "failed"
        DUPLICATE = "duplicate"

    class Kind(models.TextChoices):
        VIDEO = "video"
        IMAGE = "image"
        ARCHIVE = "archive"
        UNKNOWN = "unknown"

    drive = models.ForeignKey(Drive, on_delete=models.CASCADE, related_name="clips")
    upload = models.OneToOneField(Upload, null=True, on_delete=models.SET_NULL, related_name="clip")
    filename = models.CharField(max_length=255)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.UNKNOWN)
    state = models.CharField(max_length=12, choices=State, default=State.UPLOADED)
    key = models.CharField(max_length=200, help_text="Where the original lies in the store.")
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    duplicate_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    error_code = models.CharField(max_length=60, blank=True)
    error_detail = models.TextField(blank=True)
    problems = models.JSONField(default=list, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    fps = models.FloatField(null=True)
    duration_ms = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["drive", "sha256"],
                condition=~Q(state__in=["duplicate", "failed"]),
                name="one_clip_a_drive_and_content",
            )
        ]

    def __str__(self) -> str:
        return self.filename


# What the audit queue holds, written as the condition of its index: SQLite knows a partial index again by its words alone.
OPEN = Q(state="prelabelled") | Q(state="in_audit") | Q(state="reopened")


class Frame(TimestampedModel):
    """A still of a drive, upright, with its own content hash.

    new -> prelabelled -> in_audit -> audited -> (reopened);  any -> excluded
    `version` grows with every change of the frame or its boxes: optimistic locking. `risk` is the image risk of its open boxes.
    """

    class State(models.TextChoices):
        NEW = "new"
        PRELABELLED = "prelabelled"
        IN_AUDIT = "in_audit"
        AUDITED = "audited"
        REOPENED = "reopened"
        EXCLUDED = "excluded"

    # What the audit queue holds. A new frame is none of it: a model may still come first. Who asks for new ones gets them, to draw from nothing.
    OPEN_STATES = (State.PRELABELLED, State.IN_AUDIT, State.REOPENED)
    CLAIMABLE_STATES = (State.NEW, *OPEN_STATES)

    # Without indexes of their own: those below begin with them, and each one costs an import and every change of a state.
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="frames", db_index=False)
    drive = models.ForeignKey(Drive, on_delete=models.CASCADE, related_name="frames", db_index=False)
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="frames", db_index=False)
    index = models.PositiveIntegerField(help_text="Number of the source frame within the clip.")
    time_ms = models.FloatField(help_text="Presentation time within the clip.")
    name = models.CharField(max_length=300, help_text="File name in exports; unique in its drive.")
    sha256 = models.CharField(max_length=64)
    phash = models.BigIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    image_key = models.CharField(max_length=200)
    thumbnail_key = models.CharField(max_length=200)
    scene = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.NEW)
    risk = models.FloatField(default=0.0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clip", "index"], name="one_frame_a_clip_index"),
            models.UniqueConstraint(fields=["drive", "name"], name="one_frame_a_drive_name"),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="frame_has_area"),
            models.CheckConstraint(condition=Q(risk__gte=0, risk__lte=1), name="frame_risk_in_unit_range"),
        ]
        indexes = [
            models.Index(fields=["drive", "clip", "index"], name="frame_order"),
            models.Index(fields=["workspace", "state", "-risk", "id"], name="frame_queue"),
            models.Index(fields=["drive", "state", "-risk", "id"], name="frame_drive_queue"),
            # A claim takes the riskiest of all open states: the first entry.
            models.Index(fields=["workspace", "-risk", "id"], condition=OPEN, name="frame_open"),
            models.Index(fields=["drive", "-risk", "id"], condition=OPEN, name="frame_drive_open"),
            models.Index(fields=["workspace", "-risk", "-id"], name="frame_by_risk"),
            # A frame of a version or of another drive, found again by its bytes.
            models.Index(fields=["workspace", "sha256"], name="frame_content"),
        ]

    def __str__(self) -> str:
        return self.name
