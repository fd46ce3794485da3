"""Models that label: what they are, and by which weights exactly."""

from django.db import models

from webapp.accounts.models import Workspace
from webapp.core.models import TimestampedModel


class ModelVersion(TimestampedModel):
    """One set of weights a workspace labels with. `ref` says how to load it, `sha256` which bytes it was.

    `ref` is `bundled:<name>`, `yolox-onnx:<file>`, a local folder, or a hub id. The hash is empty until a worker has loaded the weights.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="model_versions")
    name = models.CharField(max_length=120)
    ref = models.CharField(max_length=500)
    family = models.CharField(max_length=40, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    notes = models.TextField(blank=True)
    metrics = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "ref", "sha256"], name="one_version_a_ref_and_hash"),
        ]

    def __str__(self) -> str:
        return self.name
