"""Certificates of automatic acceptance: which labels of a drive may be accepted unseen, and by what promise."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from webapp.audit.models import AuditSample
from webapp.core.models import TimestampedModel
from webapp.footage.models import Drive
from webapp.jobs.models import Job


class Certificate(TimestampedModel):
    """At most `alpha` of each slice's labels are wrong, at confidence 1 - delta for each: on -> off (by drift) -> undone; on -> undone.

    It is about the labels that its sample was drawn from. A box that it accepted names it; a person who changes the box takes it over.
    """

    class State(models.TextChoices):
        ON = "on"
        OFF = "off"
        UNDONE = "undone"

    drive = models.ForeignKey(Drive, on_delete=models.CASCADE, related_name="certificates")
    sample = models.ForeignKey(AuditSample, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=6, choices=State, default=State.ON)
    alpha = models.FloatField()
    delta = models.FloatField()
    slices = models.JSONField(help_text="[{category, name, threshold, share, seen, wrong}]")
    accepted = models.PositiveIntegerField(default=0)
    off_reason = models.CharField(max_length=20, blank=True)
    off_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["drive"], condition=~Q(state="undone"), name="one_standing_certificate_a_drive"
            ),
            models.CheckConstraint(
                condition=Q(alpha__gt=0, alpha__lte=0.2, delta__gt=0, delta__lte=0.2), name="certificate_promises"
            ),
        ]

    def __str__(self) -> str:
        return f"certificate {self.pk} of drive {self.drive_id}"

    @property
    def device(self) -> str:
        """How its events say by whom they are."""
        return f"auto:{self.pk}"
