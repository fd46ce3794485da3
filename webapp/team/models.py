"""Who is to do what, and who is where: drives and categories given to people, and their presence."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from webapp.accounts.models import Workspace
from webapp.footage.models import Drive, Frame
from webapp.taxonomy.models import Category


class Assignment(models.Model):
    """A drive, a category, or a category of a drive, given to a person. It stands until it is ended; nothing else of it changes.

    The person's claims prefer it. `alone`: nobody else's claim gets its frames, except whoever has an assignment of their own there.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="assignments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assignments")
    drive = models.ForeignKey(Drive, null=True, blank=True, on_delete=models.CASCADE, related_name="assignments")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    alone = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(drive__isnull=False) | Q(category__isnull=False), name="assignment_is_of_something"
            ),
            # Two NULLs are two values to a unique index: one rule for each shape of an assignment.
            models.UniqueConstraint(
                fields=["user", "drive"],
                condition=Q(ended_at__isnull=True, category__isnull=True),
                name="one_assignment_a_drive",
            ),
            models.UniqueConstraint(
                fields=["user", "category"],
                condition=Q(ended_at__isnull=True, drive__isnull=True),
                name="one_assignment_a_category",
            ),
            models.UniqueConstraint(
                fields=["user", "drive", "category"],
                condition=Q(ended_at__isnull=True),
                name="one_assignment_a_drive_category",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "ended_at"], name="assignment_standing")]

    def __str__(self) -> str:
        return f"{self.user_id}: drive {self.drive_id}, category {self.category_id}"


class Presence(models.Model):
    """Where a person was when their page last said so. Who has not been heard of for a while is not here."""

    class Place(models.TextChoices):
        DESK = "desk"
        GRID = "grid"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    frame = models.ForeignKey(Frame, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    place = models.CharField(max_length=8, choices=Place)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="one_place_at_a_time")]
        indexes = [models.Index(fields=["workspace", "seen_at"], name="presence_seen")]

    def __str__(self) -> str:
        return f"{self.user_id} on frame {self.frame_id}"
