"""The job ledger: the truth about every long task. The broker is only a doorbell."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from webapp.accounts.models import Workspace
from webapp.core.models import TimestampedModel


class Job(TimestampedModel):
    """A long task.

    queued -> running -> succeeded | failed | cancelled;  running -> queued (its worker died, or a retry)
    A running job lives by its lease: the worker's heartbeat renews it, and a job whose lease has passed is queued again
    with its `checkpoint`, from which the task goes on.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        SUCCEEDED = "succeeded"
        FAILED = "failed"
        CANCELLED = "cancelled"

    class Kind(models.TextChoices):
        """The value is the task's file name in `workers/tasks/`."""

        EXTRACT_FRAMES = "extract_frames"
        PRELABEL_FRAMES = "prelabel_frames"
        FREEZE_VERSION = "freeze_version"
        EXPORT_VERSION = "export_version"
        TRAIN_MODEL = "train_model"
        ESTIMATE_RUN = "estimate_run"
        EVALUATE_MODEL = "evaluate_model"
        COMPARE_EVALUATIONS = "compare_evaluations"
        PREDICT_FRAMES = "predict_frames"
        FIT_RISK = "fit_risk"
        SCORE_RISK = "score_risk"
        AUTO_ACCEPT = "auto_accept"
        SIMULATE_DEVICE = "simulate_device"
        SURVEY_LABELS = "survey_labels"
        IMPORT_LABELS = "import_labels"
        EXPORT_LABELS = "export_labels"
        SEND_WEBHOOKS = "send_webhooks"
        REMOVE_FOOTAGE = "remove_footage"
        CHANGE_TAXONOMY = "change_taxonomy"
        SEND_DIGEST = "send_digest"
        INDEX_FEATURES = "index_features"
        EXPORT_MODEL = "export_model"
        FILL_SIGHTINGS = "fill_sightings"
        LOOK_AT_FRAME = "look_at_frame"

    FINISHED_STATES = (State.SUCCEEDED, State.FAILED, State.CANCELLED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=30, choices=Kind)
    params = models.JSONField(default=dict)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children")
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=120, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)
    checkpoint = models.JSONField(default=dict, blank=True, help_text="Where a resumed attempt goes on.")
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    rate = models.FloatField(null=True, blank=True, help_text="Units a second, lately.")
    result = models.JSONField(null=True, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_detail = models.TextField(blank=True)
    error_hint = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "-created_at"], name="job_recent"),
            models.Index(fields=["state", "lease_expires_at"], name="job_lease"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_expires_at__isnull=False), name="running_job_has_lease"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def seconds_left(self) -> float | None:
        """Estimated from the recent rate; None when it cannot be known."""
        if not self.rate or self.total is None or self.state != self.State.RUNNING:
            return None
        return max(0.0, (self.total - self.done) / self.rate)


class JobLog(models.Model):
    """One line of a job's log."""

    class Level(models.TextChoices):
        INFO = "info"
        WARNING = "warning"
        ERROR = "error"

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="logs")
    level = models.CharField(max_length=8, choices=Level, default=Level.INFO)
    message = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.message
