"""Boxes of one category, or missed candidates of any, that wait for a decision, riskiest first, each with what the page needs to cut it out of its frame and decide it."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from webapp.accounts.models import User, Workspace
from webapp.audit.selectors import held_by_others
from webapp.footage.models import Frame
from webapp.labels.models import Box
from webapp.labels.selectors import boxes_on_wire
from webapp.labels.shown import waiting_boxes

MOST_CROPS = 100


def open_crops(
    workspace: Workspace,
    user: User,
    *,
    category: int | None = None,
    missed: bool = False,
    drive: int | None = None,
    count: int = MOST_CROPS,
) -> list[dict[str, Any]]:
    """Each open box that the desk would show, with its frame and that frame's version. Frames that somebody else has are named, not left out."""
    waiting = waiting_boxes().filter(frame__workspace=workspace)
    if drive is not None:
        waiting = waiting.filter(frame__drive=drive)
    states = (Box.State.MISSED_CANDIDATE,) if missed else Box.OPEN_STATES
    chosen = _riskiest(waiting if category is None else waiting.filter(category=category), states, count)
    frames = Frame.objects.select_related("drive").in_bulk({frame for _, frame in chosen})
    shown = boxes_on_wire([box for box, _ in chosen])  # by id, as sorted here
    boxes = dict(zip(sorted(box for box, _ in chosen), shown, strict=True))
    holders = held_by_others(frames, user)
    return [
        {"box": boxes[box], "frame": frame_on_wire(frames[frame]), "held_by": holders.get(frame)}
        for box, frame in chosen
    ]


def _riskiest(boxes: QuerySet[Box], states: Collection[str], count: int) -> list[tuple[int, int]]:
    """Box and frame ids. State by state and the unjudged last, as the index lies: each query reads in order and sorts nothing."""
    judged: list[tuple[float, int, int]] = []
    unjudged: list[tuple[float, int, int]] = []
    for state in states:
        found = boxes.filter(state=state)
        riskiest = found.filter(risk__gte=0).order_by("-risk", "-id").values_list("risk", "id", "frame_id")[:count]
        judged += [(risk or 0.0, box, frame) for risk, box, frame in riskiest]
        rest = found.filter(risk__isnull=True).order_by("-id").values_list("id", "frame_id")[:count]
        unjudged += [(0.0, box, frame) for box, frame in rest]
    ordered = [*sorted(judged, reverse=True), *sorted(unjudged, reverse=True)]
    return [(box, frame) for _, box, frame in ordered[:count]]


def frame_on_wire(frame: Frame) -> dict[str, Any]:
    return {
        "id": frame.id,
        "name": frame.name,
        "drive": frame.drive_id,
        "drive_name": frame.drive.name,
        "width": frame.width,
        "height": frame.height,
        "state": frame.state,
        "version": frame.version,
    }
