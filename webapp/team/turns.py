"""Whose turn a frame is: what claims keep for one person, and what they give that person first."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from webapp.accounts.models import User, Workspace
from webapp.footage.models import Frame
from webapp.labels.models import Box
from webapp.review.models import Review
from webapp.team.models import Assignment


@dataclass(frozen=True)
class Turn:
    """A person's place in the queue, read once a claim."""

    user: User
    mine: tuple[Assignment, ...]
    others_alone: tuple[Assignment, ...]

    def left(self, frames: QuerySet[Frame]) -> QuerySet[Frame]:
        """Without what is kept for somebody else: returned to them, or assigned to them alone and not to this person too."""
        frames = frames.filter(~Exists(_returned(~Q(annotator=self.user))))
        if not self.others_alone:
            return frames
        return frames.exclude(_covered(self.others_alone) & ~_covered(self.mine))

    def any_returned(self) -> bool:
        given_back = Review.objects.filter(annotator=self.user, current=True, verdict=Review.Verdict.RETURNED)
        return given_back.exists()

    def returned(self, frames: QuerySet[Frame]) -> QuerySet[Frame]:
        """What a lead gave back to this person."""
        return frames.filter(Exists(_returned(Q(annotator=self.user))))

    def assigned(self, frames: QuerySet[Frame]) -> QuerySet[Frame]:
        return frames.filter(_covered(self.mine)) if self.mine else frames.none()


def turn_of(user: User, workspace: Workspace) -> Turn:
    standing = Assignment.objects.filter(workspace=workspace, ended_at__isnull=True)
    rows = list(standing.filter(Q(user=user) | Q(alone=True)))
    mine = tuple(row for row in rows if row.user_id == user.id)
    return Turn(user, mine, tuple(row for row in rows if row.user_id != user.id))


def _covered(assignments: Iterable[Assignment]) -> Q:
    """Frames that fall under one of them: of its drive, and with an open box of its category."""
    covered = Q(pk__in=[])
    for assignment in assignments:
        one = Q(drive=assignment.drive_id) if assignment.drive_id else Q()
        if assignment.category_id:
            waiting = Box.objects.filter(
                frame=OuterRef("pk"), category=assignment.category_id, state__in=Box.OPEN_STATES
            )
            one &= Q(Exists(waiting))
        covered |= one
    return covered


def _returned(condition: Q) -> QuerySet[Review]:
    return Review.objects.filter(condition, frame=OuterRef("pk"), current=True, verdict=Review.Verdict.RETURNED)
