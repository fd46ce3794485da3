"""Pages of crops, riskiest first, read in the order in which the index lies."""

import heapq
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from webapp.accounts.models import User, Workspace
from webapp.explore.asked import Asked
from webapp.explore.matching import boxes_matching
from webapp.labels.crops import frames_of_crops
from webapp.labels.models import Box
from webapp.labels.selectors import boxes_with_frames
from webapp.taxonomy.models import Category

LEAST_READ = 8  # of a part, at once
Part = tuple[int, str]  # category and state
NO_PART: Part = (-(2**62), "no state")  # what stands for a part where a question is made for all of them
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
    parts = [(category, state) for category in categories for state in states]
    step = max(LEAST_READ, 2 * size // len(parts)) if parts else 0
    found: list[Place] = []
    if after is None or after[0] >= 0:
        first = _first_of_each(boxes, parts, step, after)
        judged = (_judged(boxes, part, rows, step) for part, rows in zip(parts, first, strict=True))
        found = list(islice(heapq.merge(*judged, reverse=True), size))
    if len(found) < size and asked.range_of("risk") == (None, None):
        rest = after[1] if after is not None and after[0] < 0 else None
        unjudged = chain.from_iterable(_unjudged(_of_part(boxes, part), size, rest) for part in parts)
        found += sorted(unjudged, reverse=True)[: size - len(found)]
    return found


def crops_on_wire(ids: list[int]) -> list[dict[str, Any]]:
    """Each label with its frame, in this order."""
    boxes = dict(zip(sorted(ids), boxes_with_frames(ids), strict=True))
    frames = frames_of_crops({frame for frame, _ in boxes.values()})
    return [{"box": boxes[id][1], "frame": frames[boxes[id][0]]} for id in ids]


def _first_of_each(boxes: QuerySet[Box], parts: list[Part], step: int, after: Place | None) -> list[list[Place]]:
    """The first rows of each part, in one question made once: Django took longer to write thirteen of them than PostgreSQL to answer."""
    try:
        sql, given = _ranked(_of_part(boxes, NO_PART), after)[:step].query.sql_with_params()
    except EmptyResultSet:
        return [[] for _ in parts]
    of_each = " UNION ALL ".join(f"SELECT {n}, part.* FROM ({sql}) AS part" for n in range(len(parts)))  # noqa: S608 - Django's own, with the values beside it
    values = [part[NO_PART.index(value)] if value in NO_PART else value for part in parts for value in given]
    found: list[list[Place]] = [[] for _ in parts]
    with connection.cursor() as cursor:
        cursor.execute(of_each, values)
        for number, risk, id in cursor.fetchall():
            found[number].append((risk, id))
    return found


def _judged(boxes: QuerySet[Box], part: Part, rows: list[Any], step: int) -> Iterator[Place]:
    """By falling risk, a few at a time: of many parts a page needs few of each."""
    while True:
        yield from rows
        if len(rows) < step:
            return
        step = 4 * step
        rows = list(_ranked(_of_part(boxes, part), rows[-1])[:step])


def _of_part(boxes: QuerySet[Box], part: Part) -> QuerySet[Box]:
    return boxes.filter(category=part[0], state=part[1])


def _ranked(boxes: QuerySet[Box], after: Place | None) -> Any:
    boxes = boxes.filter(risk__gte=0).order_by("-risk", "-id")
    rest = boxes if after is None else boxes.filter(_behind(after), risk__lte=after[0])
    return rest.values_list("risk", "id")


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
