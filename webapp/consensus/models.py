"""Where two people who saw the same frame differ, and what a lead said to it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from webapp.blind.models import BlindTrial
from webapp.footage.models import Frame


class Disagreement(models.Model):
    """One object of a frame that two people left differently: open <-> settled.

    The first opinion is the frame's own label, the second that of a blind trial, which is never written over the first: only a lead's verdict
    changes the frame. Both are kept as they were when the second person had finished.
    """

    class Kind(models.TextChoices):
        PRESENCE = "presence"
        CATEGORY = "category"
        PLACE = "place"
        UNSURE = "unsure"

    class Verdict(models.TextChoices):
        FIRST = "first"
        SECOND = "second"
        EDITED = "edited"

    opinion = models.ForeignKey(BlindTrial, on_delete=models.CASCADE, related_name="disagreements")
    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="disagreements")
    kind = models.CharField(max_length=8, choices=Kind)
    first = models.JSONField(null=True, help_text="{box, category, x, y, width, height}; null: no object there.")
    second = models.JSONField(null=True)
    iou = models.FloatField(null=True)
    verdict = models.CharField(max_length=6, choices=Verdict, blank=True)
    operations = models.JSONField(
        default=list, help_text="What the verdict did to the frame, to be taken back with it."
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="", settled_by__isnull=True, settled_at__isnull=True)
                | Q(verdict__in=["first", "second", "edited"], settled_by__isnull=False, settled_at__isnull=False),
                name="settled_disagreement_says_how",
            ),
            models.CheckConstraint(
                condition=Q(first__isnull=False) | Q(second__isnull=False), name="disagreement_is_about_something"
            ),
        ]
        indexes = [models.Index(fields=["frame"], condition=Q(settled_at__isnull=True), name="disagreement_open")]

    def __str__(self) -> str:
        return f"{self.kind} on frame {self.frame_id}"
