"""Whose turn a frame is: what claims must keep for one person, and what they give that person first."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from webapp.accounts.models import User
from webapp.footage.models import Frame
from webapp.review.models import Review


def left_to(user: User, frames: QuerySet[Frame]) -> QuerySet[Frame]:
    """Without the frames that are kept for somebody else."""
    return frames.filter(~Exists(_returned(~Q(annotator=user))))


def kept_for(user: User, frames: QuerySet[Frame]) -> QuerySet[Frame]:
    """The frames that wait for this person: those that a lead gave back."""
    return frames.filter(Exists(_returned(Q(annotator=user))))


def _returned(condition: Q) -> QuerySet[Review]:
    return Review.objects.filter(condition, frame=OuterRef("pk"), current=True, verdict=Review.Verdict.RETURNED)
