"""Keeps the figures no older than a minute: whoever reads them brings them up to date, one at a time.

Counting holds no lock, so that nobody's decision waits for it. A series that takes long to count (20 million boxes are read from end to end)
is none of a reader's business: the upkeep counts it, as often as costs a twentieth of the time at most.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from time import monotonic

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from webapp.accounts.models import Workspace
from webapp.dashboards.counted import Point, Series
from webapp.dashboards.models import DayFigure, RollUp
from webapp.dashboards.series import FLOWS, LEVELS

OLDEST = timedelta(seconds=60)
READER_S = 0.3  # what somebody who opens a page may be made to wait for one series
SHARE = 20  # a series that took a second is counted again after twenty
LOST_AFTER = timedelta(minutes=10)  # whoever has counted for so long is dead


def rolled_up(workspace: Workspace, *, oldest: timedelta = OLDEST, patient: bool = False) -> RollUp:
    """The workspace's roll-up, brought up to date first where it is older than that; `patient` is the upkeep, which may take its time."""
    row, _ = RollUp.objects.get_or_create(workspace=workspace)
    if _young(row, oldest) or not _claimed(row):
        return row
    try:
        return _refresh(workspace, row, patient)
    finally:
        RollUp.objects.filter(id=row.id).update(counting_since=None)


def standing(workspace: Workspace, *names: str) -> list[dict[str, float]]:
    """How levels stand: each counted now where that is quick, else as it was last rolled up."""
    row = RollUp.objects.filter(workspace=workspace).first()
    today = timezone.now().astimezone(UTC).date()
    by_name = {level.name: level for level in LEVELS}
    return [
        {part: value for _, part, value in by_name[name].points(workspace, today)}
        if row is None or _took_s(row, name) <= READER_S
        else latest(workspace, name)
        for name in names
    ]


def latest(workspace: Workspace, name: str) -> dict[str, float]:
    """A level as it was last rolled up."""
    rows = DayFigure.objects.filter(workspace=workspace, series=name)
    day = rows.order_by("-day").values_list("day", flat=True).first()
    return dict(rows.filter(day=day).values_list("part", "value")) if day else {}


def figures_tick() -> dict[str, int]:
    """For the upkeep: what is too large for readers to count."""
    due = [row for row in RollUp.objects.select_related("workspace") if any(_waits(row, level) for level in LEVELS)]
    for row in due:
        rolled_up(row.workspace, patient=True)
    return {"large_figures": len(due)}


def _claimed(row: RollUp) -> bool:
    """Whether this one counts. Before the first time there is nothing to read meanwhile, and everybody does."""
    lost = timezone.now() - LOST_AFTER
    free = Q(counting_since=None) | Q(counting_since__lt=lost) | Q(at=None)
    return bool(RollUp.objects.filter(free, id=row.id).update(counting_since=timezone.now()))


def _refresh(workspace: Workspace, row: RollUp, patient: bool) -> RollUp:
    """Days that had ended when it was last rolled up stand; the days since then are counted anew."""
    now = timezone.now()
    since = row.at and datetime.combine(row.at.astimezone(UTC).date(), datetime.min.time(), UTC)
    for flow in FLOWS:
        _replace(row, flow.name, since and since.date(), list(flow.points(workspace, since)))
    today = now.astimezone(UTC).date()
    for level in LEVELS:
        if not level.large or _due(row, level, patient):
            began = monotonic()
            points = list(level.points(workspace, today))
            if level.large:
                row.took[level.name] = {"at": now.isoformat(), "s": monotonic() - began}
            _replace(row, level.name, today, points)
    row.at = now
    row.save(update_fields=["at", "took"])
    return row


@transaction.atomic
def _replace(row: RollUp, series: str, since: date | None, points: Iterable[Point]) -> None:
    RollUp.objects.select_for_update().get(id=row.id)
    held = DayFigure.objects.filter(workspace=row.workspace_id, series=series)
    (held.filter(day__gte=since) if since else held).delete()
    DayFigure.objects.bulk_create(
        [
            DayFigure(workspace_id=row.workspace_id, series=series, day=day, part=part, value=value)
            for day, part, value in points
        ],
        batch_size=1000,
    )


def _due(row: RollUp, level: Series, patient: bool) -> bool:
    """Readers count what is quick each time; what is slow is counted once it has rested."""
    took_s = _took_s(row, level.name)
    return took_s <= READER_S or (patient and _rested(row, level.name, took_s))


def _waits(row: RollUp, level: Series) -> bool:
    took_s = _took_s(row, level.name)
    return level.large and took_s > READER_S and _rested(row, level.name, took_s)


def _rested(row: RollUp, name: str, took_s: float) -> bool:
    at = parse_datetime(row.took[name]["at"])
    assert at is not None
    return timezone.now() - at >= max(OLDEST, timedelta(seconds=SHARE * took_s))


def _took_s(row: RollUp, name: str) -> float:
    return float(row.took.get(name, {"s": 0.0})["s"])


def _young(row: RollUp, oldest: timedelta) -> bool:
    return row.at is not None and timezone.now() - row.at < oldest
