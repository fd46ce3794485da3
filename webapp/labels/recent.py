"""What a person did lately and still stands: from this desk, grid and film take up their undo, after a reload or over a long sitting."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from webapp.accounts.models import User, Workspace
from webapp.labels.models import BoxEvent

SESSION = timedelta(hours=12)
MOST = 200

STANDING = Q(undone_by__isnull=True) | Q(
    undone_by__undone_by__isnull=False, undone_by__undone_by__undone_by__isnull=True
)


def recent_operations(
    workspace: Workspace,
    actor: User,
    *,
    before: UUID | None = None,
    device: str | None = None,
    drive: int | None = None,
) -> list[dict[str, Any]]:
    """The actor's operations of the last twelve hours, oldest first, each with who changed its box since, if anybody else did.

    The newest of them, or those older than the operation `before`; those of one `device` (`desk`, `grid`, `film`) or of all, of one
    drive or of all. What one key did is never cut in two.
    """
    mine = _standing(workspace, actor)
    if device:
        mine = mine.filter(device=device)
    if drive:
        mine = mine.filter(frame__drive=drive)
    events = _newest(mine, actor, before)
    later = _changes_by_others({event.box_id for event in events if event.box_id}, actor)
    return [_on_wire(event, later) for event in reversed(events)]


def _newest(mine: "QuerySet[BoxEvent]", actor: User, before: UUID | None) -> list[BoxEvent]:
    # One that never came here has nothing before it.
    if before and (limit := BoxEvent.rows.filter(actor=actor, client_id=before).first()):
        mine = mine.filter(id__lt=limit.id)
    newest = list(mine[:MOST])
    oldest = newest[-1] if newest else None
    if oldest and _key_of(oldest):
        newest += mine.filter(Q(gesture=_key_of(oldest)) | Q(group=_key_of(oldest)), id__lt=oldest.id)
    return newest


def _key_of(event: BoxEvent) -> UUID | None:
    """What everything that one key did has in common; for a decision about a track, its id."""
    return event.gesture or event.group


def _standing(workspace: Workspace, actor: User) -> "QuerySet[BoxEvent]":
    mine = BoxEvent.rows.filter(
        STANDING,
        Q(trial__isnull=True) | Q(trial__closed_at__isnull=True),  # of a blind trial as of any frame
        frame__workspace=workspace,
        actor=actor,
        client_id__isnull=False,
        undo_of__isnull=True,
        created_at__gt=timezone.now() - SESSION,
    )
    return mine.select_related("box").order_by("-id")


def _changes_by_others(boxes: Collection[int], actor: User) -> list[BoxEvent]:
    changes = BoxEvent.objects.filter(STANDING, box__in=boxes, undo_of__isnull=True, actor__isnull=False)
    return list(changes.exclude(actor=actor).select_related("actor").order_by("id"))


def _on_wire(event: BoxEvent, later: list[BoxEvent]) -> dict[str, Any]:
    since = [other for other in later if other.box_id == event.box_id and other.id > event.id]
    return {
        "id": event.client_id,
        "gesture": _key_of(event),
        "frame": event.frame_id,
        "track": event.box.track_id if event.box else None,
        "kind": event.kind,
        "box": event.box.client_id if event.box else None,
        "before": event.before,
        "after": event.after,
        "created_at": event.created_at,
        "changed_by": since[-1].actor if since else None,
    }
