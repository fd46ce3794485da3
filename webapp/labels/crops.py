"""Boxes of one category, or missed candidates of any, that wait for a decision, riskiest first, each with what the page needs to cut it out of its frame and decide it."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from webapp.accounts.models import User, Workspace
from webapp.audit.selectors import held_by_others
from webapp.blind.desk import all_seen_by
from webapp.blind.models import BlindTrial
from webapp.footage.models import Frame
from webapp.labels.models import Box
from webapp.labels.selectors import boxes_on_wire
from webapp.labels.shown import waiting_boxes

MOST_CROPS = 100
FRAME_FIELDS = ("id", "name", "drive", "drive__name", "width", "height", "state", "version")


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
    part = {"frame__workspace": workspace, "category": category, "frame__drive": drive}
    part = {name: value for name, value in part.items() if value is not None}
    states = (Box.State.MISSED_CANDIDATE,) if missed else Box.OPEN_STATES
    ranked = _riskiest(waiting_boxes().filter(**part), states, count)
    live = dict(BlindTrial.frames_of(user).values_list("frame", "id"))
    if live:  # the grid shows a frame on blind trial as the desk does; by frame, as boxes have no index by trial
        blind = Box.rows.filter(frame__in=live, trial__in=live.values(), **part)
        ranked = sorted(ranked + _riskiest(blind, states, count), reverse=True)[:count]
    chosen = [(box, frame) for _, box, frame in ranked]
    frames = frames_of_crops({frame for _, frame in chosen})
    on_trial = Frame.objects.select_related("drive").filter(id__in=frames.keys() & live)
    frames |= {frame.id: frame_on_wire(frame) for frame in all_seen_by(user, list(on_trial))} if live else {}
    shown = boxes_on_wire([box for box, _ in chosen])  # by id, as sorted here
    boxes = dict(zip(sorted(box for box, _ in chosen), shown, strict=True))
    holders = held_by_others(frames, user)
    return [{"box": boxes[box], "frame": frames[frame], "held_by": holders.get(frame)} for box, frame in chosen]


def _riskiest(boxes: QuerySet[Box], states: Collection[str], count: int) -> list[tuple[float, int, int]]:
    """Risk (-1 where none is known), box and frame ids. State by state and the unjudged last, as the index lies: each query reads in order and sorts nothing."""
    judged: list[tuple[float, int, int]] = []
    unjudged: list[tuple[float, int, int]] = []
    for state in states:
        found = boxes.filter(state=state)
        riskiest = found.filter(risk__gte=0).order_by("-risk", "-id").values_list("risk", "id", "frame_id")[:count]
        judged += [(risk or 0.0, box, frame) for risk, box, frame in riskiest]
    for state in states if len(judged) < count else ():
        rest = boxes.filter(state=state, risk__isnull=True).order_by("-id").values_list("id", "frame_id")[:count]
        unjudged += [(-1.0, box, frame) for box, frame in rest]
    return sorted(judged + unjudged, reverse=True)[:count]


def frames_of_crops(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """As `frame_on_wire`, of many."""
    found = {}
    for values in Frame.objects.filter(id__in=ids).values(*FRAME_FIELDS):
        values["drive_name"] = values.pop("drive__name")
        found[values["id"]] = values
    return found


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
