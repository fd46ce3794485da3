"""Lending frames: claim, renew, give back. A frame is lent to one person at a time; the database holds it too.

Whoever opens or ends a lease has locked the frame's row before, so that what is read under the lock stays true.
"""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
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


@transaction.atomic
def claim(
    *, workspace: Workspace, user: User, count: int = 1, exclude: Sequence[int] = (), **filters: Any
) -> list[int]:
    """Lend up to `count` frames: those that the person has, those returned to them, those assigned to them, then the riskiest.

    A few of the random stratum and blind trials are among the last two; what is kept for somebody else never is.
    """
    leases_expire(workspace)
    held = Lease.objects.filter(user=user, released_at__isnull=True, frame__in=open_frames(workspace, **filters))
    risks = dict(held.values_list("frame_id", "frame__risk"))
    if not filters.get("slice"):  # its question would tell which frames are trials
        risks |= held_trials(user, workspace, **filters)
    mine = sorted(risks.keys() - set(exclude), key=lambda frame: (-risks[frame], frame))[:count]
    if mine:
        renew(user, mine)
    turn = turn_of(user, workspace)
    new = _take_free(returned_free, workspace, count - len(mine), exclude=exclude, turn=turn, **filters)
    wanted = count - len(mine) - len(new)
    new += _take(workspace, user, wanted, turn=turn, exclude=[*exclude, *new], **filters)
    Lease.objects.bulk_create(Lease(frame_id=id, user=user, expires_at=_end()) for id in new)
    Frame.objects.filter(id__in=new, state=Frame.State.PRELABELLED).update(state=Frame.State.IN_AUDIT)
    return mine + new


def lease_take(frame: Frame, user: User) -> None:
    """Lend a frame to the person who writes to it. The caller holds the frame's lock.

    Raises:
        Conflict `lease_held`: another person has it, in `by`.
    """
    lease = Lease.objects.filter(frame=frame, released_at__isnull=True).select_related("user").first()
    if lease is not None and lease.user_id != user.id:
        if lease.expires_at > timezone.now():
            raise Conflict("lease_held", f"{lease.user} is auditing this frame.", extra={"by": str(lease.user)})
        lease_end(frame)
        lease = None
    if lease is None:
        Lease.objects.create(frame=frame, user=user, expires_at=_end())
    else:
        Lease.objects.filter(id=lease.id).update(expires_at=_end())


def lease_end(frame: Frame) -> None:
    """A finished frame is nobody's. The caller holds the frame's lock."""
    Lease.objects.filter(frame=frame, released_at__isnull=True).update(released_at=timezone.now())


def renew(user: User, frame_ids: Sequence[int]) -> list[int]:
    """Heartbeat; the frames that are still theirs. A lease that ran out is renewed as long as nobody else took the frame."""
    held = Lease.objects.filter(user=user, frame__in=frame_ids, released_at__isnull=True)
    held.update(expires_at=_end())
    return list(held.values_list("frame_id", flat=True))


@transaction.atomic
def release(user: User, frame_ids: Sequence[int]) -> list[int]:
    """Give frames back. A frame on which nothing was decided waits as before."""
    return _end_leases(Lease.objects.filter(user=user, frame__in=frame_ids, released_at__isnull=True))


def leases_expire(workspace: Workspace) -> list[int]:
    """Take back what was lent and not renewed in time; what somebody is writing to at this moment is not late."""
    late = Lease.objects.filter(frame__workspace=workspace, released_at__isnull=True, expires_at__lt=timezone.now())
    return _end_leases(late, skip_locked=True) if late.exists() else []


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
    blind = any_audited(workspace) and not filters.get("slice")
    trials = _trials(workspace, user, count, turn=turn, exclude=exclude, **filters) if blind else []
    taken = _take_mixed(workspace, count - len(trials), exclude=exclude, turn=turn, **filters)
    for id in trials:
        taken.insert(random.SystemRandom().randint(0, len(taken)), id)
    return taken


def _trials(
    workspace: Workspace, user: User, count: int, *, turn: Turn, exclude: Sequence[int], **filters: Any
) -> list[int]:
    chance = random.SystemRandom()
    trials_close(user)
    most = min(count, max(1, count // 2))
    found = unsure_take(workspace, user, most, chance=chance, exclude=exclude, **filters)
    wanted = trials_wanted(workspace, count - len(found), chance)
    known = [*exclude, *found]
    if wanted and riskiest_free(workspace, 1, turn=turn, exclude=known, **filters):
        found += trials_take(workspace, user, wanted, chance=chance, exclude=known, **filters)
    return found


def _take_mixed(workspace: Workspace, count: int, *, exclude: Sequence[int], **filters: Any) -> list[int]:
    """Frames of the random stratum at random places among the assigned and the riskiest, so that where one stands tells nothing."""
    chance = random.SystemRandom()
    places = int(
        count * settings.AUDIT_RANDOM_SHARE + chance.random()
    )  # of one frame at a time, three of twenty in the mean
    drawn = _take_free(drawn_free, workspace, places, exclude=exclude, **filters)
    taken: list[int] = []
    for free in (assigned_free, riskiest_free):
        known = [*exclude, *drawn, *taken]
        taken += _take_free(free, workspace, count - len(drawn) - len(taken), exclude=known, **filters)
    for id in drawn:
        taken.insert(chance.randint(0, len(taken)), id)
    return taken


def _take_free(
    free: Callable[..., list[int]], workspace: Workspace, count: int, *, exclude: Sequence[int], **filters: Any
) -> list[int]:
    """The first of `free` that nobody has, locked. What another claim takes at this moment is passed over (SQLite has one writer at a time)."""
    found: list[int] = []
    seen = list(exclude)
    while len(found) < count and (ids := free(workspace, count - len(found), exclude=seen, **filters)):
        seen += ids
        rows = Frame.objects.filter(id__in=ids).select_for_update(skip_locked=True)
        locked = {frame.id for frame in rows if frame.state in Frame.CLAIMABLE_STATES}
        # What was lent between the two queries is seen only now, under the lock.
        locked -= set(Lease.objects.filter(frame__in=locked, released_at=None).values_list("frame_id", flat=True))
        found += [id for id in ids if id in locked]
    return found


def _end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.AUDIT_LEASE_S)
