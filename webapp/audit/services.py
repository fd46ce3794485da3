"""Lending frames: claim, renew, give back. A frame is lent to one person at a time; the database holds it too.

Whoever opens or ends a lease has locked the frame's row before, so that what is read under the lock stays true.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from webapp.accounts.models import User, Workspace
from webapp.audit.models import Lease
from webapp.audit.selectors import assigned_free, drawn_free, open_frames, returned_free, riskiest_free
from webapp.blind.selectors import any_audited, held_trials
from webapp.blind.services import trials_close, trials_take, trials_wanted, unsure_take
from webapp.core.errors import Conflict
from webapp.footage.models import Frame
from webapp.labels.models import BoxEvent
from webapp.team.turns import Turn, turn_of

RENEWED_AT = 0.75  # of its time: not with every decision, which comes each second


@transaction.atomic
def claim(
    *, workspace: Workspace, user: User, count: int = 1, exclude: Sequence[int] = (), **filters: Any
) -> list[int]:
    """Lend up to `count` frames: those that the person has, those returned to them, those assigned to them, then the riskiest.

    A few of the random stratum and blind trials are among the last two; what is kept for somebody else never is.
    """
    mine = _held(workspace, user, exclude, **filters)[:count]
    turn = turn_of(user, workspace)
    new = _take_free(returned_free(workspace, turn=turn, **filters), count - len(mine), exclude)
    wanted = count - len(mine) - len(new)
    new += _take(workspace, user, wanted, turn=turn, exclude=[*exclude, *new], **filters)
    Lease.objects.bulk_create(Lease(frame_id=id, user=user, expires_at=_end()) for id in new)
    Frame.objects.filter(id__in=new, state=Frame.State.PRELABELLED).update(state=Frame.State.IN_AUDIT)
    return mine + new


def _held(workspace: Workspace, user: User, exclude: Sequence[int], **filters: Any) -> list[int]:
    """The frames that the person has and that are asked for, renewed, by falling risk.

    What was lent to anybody and not renewed in time is taken back before; what somebody is writing to at this moment is not late.
    """
    now = timezone.now()
    late = Q(frame__workspace=workspace, expires_at__lt=now)
    lent = Lease.objects.filter(Q(user=user) | late, released_at__isnull=True)
    rows = list(lent.values_list("id", "frame", "user", "expires_at"))
    ran_out = [id for id, *_, expires in rows if expires < now]
    ended = _end_leases(Lease.objects.filter(id__in=ran_out), skip_locked=True) if ran_out else []
    ids = {frame for _, frame, holder, _ in rows if holder == user.id}.difference(exclude, ended)
    if not ids:
        return []
    risks = dict(open_frames(workspace, **filters).filter(id__in=ids).values_list("id", "risk"))
    if not filters.get("slice"):  # its question would tell which frames are trials
        risks |= {frame: risk for frame, risk in held_trials(user, workspace, **filters).items() if frame in ids}
    mine = sorted(risks, key=lambda frame: (-risks[frame], frame))
    renew(user, mine)
    return mine


def lease_take(frame: Frame, user: User) -> None:
    """Lend a frame to the person who writes to it. The caller holds the frame's lock.

    Raises:
        Conflict `lease_held`: another person has it, in `by`.
    """
    lease = Lease.objects.filter(frame=frame, released_at__isnull=True).first()
    now = timezone.now()
    if lease is not None and lease.user_id != user.id:
        if lease.expires_at > now:
            raise Conflict("lease_held", f"{lease.user} is auditing this frame.", extra={"by": str(lease.user)})
        lease_end(frame)
        lease = None
    if lease is None:
        Lease.objects.create(frame=frame, user=user, expires_at=_end())
    elif lease.expires_at < now + RENEWED_AT * timedelta(seconds=settings.AUDIT_LEASE_S):
        Lease.objects.filter(id=lease.id).update(expires_at=_end())


def lease_end(frame: Frame) -> None:
    """A finished frame is nobody's. The caller holds the frame's lock."""
    Lease.objects.filter(frame=frame, released_at__isnull=True).update(released_at=timezone.now())


def renew(user: User, frame_ids: Sequence[int]) -> list[int]:
    """Heartbeat; the frames that are still theirs. A lease that ran out is renewed as long as nobody else took the frame."""
    trials_close(user)
    held = Lease.objects.filter(user=user, frame__in=frame_ids, released_at__isnull=True)
    held.update(expires_at=_end())
    return list(held.values_list("frame_id", flat=True))


@transaction.atomic
def release(user: User, frame_ids: Sequence[int]) -> list[int]:
    """Give frames back. A frame on which nothing was decided waits as before."""
    return _end_leases(Lease.objects.filter(user=user, frame__in=frame_ids, released_at__isnull=True))


@transaction.atomic
def _end_leases(leases: QuerySet[Lease], *, skip_locked: bool = False) -> list[int]:
    lent = Frame.objects.filter(id__in=list(leases.values_list("frame_id", flat=True))).order_by("id")
    locked = list(lent.select_for_update(skip_locked=skip_locked))
    ended = list(leases.filter(frame__in=locked).values_list("frame_id", flat=True))
    Lease.objects.filter(frame__in=ended, released_at__isnull=True).update(released_at=timezone.now())
    touched = BoxEvent.objects.filter(frame=OuterRef("pk"), actor__isnull=False)
    untouched = Frame.objects.filter(id__in=ended, state=Frame.State.IN_AUDIT).filter(~Exists(touched))
    untouched.update(state=Frame.State.PRELABELLED)
    return ended


def _take(
    workspace: Workspace, user: User, count: int, *, turn: Turn, exclude: Sequence[int], **filters: Any
) -> list[int]:
    """Frames that wait, and blind trials at random places among them; none of those alone, else a finished queue would never end.

    What somebody was unsure of waits for another person, so that it comes also when nothing else does; half of a claim at most.
    """
    chance = random.SystemRandom()
    trials: list[int] = []
    if count and not filters.get("slice"):
        most = min(count, max(1, count // 2))
        trials = unsure_take(workspace, user, most, chance=chance, exclude=exclude, **filters)
        trials += _trials(
            workspace, user, count - len(trials), chance=chance, turn=turn, exclude=[*exclude, *trials], **filters
        )
    taken = _take_mixed(workspace, count - len(trials), chance=chance, exclude=exclude, turn=turn, **filters)
    for id in trials:
        taken.insert(chance.randint(0, len(taken)), id)
    return taken


def _trials(
    workspace: Workspace,
    user: User,
    count: int,
    *,
    chance: random.Random,
    turn: Turn,
    exclude: Sequence[int],
    **filters: Any,
) -> list[int]:
    wanted = trials_wanted(workspace, count, chance)
    if not wanted or not any_audited(workspace):
        return []
    trials_close(user)
    if not riskiest_free(workspace, turn=turn, **filters).exclude(id__in=exclude).values_list("id")[:1]:
        return []
    return trials_take(workspace, user, wanted, chance=chance, exclude=exclude, **filters)


def _take_mixed(
    workspace: Workspace, count: int, *, chance: random.Random, exclude: Sequence[int], turn: Turn, **filters: Any
) -> list[int]:
    """Frames of the random stratum at random places among the assigned and the riskiest, so that where one stands tells nothing."""
    # Of one frame at a time, three of twenty in the mean.
    places = int(count * settings.AUDIT_RANDOM_SHARE + chance.random())
    drawn: list[int] = []
    if places > 0:
        first = drawn_free(workspace, places, exclude=exclude, turn=turn, **filters)
        drawn = _take_free(first, places, exclude)
    taken: list[int] = []
    for free in (assigned_free, riskiest_free):
        known = [*exclude, *drawn, *taken]
        taken += _take_free(free(workspace, turn=turn, **filters), count - len(drawn) - len(taken), known)
    for id in drawn:
        taken.insert(chance.randint(0, len(taken)), id)
    return taken


def _take_free(free: QuerySet[Frame], count: int, exclude: Sequence[int]) -> list[int]:
    """The first `count` of these frames, locked. What another claim takes at this moment is passed over (SQLite has one writer at a time)."""
    found: list[int] = []
    seen = list(exclude)
    locked = free.select_for_update(of=("self",), skip_locked=True).values_list("id", flat=True)
    while len(found) < count and (ids := list(locked.exclude(id__in=seen)[: count - len(found)])):
        seen += ids
        # What was lent since the query began is seen only now, under the lock.
        lent = set(Lease.objects.filter(frame__in=ids, released_at__isnull=True).values_list("frame_id", flat=True))
        found += [id for id in ids if id not in lent]
    return found


def _end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.AUDIT_LEASE_S)
