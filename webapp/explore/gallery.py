"""Pages of crops, riskiest first, read in the order in which the index lies."""

import heapq
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from django.db.models import Q, QuerySet

from webapp.accounts.models import User, Workspace
from webapp.explore.asked import Asked
from webapp.explore.matching import boxes_matching
from webapp.labels.crops import frames_of_crops
from webapp.labels.models import Box
from webapp.labels.selectors import boxes_with_frames
from webapp.taxonomy.models import Category

LEAST_READ = 8  # of a part, at once
Place = tuple[float, int]  # risk, -1 where none is known, and the box's id: where a page ends
NOT_TAKEN_AWAY = tuple(state for state in Box.State.values if state not in (Box.State.REJECTED, Box.State.DISMISSED))


def crops_page(
    workspace: Workspace, user: User, asked: Asked, *, size: int, after: Place | None = None
) -> tuple[list[dict[str, Any]], Place | None]:
    """The next crops and where they end; None behind the last."""
    places = crop_places(workspace, user, asked, size=size + 1, after=after)
    more, places = len(places) > size, places[:size]
    return crops_on_wire([box for _, box in places]), places[-1] if more else None


def crop_places(
    workspace: Workspace, user: User, asked: Asked, *, size: int, after: Place | None = None
) -> list[Place]:
    """Category by category and state by state, each in the order of the index (category, state, risk, id), merged here: nothing is sorted by the database."""
    boxes = boxes_matching(workspace, asked, user)
    categories = [asked.category] if asked.category else _categories(workspace, asked)
    states = (asked.box_state,) if asked.box_state else NOT_TAKEN_AWAY
    parts = [boxes.filter(category=category, state=state) for category in categories for state in states]
    step = max(LEAST_READ, 2 * size // len(parts)) if parts else 0
    found: list[Place] = []
    if after is None or after[0] >= 0:
        found = list(islice(heapq.merge(*(_judged(part, step, after) for part in parts), reverse=True), size))
    if len(found) < size and asked.range_of("risk") == (None, None):
        rest = after[1] if after is not None and after[0] < 0 else None
        unjudged = chain.from_iterable(_unjudged(part, size, rest) for part in parts)
        found += sorted(unjudged, reverse=True)[: size - len(found)]
    return found


def crops_on_wire(ids: list[int]) -> list[dict[str, Any]]:
    """Each label with its frame, in this order."""
    boxes = dict(zip(sorted(ids), boxes_with_frames(ids), strict=True))
    frames = frames_of_crops({frame for frame, _ in boxes.values()})
    return [{"box": boxes[id][1], "frame": frames[boxes[id][0]]} for id in ids]


def _judged(boxes: QuerySet[Box], step: int, after: Place | None) -> Iterator[Place]:
    """By falling risk, a few at a time: of many parts a page needs few of each."""
    boxes = boxes.filter(risk__gte=0).order_by("-risk", "-id")
    while True:
        rest = boxes if after is None else boxes.filter(_behind(after), risk__lte=after[0])
        rows: list[Any] = list(rest.values_list("risk", "id")[:step])
        yield from rows
        if len(rows) < step:
            return
        after, step = rows[-1], 4 * step


def _behind(place: Place) -> Q:
    return Q(risk__lt=place[0]) | Q(risk=place[0], id__lt=place[1])


def _unjudged(boxes: QuerySet[Box], size: int, before: int | None) -> list[Place]:
    boxes = boxes.filter(risk__isnull=True, **({} if before is None else {"id__lt": before}))
    return [(-1.0, id) for id in boxes.order_by("-id").values_list("id", flat=True)[:size]]


def _categories(workspace: Workspace, asked: Asked) -> list[int]:
    categories = Category.objects.filter(taxonomy__workspace=workspace)
    if asked.drive is not None:
        categories = categories.filter(taxonomy__drives=asked.drive)
    return list(categories.values_list("id", flat=True))
