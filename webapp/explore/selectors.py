"""Pages of frames, riskiest first or as they came."""

from typing import Any

from django.db.models import Q

from webapp.accounts.models import User, Workspace
from webapp.core.errors import DomainError
from webapp.explore.asked import Asked
from webapp.explore.gallery import Place
from webapp.explore.matching import frames_matching
from webapp.footage.models import Frame

FIELDS = ("id", "drive_id", "drive__name", "name", "width", "height", "state", "risk")


def frames_page(
    workspace: Workspace, user: User, asked: Asked, *, size: int, after: Place | None = None
) -> tuple[list[dict[str, Any]], Place | None]:
    """The next frames, riskiest first, in the order of the index (workspace, risk, id); and where they end."""
    frames = frames_matching(workspace, asked, user)
    if after is not None:
        frames = frames.filter(Q(risk__lt=after[0]) | Q(risk=after[0], id__lt=after[1]), risk__lte=after[0])
    rows = list(frames.order_by("-risk", "-id").values(*FIELDS)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    return [_on_wire(row) for row in rows], (rows[-1]["risk"], rows[-1]["id"]) if more else None


def frames_named(workspace: Workspace, user: User, asked: Asked, ids: list[int]) -> list[dict[str, Any]]:
    """Those of these frames that the question takes, in the order of `ids`."""
    found = {row["id"]: row for row in frames_matching(workspace, asked, user).filter(id__in=ids).values(*FIELDS)}
    return [_on_wire(found[id]) for id in ids if id in found]


def frame_shown(workspace: Workspace, user: User, id: int) -> Frame | None:
    """The frame, unless this person sees a blind trial in its place."""
    return frames_matching(workspace, Asked(), user).filter(id=id).first()


def cursor_of(place: Place | None) -> str | None:
    return None if place is None else f"{place[0]!r}:{place[1]}"


def place_of(cursor: str) -> Place | None:
    """Raises: DomainError `bad_cursor`."""
    if not cursor:
        return None
    try:
        risk, id = cursor.split(":")
        place = float(risk), int(id)
        if not (-1 <= place[0] <= 1 and 0 < place[1] < 2**63):  # NaN compares with nothing
            raise ValueError
    except ValueError:
        raise DomainError("bad_cursor", "This cursor is none that a page ended with.", status=404) from None
    return place


def _on_wire(row: dict[str, Any]) -> dict[str, Any]:
    row["drive"], row["drive_name"] = row.pop("drive_id"), row.pop("drive__name")
    return row
