"""Keeps the figures no older than a minute: whoever reads them brings them up to date, one at a time."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from webapp.accounts.models import Workspace
from webapp.dashboards.models import DayFigure, RollUp
from webapp.dashboards.series import FLOWS, LEVELS, Point

OLDEST = timedelta(seconds=60)


def rolled_up(workspace: Workspace, *, oldest: timedelta = OLDEST) -> RollUp:
    """The workspace's roll-up, brought up to date first where it is older than that."""
    row, _ = RollUp.objects.get_or_create(workspace=workspace)
    return row if _young(row, oldest) else _refresh(workspace, oldest)


@transaction.atomic
def _refresh(workspace: Workspace, oldest: timedelta) -> RollUp:
    """Days that had ended when it was last rolled up stand; the days since then are counted anew."""
    row = RollUp.objects.select_for_update().get(workspace=workspace)
    if _young(row, oldest):  # another did it while this one waited for the lock
        return row
    now = timezone.now()
    since = row.at and datetime.combine(row.at.astimezone(UTC).date(), datetime.min.time(), UTC)
    for flow in FLOWS:
        _replace(workspace, flow.name, since, flow.points(workspace, since))
    today = datetime.combine(now.astimezone(UTC).date(), datetime.min.time(), UTC)
    for level in LEVELS:
        _replace(workspace, level.name, today, level.points(workspace, today.date()))
    row.at = now
    row.save(update_fields=["at"])
    return row


def _replace(workspace: Workspace, series: str, since: datetime | None, points: Iterable[Point]) -> None:
    held = DayFigure.objects.filter(workspace=workspace, series=series)
    (held.filter(day__gte=since.date()) if since else held).delete()
    DayFigure.objects.bulk_create(
        [DayFigure(workspace=workspace, series=series, day=day, part=part, value=value) for day, part, value in points],
        batch_size=1000,
    )


def _young(row: RollUp, oldest: timedelta) -> bool:
    return row.at is not None and timezone.now() - row.at < oldest
