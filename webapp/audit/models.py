"""Who audits which frame now."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from webapp.footage.models import Frame


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
