"""What a workspace labels: categories with their prompt phrases, versioned as data."""

from typing import ClassVar

from django.db import models

from ml.schemas import Category as CategoryValue
from webapp.accounts.models import Workspace
from webapp.core.models import TimestampedModel


class Taxonomy(TimestampedModel):
    """An ordered list of categories. Changing one makes a new version; old boxes keep the old."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="taxonomies")
    name = models.CharField(max_length=80)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "taxonomies"
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name", "version"], name="one_taxonomy_a_name_and_version")
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    def values(self) -> list[CategoryValue]:
        """The categories in prompt order, as `ml` knows them."""
        return [category.value() for category in self.categories.order_by("index")]


class LiveCategories(models.Manager["Category"]):
    """Those that can be chosen; what was merged into another stays as a row alone, so that the merge can be undone."""

    def get_queryset(self) -> models.QuerySet["Category"]:
        return super().get_queryset().filter(retired_at__isnull=True)


class Category(models.Model):
    """One class: `phrase` is what a grounding detector is asked for, `index` the order of prompts and COCO ids (from 1)."""

    class Group(models.TextChoices):
        VEHICLE = "vehicle"
        VULNERABLE = "vulnerable", "vulnerable road user"
        PART = "part"
        INFRASTRUCTURE = "infrastructure"

    taxonomy = models.ForeignKey(Taxonomy, on_delete=models.CASCADE, related_name="categories")
    index = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    phrase = models.CharField(max_length=120)
    colour = models.CharField(max_length=7)
    hotkey = models.CharField(max_length=12, blank=True)
    group = models.CharField(max_length=16, choices=Group)
    aliases = models.JSONField(default=list, blank=True, help_text="Names of this class in other data sets.")
    retired_at = models.DateTimeField(null=True, blank=True, help_text="When it was merged into another.")

    objects: ClassVar[models.Manager["Category"]] = LiveCategories()
    rows: ClassVar[models.Manager["Category"]] = models.Manager()

    class Meta:
        verbose_name_plural = "categories"
        ordering = ["index"]
        constraints = [
            models.UniqueConstraint(fields=["taxonomy", "index"], name="one_category_an_index"),
            models.UniqueConstraint(fields=["taxonomy", "name"], name="one_category_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def value(self) -> CategoryValue:
        return CategoryValue(self.name, self.phrase, self.group, tuple(self.aliases))  # type: ignore[arg-type]
