"""Who audits which frame now, and which labels stand for all others of a drive."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from webapp.footage.models import Drive, Frame
from webapp.labels.models import Box


class Lease(models.Model):
    """A frame lent to one person for a while; renewed by heartbeat, returned by release or by time.

    At most one lease of a frame is open; a claim closes the expired one first.
    """

    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="leases")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="leases")
    claimed_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["frame"], condition=Q(released_at__isnull=True), name="one_active_lease_a_frame"
            )
        ]
        indexes = [models.Index(fields=["user", "released_at"], name="lease_user_open")]

    def __str__(self) -> str:
        return f"frame {self.frame_id} lent to {self.user_id}"


class AuditSample(models.Model):
    """A drive's labels drawn at random, all at once, before anybody looks: what was undecided then is what its bound is about.

    The current one is audited and bounds; earlier ones stay, since each that was drawn has spent some of the error that the drive is allowed.
    """

    drive = models.ForeignKey(Drive, on_delete=models.CASCADE, related_name="audit_samples")
    number = models.PositiveIntegerField()
    seed = models.PositiveBigIntegerField(help_text="With the labels that were undecided it gives the same draw again.")
    population = models.PositiveIntegerField(help_text="Labels that it was drawn from.")
    size = models.PositiveIntegerField()
    current = models.BooleanField(default=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drive", "number"], name="one_sample_a_number"),
            models.UniqueConstraint(fields=["drive"], condition=Q(current=True), name="one_current_sample_a_drive"),
        ]

    def __str__(self) -> str:
        return f"sample {self.number} of drive {self.drive_id}"


class DrawnLabel(models.Model):
    """The n-th label of a sample. A label that another pre-labelling replaced takes its row with it: the sample has a gap then."""

    sample = models.ForeignKey(AuditSample, on_delete=models.CASCADE, related_name="drawn")
    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sample", "number"], name="one_drawn_label_a_number"),
            models.UniqueConstraint(fields=["sample", "box"], name="one_draw_a_label"),
        ]

    def __str__(self) -> str:
        return f"label {self.number} of sample {self.sample_id}"
