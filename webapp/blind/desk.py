"""What a person sees of a frame: the frame itself, or the blind trial that stands in its place for them."""

from collections.abc import Iterable, Sequence

from django.db.models import Count, Q

from webapp.accounts.models import User
from webapp.blind.models import BlindFrame, BlindTrial
from webapp.footage.models import Frame
from webapp.labels.models import Box

__all__ = ["BlindFrame", "all_seen_by", "seen_by", "shown_in_place", "trial_of"]


def seen_by(user: User, frame: Frame) -> Frame:
    return all_seen_by(user, [frame])[0]


def all_seen_by(user: User, frames: Sequence[Frame]) -> list[Frame]:
    """The frames in their order, those on blind trial replaced."""
    trials = BlindTrial.live_of(user.id, [frame.id for frame in frames])
    return [BlindFrame.of(trials[frame.id]) if frame.id in trials else frame for frame in frames]


def shown_in_place(trials: Iterable[BlindTrial]) -> list[BlindFrame]:
    """What a list of frames shows of these trials, box counts included."""
    open_boxes = Count("id", filter=Q(state__in=Box.OPEN_STATES))
    total = Count("id", filter=~Q(state__in=[Box.State.REJECTED, Box.State.DISMISSED]))
    rows = [BlindFrame.of(trial) for trial in trials]
    for row in rows:
        counts = Box.rows.filter(trial=row.trial).aggregate(open=open_boxes, total=total)
        row.open_boxes, row.total_boxes = counts["open"], counts["total"]  # type: ignore[attr-defined]
    return rows


def trial_of(frame: Frame) -> BlindTrial | None:
    return frame.trial if isinstance(frame, BlindFrame) else None
