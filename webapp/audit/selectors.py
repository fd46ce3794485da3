"""Reads of the audit queue."""

from collections.abc import Collection, Sequence
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from webapp.accounts.models import User, Workspace
from webapp.audit.models import DrawnLabel, Lease
from webapp.audit.tallies import audited_by_drive, waiting_labels
from webapp.blind.selectors import open_by_drive
from webapp.core.counting import count_about
from webapp.explore.slices import in_slice
from webapp.footage.light import by_light
from webapp.footage.models import OPEN, Frame
from webapp.labels.models import Box, BoxEvent
from webapp.team.turns import Turn, turn_of

COUNTED_EACH_TIME = 1000


def open_frames(
    workspace: Workspace,
    *,
    drive: int | None = None,
    category: int | None = None,
    light: str | None = None,
    state: str | None = None,
    slice: int | None = None,
    turn: Turn | None = None,
) -> QuerySet[Frame]:
    """Frames that wait for an audit; with the state `new`, those that no model has labelled; `slice` a saved question.

    Where it is somebody's turn, without what is kept for others.
    """
    frames = Frame.objects.filter(_queued(state), workspace=workspace)
    if state == Frame.State.NEW:
        frames = frames.filter(~Exists(Box.objects.filter(frame=OuterRef("pk"), model_version__isnull=False)))
    if drive is not None:
        frames = frames.filter(drive=drive)
    if category is not None:
        frames = frames.filter(
            Exists(Box.objects.filter(frame=OuterRef("pk"), category=category, state__in=Box.OPEN_STATES))
        )
    if light is not None:
        frames = frames.filter(by_light(light))
    if slice is not None:
        frames = in_slice(frames, workspace, slice)
    return turn.left(frames) if turn else frames


def returned_free(workspace: Workspace, *, turn: Turn, **filters: Any) -> QuerySet[Frame]:
    """Open frames that a lead gave back to this person and that nobody has, the riskiest first."""
    if not turn.any_returned():  # as nearly always
        return Frame.objects.none()
    return _free(turn.returned(open_frames(workspace, **filters)))


def assigned_free(workspace: Workspace, *, turn: Turn, **filters: Any) -> QuerySet[Frame]:
    """Open frames that are assigned to this person, perhaps among others, and that nobody has, the riskiest first."""
    if not turn.mine:
        return Frame.objects.none()
    return _free(turn.assigned(open_frames(workspace, turn=turn, **filters)))


def riskiest_free(workspace: Workspace, *, state: str | None = None, **filters: Any) -> QuerySet[Frame]:
    """Open frames that nobody has, by falling risk, as the queue's index lies: the first few are read and none sorted."""
    frames = _free(open_frames(workspace, state=state, **filters))
    # Without labels none is risky: what was begun comes first, in the order of another index.
    return frames.order_by("state", "-risk", "id") if state == Frame.State.NEW else frames


def drawn_free(workspace: Workspace, count: int, *, exclude: Sequence[int], **filters: Any) -> QuerySet[Frame]:
    """The `count` open frames that nobody has whose labels of the random stratum wait and were drawn first."""
    lent = Exists(Lease.objects.filter(frame=OuterRef("box__frame"), released_at__isnull=True))
    waiting = DrawnLabel.objects.filter(
        sample__current=True, box__state__in=Box.OPEN_STATES, box__frame__in=open_frames(workspace, **filters)
    )
    free = waiting.exclude(box__frame__in=exclude).filter(~lent).values("box__frame")
    first = free.annotate(first=Min("number")).order_by("first", "box__frame")
    return Frame.objects.filter(
        _queued(filters.get("state")), id__in=list(first.values_list("box__frame", flat=True)[:count])
    )


def _queued(state: str | None) -> Q:
    """What a queue of this name reads. A frame that somebody has begun to draw on still waits among the new ones."""
    if state == Frame.State.NEW:
        return Q(state__in=(Frame.State.IN_AUDIT, Frame.State.NEW))
    return Q(state=state) if state in Frame.OPEN_STATES else OPEN


def _free(frames: QuerySet[Frame]) -> QuerySet[Frame]:
    lent = Lease.objects.filter(frame=OuterRef("pk"), released_at__isnull=True)
    return frames.filter(~Exists(lent)).order_by("-risk", "id")


def held_by_others(frame_ids: Collection[int], user: User) -> dict[int, str]:
    """Who else has which of these frames now."""
    leases = Lease.objects.filter(frame__in=frame_ids, released_at__isnull=True, expires_at__gt=timezone.now())
    return {lease.frame_id: str(lease.user) for lease in leases.exclude(user=user).select_related("user")}


def remaining_count(workspace: Workspace, user: User, **filters: Any) -> int:
    """How many frames wait for this person. Exact where few are left; of many it is about so many (on SQLite, the count of half a minute ago)."""
    key = f"audit-remaining:{workspace.id}:{user.id}:" + ":".join(str(filters[name]) for name in sorted(filters))
    known = cache.get(key)
    if known is not None and known > 2 * COUNTED_EACH_TIME:  # in half a minute nobody brings it down to what is exact
        return int(known)
    frames = open_frames(workspace, turn=turn_of(user, workspace), **filters)
    near = frames.order_by()[:COUNTED_EACH_TIME].count()
    if near < COUNTED_EACH_TIME:
        return near
    return int(cache.get_or_set(key, lambda: max(near, count_about(frames)), timeout=30) or near)


def audit_summary(workspace: Workspace, user: User, *, drive: int | None = None) -> dict[str, Any]:
    """What waits and what is done, by drive; and the person's own count of today."""
    drives = audited_by_drive(workspace, drive)
    waiting = sum(row["open_frames"] for row in drives)
    labels, missed = waiting_labels(open_frames(workspace, drive=drive), waiting, of=f"{workspace.id}:{drive}")
    on_trial = open_by_drive(user, workspace)
    for row in drives:
        blind = on_trial.get(row["id"], 0)
        row["open_frames"], row["audited_frames"] = row["open_frames"] + blind, row["audited_frames"] - blind
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    mine = BoxEvent.rows.filter(actor=user, frame__workspace=workspace, created_at__gte=today)
    return {
        "open_frames": sum(row["open_frames"] for row in drives),
        "audited_frames": sum(row["audited_frames"] for row in drives),
        "new_frames": sum(row["new_frames"] for row in drives),
        "open_boxes": labels,
        "missed_candidates": missed,
        "my_decisions_today": mine.count(),
        "drives": drives,
    }
