"""Labels: boxes, the tracks that tie them over time, and the append-only history that they are a projection of."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from webapp.core.models import TimestampedModel
from webapp.footage.models import Drive, Frame
from webapp.registry.models import ModelVersion
from webapp.taxonomy.models import Category


class LabelManager(models.Manager[models.Model]):
    """Without the rows of blind trials. As the first manager of its models it also serves `frame.boxes` and the like."""

    def get_queryset(self) -> models.QuerySet[models.Model]:
        return super().get_queryset().filter(trial__isnull=True)


class Track(models.Model):
    """The same object over the frames of a drive."""

    drive = models.ForeignKey(Drive, on_delete=models.CASCADE, related_name="tracks")
    model_version = models.ForeignKey(ModelVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drive", "model_version", "number"], name="one_model_track_a_number"),
            models.UniqueConstraint(
                fields=["drive", "number"], condition=Q(model_version__isnull=True), name="one_human_track_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"track {self.number}"


class Box(TimestampedModel):
    """One label: COCO `[x, y, width, height]` in absolute pixels of the original frame, inside it.

    pending -> accepted | edited | rejected;  missed_candidate -> accepted | edited | dismissed
    Boxes that a person touched are never deleted: a rejected box is the record of a decision. A crowd box without category is an ignore region of
    every category. `frame_width` and `frame_height` repeat the frame's so that the database itself can hold the box inside.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        ACCEPTED = "accepted"
        EDITED = "edited"
        REJECTED = "rejected"
        MISSED_CANDIDATE = "missed_candidate"
        DISMISSED = "dismissed"

    class Source(models.TextChoices):
        PSEUDO = "pseudo"
        HUMAN = "human"
        IMPORTED = "imported"

    OPEN_STATES = (State.PENDING, State.MISSED_CANDIDATE)
    EDGE_TOLERANCE_PX = 1e-3  # x + width of an exact edge may round past it

    # Without indexes of their own: those below begin with frame and with category, and each one costs an import.
    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="boxes", db_index=False)
    # The page and offline scripts name a new box themselves, so that a repeated request makes one box.
    client_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    x = models.FloatField()
    y = models.FloatField()
    width = models.FloatField()
    height = models.FloatField()
    frame_width = models.PositiveIntegerField(editable=False)
    frame_height = models.PositiveIntegerField(editable=False)
    source = models.CharField(max_length=8, choices=Source)
    state = models.CharField(max_length=16, choices=State, default=State.PENDING)
    model_version = models.ForeignKey(
        ModelVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="boxes", db_index=False
    )
    index = models.PositiveIntegerField(
        null=True, blank=True, help_text="Position among the model's boxes of the frame."
    )
    score = models.FloatField(null=True, blank=True)
    probs = models.JSONField(default=dict, blank=True, help_text="Category name -> probability.")
    risk = models.FloatField(null=True, blank=True)
    severity = models.FloatField(default=1.0)
    signals = models.JSONField(default=list, blank=True, help_text="[{name, value, sentence}]")
    evidence = models.JSONField(default=dict, blank=True, help_text="What second looks of the model measured, by look.")
    risk_model = models.ForeignKey(
        "risk.RiskModel",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        help_text="The fitted risk that judged it; empty for the weights of the first day.",
    )
    track = models.ForeignKey(
        Track, null=True, blank=True, on_delete=models.SET_NULL, related_name="boxes", db_index=False
    )
    occluded = models.BooleanField(default=False)
    truncated = models.BooleanField(default=False)
    crowd = models.BooleanField(default=False)
    cipo = models.BooleanField(default=False, help_text="Closest in-path object.")
    unsure = models.BooleanField(default=False, help_text="Whoever decided asks for a second opinion.")
    # Of a blind trial: what one person is shown in place of the frame's labels. No label of the product.
    trial = models.ForeignKey(
        "blind.BlindTrial", null=True, blank=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )

    certificate = models.ForeignKey(
        "autoaccept.Certificate",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        help_text="What accepted it without a person; of an edited or rejected box, what had.",
    )

    objects: ClassVar[models.Manager["Box"]] = LabelManager()  # type: ignore[assignment]
    rows: ClassVar[models.Manager["Box"]] = models.Manager()

    class Meta:
        verbose_name_plural = "boxes"
        constraints = [
            models.UniqueConstraint(
                fields=["frame", "model_version", "index"],
                condition=Q(index__isnull=False),
                name="one_box_a_model_index",
            ),
            # The upper ends also keep NaN out, which PostgreSQL takes for larger than any number. Each sum has a float in it: a whole number and 0.001
            # are a numeric there, which costs a row six times as much.
            models.CheckConstraint(
                condition=Q(
                    width__gt=0,
                    height__gt=0,
                    frame_width__gte=F("width") - 1e-3,
                    frame_height__gte=F("height") - 1e-3,
                ),
                name="box_has_area",
            ),
            models.CheckConstraint(
                condition=Q(
                    x__gte=0,
                    y__gte=0,
                    x__lte=F("frame_width") - F("width") + 1e-3,
                    y__lte=F("frame_height") - F("height") + 1e-3,
                ),
                name="box_inside_frame",
            ),
            models.CheckConstraint(
                condition=Q(category__isnull=False) | Q(crowd=True), name="box_has_category_or_crowd"
            ),
            models.CheckConstraint(
                condition=Q(risk__isnull=True) | Q(risk__gte=0, risk__lte=1), name="box_risk_in_unit_range"
            ),
            models.CheckConstraint(condition=Q(severity__gte=1, severity__lte=10), name="box_severity_in_range"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=1), name="box_score_in_unit_range"
            ),
        ]
        indexes = [
            # Category before state: "has this frame a truck" looks at one row and not at all of the frame's.
            models.Index(fields=["frame", "category", "state"], name="box_frame_category"),
            # A category's riskiest boxes, whatever frames they are in.
            models.Index(fields=["category", "state", "-risk", "-id"], name="box_category_risk"),
            # Partial: SQLite would take a whole one to find all rows that have no trial.
            models.Index(fields=["trial"], condition=Q(trial__isnull=False), name="box_trial"),
            models.Index(fields=["frame"], condition=Q(unsure=True), name="box_unsure"),
            models.Index(fields=["certificate"], condition=Q(certificate__isnull=False), name="box_certificate"),
            # Partial: what came from files has none of these, and an import pays for no entry.
            models.Index(fields=["model_version"], condition=Q(model_version__isnull=False), name="box_model"),
            models.Index(fields=["track"], condition=Q(track__isnull=False), name="box_track"),
            models.Index(fields=["risk_model"], condition=Q(risk_model__isnull=False), name="box_risk_model"),
        ]

    def __str__(self) -> str:
        return f"box {self.pk}"

    @property
    def unseen(self) -> bool:
        """Accepted by a certificate, and nobody changed it since."""
        return self.certificate_id is not None and self.state == self.State.ACCEPTED


class BoxEvent(models.Model):
    """One change of one box, or of a frame as a whole (`box` is null), never altered.

    Events of one decision over many frames share a `group`, the client's id of that decision; a `tracked` event holds the track alone.
    `client_id` makes a repeated request a no-op; undo is an event of its own, and names the event that it takes back.
    """

    class Kind(models.TextChoices):
        PROPOSED = "proposed"
        IMPORTED = "imported"
        CREATED = "created"
        ACCEPTED = "accepted"
        REJECTED = "rejected"
        DISMISSED = "dismissed"
        RELABELLED = "relabelled"
        RESHAPED = "reshaped"
        FLAGGED = "flagged"
        RESTORED = "restored"
        UNSURE = "unsure"
        UNDONE = "undone"
        TRACKED = "tracked"
        FINISHED = "finished"
        REOPENED = "reopened"

    box = models.ForeignKey(Box, null=True, blank=True, on_delete=models.CASCADE, related_name="events")
    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="events", db_index=False)
    client_id = models.UUIDField(null=True, blank=True)
    group = models.UUIDField(null=True, blank=True)
    kind = models.CharField(max_length=12, choices=Kind)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    seconds = models.FloatField(null=True, blank=True, help_text="Time spent by the person, idle excluded.")
    device = models.CharField(max_length=80, blank=True)
    gesture = models.UUIDField(null=True, blank=True, help_text="What one key did has one; it is undone together.")
    undo_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by", db_index=False
    )
    # A blind trial's proposals are dated as those that they stand for.
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    trial = models.ForeignKey(
        "blind.BlindTrial", null=True, blank=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )

    objects: ClassVar[models.Manager["BoxEvent"]] = LabelManager()  # type: ignore[assignment]
    rows: ClassVar[models.Manager["BoxEvent"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client_id"], condition=Q(client_id__isnull=False), name="one_event_a_client_id"
            ),
            models.UniqueConstraint(
                fields=["undo_of"], condition=Q(undo_of__isnull=False), name="one_undo_of_an_event"
            ),
        ]
        # Most events are of imports and models, with no person, request or group: partial, so that those cost no entry.
        indexes = [
            models.Index(fields=["frame", "id"], name="event_frame_order"),
            models.Index(fields=["actor"], condition=Q(actor__isnull=False), name="event_actor"),
            models.Index(fields=["group"], condition=Q(group__isnull=False), name="event_group"),
            models.Index(fields=["created_at"], condition=Q(actor__isnull=False), name="event_by_people"),
            models.Index(fields=["trial"], condition=Q(trial__isnull=False), name="event_trial"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of box {self.box_id}"
