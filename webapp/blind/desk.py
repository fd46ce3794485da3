"""What a person sees of a frame: the frame itself, or the blind trial that stands in its place for them."""

from collections.abc import Sequence

from django.db.models import Count, Q

from webapp.accounts.models import User
from webapp.blind.models import BlindFrame, BlindTrial
from webapp.footage.models import Frame
from webapp.labels.models import Box

__all__ = ["BlindFrame", "all_seen_by", "listed_to", "seen_by", "trial_of"]


def seen_by(user: User, frame: Frame) -> Frame:
    return all_seen_by(user, [frame])[0]


def all_seen_by(user: User, frames: Sequence[Frame]) -> list[Frame]:
    """The frames in their order, those on blind trial replaced."""
    trials = BlindTrial.live_of(user.id, [frame.id for frame in frames])
    return [BlindFrame.of(trials[frame.id]) if frame.id in trials else frame for frame in frames]


def listed_to(user: User, frames: Sequence[Frame]) -> list[Frame]:
    """Frames of a list with box counts, each as the desk shows it to this person."""
    rows = all_seen_by(user, frames)
    for row in rows:
        if isinstance(row, BlindFrame):
            open_boxes = Count("id", filter=Q(state__in=Box.OPEN_STATES))
            total = Count("id", filter=~Q(state__in=[Box.State.REJECTED, Box.State.DISMISSED]))
            counts = Box.rows.filter(trial=row.trial).aggregate(open=open_boxes, total=total)
            row.open_boxes, row.total_boxes = counts["open"], counts["total"]  # type: ignore[attr-defined]
    return rows


def trial_of(frame: Frame) -> BlindTrial | None:
    return frame.trial if isinstance(frame, BlindFrame) else None
