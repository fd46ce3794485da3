"""The risk that was fitted on a workspace's audits, version by version."""

from django.db import models
from django.db.models import Q

from webapp.core.models import TimestampedModel
from webapp.jobs.models import Job
from webapp.registry.models import ModelVersion


class RiskModel(TimestampedModel):
    """P(a label of this model is wrong), as fitted on the audits of its labels. Never altered; a new fit is a new number.

    The current one judges new labels; of a fit that knows no more than the share of errors none becomes current. `reliability`
    is of labels that were held out.
    """

    model_version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="risk_models")
    number = models.PositiveIntegerField()
    parameters = models.JSONField(help_text="As ml.risk.calibrate.CalibratedRisk writes it.")
    labels = models.PositiveIntegerField()
    errors = models.PositiveIntegerField()
    held_out_by = models.CharField(max_length=10, help_text="drive, or stretch of a drive where there are few.")
    reliability = models.JSONField(help_text="Bins, ece, brier, brier_base.")
    ece = models.FloatField(help_text="Expected calibration error on held-out labels.")
    current = models.BooleanField(default=False)
    job = models.OneToOneField(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["model_version", "number"], name="one_risk_model_a_number"),
            models.UniqueConstraint(
                fields=["model_version"], condition=Q(current=True), name="one_current_risk_of_a_model"
            ),
        ]

    def __str__(self) -> str:
        return f"risk {self.number} of {self.model_version}"
