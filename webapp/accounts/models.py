"""People, workspaces, and who may do what where."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from webapp.core.models import TimestampedModel


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail; there is no username."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person, known by e-mail address."""

    username = None  # type: ignore[assignment]  # the e-mail address is the name
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    keys = models.JSONField(null=True, blank=True, help_text="The keys of the desk as this person set them.")
    last_seen_at = models.DateTimeField(null=True, blank=True, help_text="In the page, to five minutes.")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]  # narrower than AbstractUser's

    def __str__(self) -> str:
        return self.name or self.email


class Workspace(TimestampedModel):
    """The wall between customers: every row belongs to one, and nothing is seen across."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    second_factor_roles = models.JSONField(
        default=list, blank=True, help_text="Roles whose members need a second step of the login to do anything here."
    )
    members: "models.ManyToManyField[User, Membership]" = models.ManyToManyField(User, through="Membership")

    def __str__(self) -> str:
        return self.name


class Membership(TimestampedModel):
    """A person's role in a workspace."""

    class Role(models.TextChoices):
        OWNER = "owner"
        LEAD = "lead"
        ANNOTATOR = "annotator"
        ML_ENGINEER = "ml_engineer"
        FLEET_ENGINEER = "fleet_engineer"
        VIEWER = "viewer"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "workspace"], name="one_role_a_workspace")]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} in {self.workspace}"


class WorkspaceLimits(TimestampedModel):
    """What a workspace may hold, how long, and how much of it may be seen; empty is without a limit of its own."""

    class Blur(models.TextChoices):
        OFF = "off"
        BOXES = "boxes", "plates that have a box, and heads"
        BANDS = "bands", "the plate's place on every vehicle too"

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="limits")
    max_store_bytes = models.BigIntegerField(null=True, blank=True, help_text="Originals of all drives together.")
    max_upload_bytes = models.BigIntegerField(null=True, blank=True, help_text="One file.")
    retention_days = models.PositiveIntegerField(
        null=True, blank=True, help_text="Footage older than this is deleted, unless a version has its drive."
    )
    gps_decimals = models.PositiveSmallIntegerField(
        default=2, help_text="Digits of a position that those see who do not run the fleet; two are about a kilometre."
    )

    blur_at_ingest = models.CharField(
        max_length=5, choices=Blur, default=Blur.OFF, help_text="Of files from now on; their originals are not kept."
    )

    audit_hour_cost = models.FloatField(
        null=True, blank=True, help_text="What an hour of auditing costs, in the workspace's own currency."
    )

    class Meta:
        verbose_name_plural = "workspace limits"
        constraints = [
            models.CheckConstraint(
                condition=(Q(max_store_bytes__isnull=True) | Q(max_store_bytes__gt=0))
                & (Q(max_upload_bytes__isnull=True) | Q(max_upload_bytes__gt=0))
                & (Q(retention_days__isnull=True) | Q(retention_days__gt=0)),
                name="limits_are_positive",
            ),
            models.CheckConstraint(
                condition=Q(audit_hour_cost__isnull=True) | Q(audit_hour_cost__gte=0),
                name="audit_hour_costs_nothing_less",
            ),
            models.CheckConstraint(condition=Q(gps_decimals__lte=6), name="gps_at_most_six_decimals"),
        ]

    def __str__(self) -> str:
        return f"limits of {self.workspace}"
