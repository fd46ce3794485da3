"""Models that label: what they are, by which weights exactly, where they came from, how good they are, and which one serves."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from webapp.accounts.models import Workspace
from webapp.core.models import TimestampedModel


class ModelVersion(TimestampedModel):
    """One set of weights a workspace labels with. `ref` says how to load it, `sha256` which bytes it was.

    `ref` is `bundled:<name>`, `yolox-onnx:<file>`, a local folder, a hub id, or `stored:<archive key>` for a model that was trained here. The
    hash is empty until a worker has loaded the weights.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="model_versions")
    name = models.CharField(max_length=120)
    ref = models.CharField(max_length=500)
    family = models.CharField(max_length=40, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    notes = models.TextField(blank=True)
    metrics = models.JSONField(default=dict, blank=True)
    parameters = models.PositiveBigIntegerField(null=True, blank=True)
    archive_key = models.CharField(max_length=200, blank=True, help_text="The model folder as a zip in the store.")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", help_text="Trained from it."
    )
    dataset_version = models.ForeignKey(
        "datasets.DatasetVersion",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="trained_models",
        help_text="Trained on it.",
    )
    method = models.CharField(max_length=60, blank=True)
    code_version = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "ref", "sha256"], name="one_version_a_ref_and_hash"),
        ]

    def __str__(self) -> str:
        return self.name


class Promotion(models.Model):
    """Who made a model the workspace's serving one, when and why. The current one is what pre-labelling starts from."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="promotions")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="promotions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    current = models.BooleanField(default=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["workspace"], condition=Q(current=True), name="one_serving_model"),
        ]

    def __str__(self) -> str:
        return f"{self.model_version} serves {self.workspace}"


class Evaluation(TimestampedModel):
    """How good a model is on a split of a frozen version. Figures and report come when its job has ended."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="evaluations")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="evaluations")
    dataset_version = models.ForeignKey("datasets.DatasetVersion", on_delete=models.PROTECT, related_name="evaluations")
    split = models.CharField(max_length=20, blank=True, help_text="Empty for all of them.")
    slice_name = models.CharField(max_length=120, blank=True, help_text="The saved question that chose its frames.")
    asked = models.JSONField(default=dict, blank=True, help_text="That question; empty for the whole split.")
    job = models.ForeignKey("jobs.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    figures = models.JSONField(null=True, blank=True)
    report_key = models.CharField(max_length=200, blank=True)
    results_key = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.model_version} on {self.dataset_version}"
