"""The control room: what administrators did, and what footage was taken away."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from webapp.accounts.models import Workspace
from webapp.core.models import TimestampedModel
from webapp.footage.models import Drive
from webapp.jobs.models import Job


class AdminAct(models.Model):
    """One administrative act: who, what, when, and how it was before and after. Written once; nobody changes or deletes it."""

    # Empty for acts on the installation as a whole, such as those of the stock admin.
    workspace = models.ForeignKey(
        Workspace, null=True, blank=True, on_delete=models.CASCADE, related_name="acts", db_index=False
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    act = models.CharField(max_length=60, help_text="What was done, as `webhook.created`.")
    target = models.CharField(max_length=200, help_text="To what, as people call it.")
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "-at", "-id"], name="act_recent")]

    def __str__(self) -> str:
        return f"{self.act} {self.target}"


class FootageRemoval(TimestampedModel):
    """Footage taken away, by age or because somebody asked, with the report of what was found where and that it is gone.

    A dry run only finds. The report's copies are kept as counts and hashes: what was removed is not to be read from it.
    """

    class Why(models.TextChoices):
        RETENTION = "retention"
        REQUEST = "request"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="removals")
    why = models.CharField(max_length=10, choices=Why)
    drive = models.ForeignKey(Drive, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    days = models.PositiveIntegerField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True, help_text="Who asked, and under which reference.")
    dry_run = models.BooleanField(default=True)
    even_in_versions = models.BooleanField(default=False)
    report = models.JSONField(null=True, blank=True)
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(why="retention") | Q(days__isnull=False, days__gt=0), name="retention_names_its_days"
            )
        ]

    def __str__(self) -> str:
        return f"{self.why} {self.id}"
