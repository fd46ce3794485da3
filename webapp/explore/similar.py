"""Frames and labels that look like one, among those that a question takes."""

from typing import Any
from uuid import UUID

from django.http import Http404

from webapp.accounts.models import User, Workspace
from webapp.explore.asked import CROPS, FRAMES, Asked
from webapp.explore.features import nearest, vector_of
from webapp.explore.gallery import crops_on_wire
from webapp.explore.matching import boxes_matching
from webapp.explore.selectors import frame_shown, frames_named
from webapp.labels.models import Box

LOOKED_AT = 2_000  # the nearest, before the question narrows them


def similar(
    workspace: Workspace, user: User, asked: Asked, *, frame: int | None, label: UUID | None, count: int
) -> dict[str, list[dict[str, Any]]]:
    """Nearest first, the one itself among them. Raises: Http404; Conflict `not_indexed`."""
    if label is None:
        assert frame is not None  # one of the two is named
        return {"frames": _frames(workspace, user, asked, frame, count), "crops": []}
    box = (
        boxes_matching(workspace, Asked(kind=CROPS, model=asked.model), user)
        .select_related("frame")
        .filter(client_id=label)
        .first()
    )
    if box is None:
        raise Http404
    return {"frames": [], "crops": _crops(workspace, user, asked, box, count)}


def _frames(workspace: Workspace, user: User, asked: Asked, id: int, count: int) -> list[dict[str, Any]]:
    frame = frame_shown(workspace, user, id)
    if frame is None:
        raise Http404
    vector = vector_of(workspace, FRAMES, frame=frame, id=frame.id)
    likeness = dict(nearest(workspace, FRAMES, vector, count=LOOKED_AT, drive=asked.drive))
    rows: list[dict[str, Any]] = []
    for ids in _first_few_then_all(list(likeness), count):
        if len(rows) < count:
            rows += frames_named(workspace, user, asked, ids)
    return [{**row, "likeness": likeness[row["id"]]} for row in rows[:count]]


def _crops(workspace: Workspace, user: User, asked: Asked, box: Box, count: int) -> list[dict[str, Any]]:
    vector = vector_of(workspace, CROPS, frame=box.frame, id=box.id)
    likeness = dict(nearest(workspace, CROPS, vector, count=LOOKED_AT, drive=asked.drive))
    found: list[int] = []
    for ids in _first_few_then_all(list(likeness), count):
        if len(found) < count:
            taken = set(boxes_matching(workspace, asked, user).filter(id__in=ids).values_list("id", flat=True))
            found += [id for id in ids if id in taken]
    found = found[:count]
    return [{**row, "likeness": likeness[id]} for id, row in zip(found, crops_on_wire(found), strict=True)]


def _first_few_then_all(ids: list[int], count: int) -> tuple[list[int], list[int]]:
    """Most often the question takes nearly all of the nearest, and two thousand need not be asked for."""
    return ids[: 2 * count], ids[2 * count :]
