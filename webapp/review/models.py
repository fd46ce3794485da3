"""What people say about a frame, and what a lead says of it: comments pinned to it, and verdicts."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from webapp.core.models import TimestampedModel
from webapp.footage.models import Frame
from webapp.labels.models import Box


class Thread(TimestampedModel):
    """A conversation pinned to a box, to a point, or to the frame as a whole: open <-> resolved.

    A pin on a box keeps the box's middle too, so that it stays in place when the box is replaced. `version` grows with everything said or
    resolved: who resolves what they have not read is told.
    """

    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="threads")
    box = models.ForeignKey(Box, null=True, blank=True, on_delete=models.SET_NULL, related_name="threads")
    x = models.FloatField(null=True, blank=True)
    y = models.FloatField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            # A comparison with NULL is unknown, and a check lets the unknown pass: say both.
            models.CheckConstraint(
                condition=Q(x__isnull=True, y__isnull=True)
                | Q(x__isnull=False, y__isnull=False, x__gte=0, y__gte=0, x__lt=1e9, y__lt=1e9),
                name="thread_point_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="resolved_thread_names_who",
            ),
        ]
        indexes = [models.Index(fields=["frame", "resolved_at"], name="thread_frame_open")]

    def __str__(self) -> str:
        return f"thread {self.pk} on frame {self.frame_id}"


class Comment(models.Model):
    """One thing that one person said. Its author may put it in other words."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="comment_says_something")]

    def __str__(self) -> str:
        return f"comment {self.pk} of thread {self.thread_id}"


class Review(models.Model):
    """A verdict on a frame, never altered. Kept apart from the frame's own state: together they give the stage of review.

    accepted and unchanged since -> accepted;  accepted, then changed -> changed;  returned and open -> returned;
    returned, then audited -> reworked;  reopened, or none yet -> unreviewed
    """

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted"
        RETURNED = "returned"
        REOPENED = "reopened"

    class Stage(models.TextChoices):
        UNREVIEWED = "unreviewed"
        REWORKED = "reworked"
        CHANGED = "changed"
        RETURNED = "returned"
        ACCEPTED = "accepted"

    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="reviews")
    verdict = models.CharField(max_length=10, choices=Verdict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="returned_reviews",
        help_text="To whom a returned frame goes, and to nobody else.",
    )
    thread = models.ForeignKey(Thread, null=True, blank=True, on_delete=models.SET_NULL, related_name="reviews")
    frame_version = models.PositiveIntegerField(help_text="The frame's, once the verdict was spoken.")
    current = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["frame"], condition=Q(current=True), name="one_current_review_a_frame"),
            models.CheckConstraint(
                condition=~Q(verdict="returned") | Q(annotator__isnull=False), name="returned_frame_has_annotator"
            ),
        ]
        indexes = [models.Index(fields=["annotator", "current", "verdict"], name="review_returned_to")]

    def __str__(self) -> str:
        return f"frame {self.frame_id} {self.verdict}"
