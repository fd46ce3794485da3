"""Lending frames: claim, renew, give back. A frame is lent to one person at a time; the database holds it too."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from webapp.accounts.models import User, Workspace
from webapp.audit.models import Lease
from webapp.audit.selectors import open_frames
from webapp.footage.models import Frame
from webapp.labels.models import BoxEvent


@transaction.atomic
def claim(
    *, workspace: Workspace, user: User, count: int = 1, exclude: Sequence[int] = (), **filters: Any
) -> list[int]:
    """Lend up to `count` frames: those that the person has already, then the riskiest that nobody has. Their ids in that order."""
    leases_expire(workspace)
    mine = list(
        Lease.objects.filter(user=user, released_at__isnull=True, frame__in=open_frames(workspace, **filters))
        .exclude(frame__in=exclude)
        .order_by("-frame__risk", "frame_id")
        .values_list("frame_id", flat=True)[:count]
    )
    renew(user, mine)
    taken = Lease.objects.filter(frame=OuterRef("pk"), released_at__isnull=True)
    free = open_frames(workspace, **filters).filter(~Exists(taken)).exclude(id__in=exclude).order_by("-risk", "id")
    new = [frame.id for frame in _locked(free)[: count - len(mine)]] if len(mine) < count else []
    Lease.objects.bulk_create(Lease(frame_id=id, user=user, expires_at=_end()) for id in new)
    Frame.objects.filter(id__in=new, state=Frame.State.PRELABELLED).update(state=Frame.State.IN_AUDIT)
    return mine + new


def renew(user: User, frame_ids: Sequence[int]) -> list[int]:
    """Heartbeat; the frames that are still theirs. A lease that ran out is renewed as long as nobody else took the frame."""
    held = Lease.objects.filter(user=user, frame__in=frame_ids, released_at__isnull=True)
    held.update(expires_at=_end())
    return list(held.values_list("frame_id", flat=True))


@transaction.atomic
def release(user: User, frame_ids: Sequence[int]) -> list[int]:
    """Give frames back. A frame on which nothing was decided waits as before."""
    return _end_leases(Lease.objects.filter(user=user, frame__in=frame_ids, released_at__isnull=True))


@transaction.atomic
def leases_expire(workspace: Workspace) -> list[int]:
    """Take back what was lent and not renewed in time."""
    late = Lease.objects.filter(frame__workspace=workspace, released_at__isnull=True, expires_at__lt=timezone.now())
    return _end_leases(late)


def _end_leases(leases: QuerySet[Lease]) -> list[int]:
    frames = list(leases.values_list("frame_id", flat=True))
    if not frames:
        return []
    leases.update(released_at=timezone.now())
    touched = BoxEvent.objects.filter(frame=OuterRef("pk"), actor__isnull=False)
    untouched = Frame.objects.filter(id__in=frames, state=Frame.State.IN_AUDIT).filter(~Exists(touched))
    untouched.update(state=Frame.State.PRELABELLED)
    return frames


def _locked(frames: QuerySet[Frame]) -> QuerySet[Frame]:
    """Rows that another claim is taking at this moment are passed over. SQLite has one writer at a time, so needs no row locks."""
    if connection.features.has_select_for_update_skip_locked:
        return frames.select_for_update(skip_locked=True, of=("self",))
    return frames


def _end() -> Any:
    return timezone.now() + timedelta(seconds=settings.AUDIT_LEASE_S)
