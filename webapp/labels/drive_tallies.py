"""How many frames of each state a drive has, and the highest risk among them. Of very many it is brought up to date in parts.

A look counts anew the drives that people or jobs are working at and a few of those counted longest ago; the others stand as they were counted, so
that no look at a workspace reads all of its frames.
"""

import time
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import TypeAlias

from django.core.cache import cache
from django.db.models import Count, Max, Q
from django.utils import timezone

from webapp.accounts.models import Workspace
from webapp.audit.models import Lease
from webapp.core.counting import count_about
from webapp.footage.models import Frame
from webapp.jobs.models import Job
from webapp.jobs.selectors import ACTIVE
from webapp.labels.models import BoxEvent

Tally: TypeAlias = dict[str, tuple[int, float]]  # state -> frames, highest risk
COUNTED_FRAMES = 50_000  # of a workspace; beyond it, not all at every look
COUNTED_DRIVES = 5  # of those that nobody works at, at one look
WORKED_AT = timedelta(minutes=2)
KEPT_S = 24 * 3600


def drive_tallies(workspace: Workspace, drives: Collection[int]) -> dict[int, Tally]:
    """Of these drives of the workspace, the frames by state."""
    if count_about(Frame.objects.filter(workspace=workspace)) <= COUNTED_FRAMES:
        return _counted(drives)
    key = f"drive-tallies:{workspace.id}"
    kept: dict[int, tuple[float, Tally]] = cache.get(key) or {}
    by_age = sorted((kept[id][0], id) for id in drives if id in kept)
    stale = (
        set(drives) - kept.keys() | {id for _, id in by_age[:COUNTED_DRIVES]} | (_worked_at(workspace) & set(drives))
    )
    now = time.time()
    kept |= {id: (now, tally) for id, tally in _counted(stale).items()}
    cache.set(key, kept, timeout=KEPT_S)
    return {id: kept[id][1] for id in drives}


def frames_in(tally: Tally, states: Iterable[str]) -> int:
    return sum(tally[state][0] for state in states if state in tally)


def _worked_at(workspace: Workspace) -> set[int]:
    """Drives of which somebody has frames or decided something of late, or whose job runs or has just ended."""
    since = timezone.now() - WORKED_AT
    events = BoxEvent.objects.filter(actor__isnull=False, created_at__gt=since, frame__workspace=workspace)
    lent = Lease.objects.filter(Q(released_at__isnull=True) | Q(released_at__gt=since), frame__workspace=workspace)
    found = {id for rows in (events, lent) for id in rows.order_by().values_list("frame__drive", flat=True).distinct()}
    jobs = Job.objects.filter(Q(state__in=ACTIVE) | Q(updated_at__gt=since), workspace=workspace)
    return found | {drive for drive in jobs.values_list("params__drive", flat=True) if isinstance(drive, int)}


def _counted(drives: Collection[int]) -> dict[int, Tally]:
    """Read from the index of drive and state alone."""
    found: dict[int, Tally] = {id: {} for id in drives}
    frames = Frame.objects.filter(drive__in=list(drives)).order_by().values_list("drive", "state")
    for id, state, count, risk in frames.annotate(count=Count("id"), risk=Max("risk")):
        found[id][state] = (count, risk)
    return found
