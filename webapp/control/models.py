"""The control room: what administrators did, what footage was taken away, and how taxonomies were changed."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from webapp.accounts.models import Membership, Workspace
from webapp.core.models import TimestampedModel
from webapp.footage.models import Drive
from webapp.jobs.models import Job
from webapp.taxonomy.models import Taxonomy


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


class Invitation(TimestampedModel):
    """A seat in a workspace for whoever holds the link, until it is taken, withdrawn or a week old.

    The link's secret is kept as a digest: it is shown once, and a copy of the database invites nobody.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=20, choices=Membership.Role)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True, help_text="Taken, withdrawn, or replaced by a newer one.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "email"],
                condition=Q(closed_at__isnull=True),
                name="one_open_invitation_an_address",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} as {self.role}"


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


class TaxonomyChange(TimestampedModel):
    """A rename, merge or split of categories, and what it takes to undo it.

    asked -> done -> undoing -> undone;  asked -> undone (cancelled before it began)
    Stopped half-way by a cancel or a fault it is tried again by a retry of the job, or undone.
    Each label that it moves has an event of this change's `gesture`; `before` holds the categories as they were.
    """

    class Kind(models.TextChoices):
        RENAME = "rename"
        MERGE = "merge"
        SPLIT = "split"

    class State(models.TextChoices):
        ASKED = "asked"
        DONE = "done"
        UNDOING = "undoing"
        UNDONE = "undone"

    taxonomy = models.ForeignKey(Taxonomy, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=8, choices=Kind)
    what = models.JSONField(help_text="As it was asked: ids of categories, names.")
    plan = models.JSONField(help_text="What it would do, as it was shown first.")
    before = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    gesture = models.UUIDField(default=uuid.uuid4, editable=False)
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["taxonomy"], condition=Q(state__in=["asked", "undoing"]), name="one_taxonomy_change_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.taxonomy}"

    @property
    def stopped(self) -> bool:
        """Its job was cancelled or failed on the way, there or back."""
        under_way = self.state in (self.State.ASKED, self.State.UNDOING)
        return under_way and (self.job is None or self.job.state in (Job.State.CANCELLED, Job.State.FAILED))
