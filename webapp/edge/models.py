"""Models packed for devices: what was asked for, what came of it, and what it is worth."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from webapp.accounts.models import Workspace
from webapp.core.models import TimestampedModel
from webapp.datasets.models import DatasetVersion
from webapp.footage.models import Frame
from webapp.jobs.models import Job
from webapp.registry.models import ModelVersion


class EdgeExport(TimestampedModel):
    """One zip that a device runs, or the reasons for which there is none.

    Its state is its job's. Without a dataset version it is calibrated and judged on rendered scenes. `report` comes with the zip, or with a refusal, and
    then says what would have been lost.
    """

    class Target(models.TextChoices):
        """What lies in the zip beside the network of 32 bits, its card, its report and its self-test."""

        ONNX = "onnx"
        INT8 = "int8"
        HORIZON = "horizon"
        OPENVINO = "openvino"
        BUNDLE = "bundle"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="edge_exports")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="edge_exports")
    dataset_version = models.ForeignKey(
        DatasetVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="edge_exports"
    )
    judge_split = models.CharField(max_length=20, blank=True, help_text="Empty: half of the drives.")
    target = models.CharField(max_length=10, choices=Target, default=Target.BUNDLE)
    width = models.PositiveIntegerField(
        null=True, blank=True, help_text="Of the input in px; as in training unless told."
    )
    height = models.PositiveIntegerField(null=True, blank=True)
    calibration = models.PositiveIntegerField(default=100, help_text="Frames to calibrate with.")
    slices = models.JSONField(default=list, help_text="They are drawn by turns from each of these.")
    most_lost = models.FloatField(default=0.01, help_text="AP, 0 to 1, that 8 bits may lose.")
    most_lost_category = models.FloatField(default=0.03, help_text="And any one category.")
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="edge_export")
    archive_key = models.CharField(max_length=200, blank=True, help_text="The zip in the store.")
    size = models.PositiveBigIntegerField(null=True, blank=True, help_text="Of the zip in bytes.")
    report = models.JSONField(null=True, blank=True)
    speed = models.JSONField(null=True, blank=True, help_text="Milliseconds on the worker's processor, by precision.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(archive_key="") | Q(report__isnull=False, size__isnull=False),
                name="edge_zip_has_its_report",
            ),
            models.CheckConstraint(
                condition=Q(width__isnull=True, height__isnull=True) | Q(width__isnull=False, height__isnull=False),
                name="edge_input_has_both_sides",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model_version} for devices"

    @property
    def sha256(self) -> str:
        """Of the zip; empty while there is none."""
        return self.archive_key.rpartition("/")[2].partition(".")[0]


class ModelLook(TimestampedModel):
    """What a model finds on one frame when somebody asks: to stand beside a device's network. Nothing of it becomes a label."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="+")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="+")
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="model_look")
    detections = models.JSONField(null=True, blank=True, help_text="Surest first; null until the job has ended.")
    milliseconds = models.FloatField(null=True, blank=True, help_text="Of the worker, loading excluded.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(detections__isnull=True, milliseconds__isnull=True)
                | Q(detections__isnull=False, milliseconds__isnull=False),
                name="look_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model_version} on {self.frame}"
