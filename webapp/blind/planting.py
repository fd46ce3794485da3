"""The labels that a blind trial shows: the model's as they were before anybody decided, with an error put in where one is seeded."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from ml.risk.planted import ERRORS, GHOST, HIDDEN, RELABELLED, SHIFTED, ghost_place, other_category, renamed, shifted
from ml.schemas import BoxXYWH
from webapp.footage.models import Frame
from webapp.labels.models import Box, BoxEvent
from webapp.taxonomy.models import Category

KEPT = (Box.State.ACCEPTED, Box.State.EDITED)
SHAPE = ("x", "y", "width", "height")
DONORS = 50


@dataclass
class Shown:
    """Unsaved boxes in the model's order, when each was proposed, and what was done to them."""

    boxes: list[Box]
    proposed_at: list[datetime]
    error: str = ""
    planted: dict[str, Any] = field(default_factory=dict)


def as_proposed(frame: Frame) -> tuple[Shown, list[int]]:
    """The frame's pre-labels as the model gave them, and the places of those that the audit left as they were: right ones."""
    events = BoxEvent.objects.filter(
        frame=frame, kind=BoxEvent.Kind.PROPOSED, box__model_version=frame.drive.label_model_id
    )
    shown, right = Shown([], []), []
    for event in events.select_related("box").order_by("box_id"):
        source, values = event.box, event.after
        if source is None or not values or source.source != Box.Source.PSEUDO:
            continue
        if (
            source.state == Box.State.ACCEPTED
            and not source.unseen
            and values["state"] == Box.State.PENDING
            and not source.crowd
        ):
            right.append(len(shown.boxes))
        shown.boxes.append(_copy(source, values))
        shown.proposed_at.append(event.created_at)
    return shown, right


def truth_of(frame: Frame) -> list[dict[str, Any]]:
    """What people decided; regions to ignore are left out."""
    kept = Box.objects.filter(frame=frame, state__in=KEPT, crowd=False).order_by("id")
    return [{"category": category, **dict(zip(SHAPE, place, strict=True))} for category, *place in _values(kept)]


def plant(shown: Shown, right: Sequence[int], truth: Sequence[dict[str, Any]], frame: Frame, chance: Random) -> bool:
    """Put one error in, of a kind and at a label that `chance` says; another kind where that one finds no place. False: none does."""
    kinds = list(ERRORS)
    chance.shuffle(kinds)
    target = chance.choice(list(right))
    makers = {SHIFTED: _shift, RELABELLED: _relabel, HIDDEN: _hide}
    for kind in kinds:
        done = _ghost(shown, truth, frame, chance) if kind == GHOST else makers[kind](shown, target, frame, chance)
        if done:
            shown.error = kind
            return True
    return False


def _shift(shown: Shown, target: int, frame: Frame, chance: Random) -> bool:
    box = shown.boxes[target]
    place = shifted(_place(box), frame.width, frame.height, chance)
    if place is not None:
        shown.planted = {"box": str(box.client_id), "right": _right(box)}
        box.x, box.y, box.width, box.height = place
    return place is not None


def _relabel(shown: Shown, target: int, frame: Frame, chance: Random) -> bool:
    """The scores and the reasons in words change names with it, so that nothing beside the picture tells the right one."""
    box = shown.boxes[target]
    categories = {category.name: category for category in frame.drive.taxonomy.categories.all()}
    assert box.category
    old = box.category.name
    new = other_category(old, {name: category.group for name, category in categories.items()}, chance)
    if new is None:
        return False
    shown.planted = {"box": str(box.client_id), "right": {**_right(box), "shown": categories[new].id}}
    box.category = categories[new]
    swap = {old: new, new: old}
    box.probs = {swap.get(name, name): value for name, value in box.probs.items()}
    box.signals = [signal | {"sentence": renamed(signal["sentence"], old, new)} for signal in box.signals]
    return True


def _hide(shown: Shown, target: int, frame: Frame, chance: Random) -> bool:
    if len(shown.boxes) < 2:
        return False
    box = shown.boxes.pop(target)
    shown.proposed_at.pop(target)
    shown.planted = {"right": _right(box)}
    return True


def _ghost(shown: Shown, truth: Sequence[dict[str, Any]], frame: Frame, chance: Random) -> bool:
    """A label of another frame of the drive, where this one has nothing: as high, as large and as sure as labels here are."""
    donors = list(
        Box.objects.filter(frame__drive=frame.drive_id, state=Box.State.ACCEPTED, source=Box.Source.PSEUDO, crowd=False)
        .exclude(frame=frame)
        .select_related("category")
        .order_by("id")[:DONORS]
    )
    taken = [_place(box) for box in shown.boxes] + [tuple(value[side] for side in SHAPE) for value in truth]
    found = ghost_place([_place(box) for box in donors], taken, frame.width, frame.height, chance)
    if found is None:
        return False
    box = _copy(donors[found], {})
    box.frame, box.frame_width, box.frame_height, box.track, box.cipo = frame, frame.width, frame.height, None, False
    box.category = _own(donors[found].category, frame)
    place = chance.randint(0, len(shown.boxes))
    shown.boxes.insert(place, box)
    shown.proposed_at.insert(place, shown.proposed_at[min(place, len(shown.proposed_at) - 1)])
    shown.planted = {"box": str(box.client_id)}
    return True


def _copy(source: Box, values: dict[str, Any]) -> Box:
    """A new row, open, with what the model said; `values` are those of its proposal."""
    columns = (
        *(*SHAPE, "frame", "frame_width", "frame_height", "source", "model_version", "score", "probs", "risk"),
        *("severity", "signals", "track", "cipo", "occluded", "truncated", "crowd"),
    )
    box = Box(client_id=uuid.uuid4(), **{name: getattr(source, name) for name in columns})
    box.state, box.category_id = Box.State.PENDING, source.category_id
    for name, value in values.items():
        setattr(box, "category_id" if name == "category" else name, value)
    return box


def _own(category: Category | None, frame: Frame) -> Category | None:
    assert category is None or category.taxonomy_id == frame.drive.taxonomy_id
    return category


def _place(box: Box) -> BoxXYWH:
    return box.x, box.y, box.width, box.height


def _right(box: Box) -> dict[str, Any]:
    return {"category": box.category_id, **{side: getattr(box, side) for side in SHAPE}}


def _values(boxes: Any) -> Any:
    return boxes.values_list("category", *SHAPE)
