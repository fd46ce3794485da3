"""How fast people decide, and how their work came back: the figures of the team's page, one row a person."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Round

from webapp.accounts.models import Workspace
from webapp.blind.sensitivity import sensitivity_of
from webapp.footage.models import Frame
from webapp.labels.models import BoxEvent
from webapp.review.models import Review, Thread
from webapp.review.selectors import annotators_of
from webapp.team.selectors import DECISIONS, auditors

MOST_COMMENTED = 2000


def decisions(workspace: Workspace, *, since: datetime) -> QuerySet[BoxEvent]:
    """What people decided about boxes since then, also what was taken back later: it was work all the same.

    Blind trials are in it: figures that left them out would tell their person which frames were none.
    """
    return BoxEvent.rows.filter(
        frame__workspace=workspace, actor__isnull=False, box__isnull=False, kind__in=DECISIONS, created_at__gte=since
    )


def people_report(workspace: Workspace, *, since: datetime) -> list[dict[str, Any]]:
    """Each member who may audit: decisions and their speed, what was returned and is open, and the measured sensitivity."""
    speeds = _speeds(workspace, since)
    returned = _returned(workspace)
    commented = _commented(workspace)
    return [
        {
            "user": {"id": member.user_id, "name": str(member.user)},
            "role": member.role,
            **speeds.get(member.user_id, _speed(0, [])),
            "returned": returned.get(member.user_id, 0),
            "open_comments": commented.get(member.user_id, 0),
            "sensitivity": sensitivity_of(member.user, workspace),
        }
        for member in auditors(workspace)
    ]


def _speeds(workspace: Workspace, since: datetime) -> dict[int, dict[str, Any]]:
    """Counted in the database by tenths of a second, so that a million decisions are a few hundred rows."""
    made: dict[int, int] = defaultdict(int)
    timed: dict[int, list[tuple[float, int, float]]] = defaultdict(list)
    tenths = decisions(workspace, since=since).annotate(tenth=Round("seconds", 1)).order_by()
    for actor, tenth, count, total in tenths.values_list("actor", "tenth").annotate(n=Count("id"), t=Sum("seconds")):
        made[actor] += count
        if tenth is not None:
            timed[actor].append((tenth, count, total))
    return {actor: _speed(count, sorted(timed[actor])) for actor, count in made.items()}


def _speed(made: int, timed: list[tuple[float, int, float]]) -> dict[str, Any]:
    """Of what the page timed, pauses excluded; None where it timed nothing."""
    count, worked_s = sum(n for _, n, _ in timed), sum(total for _, _, total in timed)
    return {
        "decisions": made,
        "per_hour": 3600 * count / worked_s if worked_s else None,
        "median_s": _median(timed, count) if count else None,
        "worked_s": worked_s,
    }


def _median(timed: list[tuple[float, int, float]], count: int) -> float:
    """The lower of the two middle ones where the count is even."""
    seen = 0
    for tenth, n, _ in timed:
        seen += n
        if 2 * seen >= count:
            return tenth
    raise AssertionError("the counts do not add up")


def _returned(workspace: Workspace) -> dict[int, int]:
    """Person -> frames that a lead gave back to them and that wait."""
    waiting = Review.objects.filter(
        Q(frame__state__in=Frame.OPEN_STATES),
        frame__workspace=workspace,
        current=True,
        verdict=Review.Verdict.RETURNED,
    )
    return dict(waiting.order_by().values_list("annotator").annotate(n=Count("id")))


def _commented(workspace: Workspace) -> dict[int, int]:
    """Person -> open conversations on frames that they finished."""
    found: dict[int, int] = defaultdict(int)
    frames = list(open_threads(workspace).values_list("frame_id", flat=True)[:MOST_COMMENTED])
    authors = annotators_of(set(frames))
    for frame in frames:
        if frame in authors:
            found[authors[frame].id] += 1
    return found


def open_threads(workspace: Workspace) -> QuerySet[Thread]:
    return Thread.objects.filter(frame__workspace=workspace, resolved_at__isnull=True).order_by("-id")
