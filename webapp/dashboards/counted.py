"""What a series of the dashboards is, and the two ways in which one is counted: day by day, or as it stands."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import TruncDate

from webapp.accounts.models import Workspace
from webapp.accounts.rights import READ

Point = tuple[date, str, float]
Since = datetime | None


@dataclass(frozen=True)
class Series:
    """`link` leads to what is counted. `points` of a flow takes the moment to count from (None: the first); of a level, today.

    `large`: it counts rows of which there may be millions, so that a page load must not count them. `right`: who may see it; what
    moves by blind trials would tell their person which frames were some.
    """

    name: str
    unit: str
    link: str
    points: Callable[[Workspace, Any], Iterable[Point]]
    right: str = READ
    large: bool = False

    @property
    def adds_up(self) -> bool:
        """Of seconds a decision, or of shares, a sum says nothing."""
        return self.unit not in ("seconds", "share")


def daily(rows: QuerySet[Any], since: Since, part: str | None, value: Any, *, when: str = "created_at") -> list[Point]:
    """One point a day (and part) of what happened from `since` on."""
    if since is not None:
        rows = rows.filter(**{f"{when}__gte": since})
    days = rows.order_by().annotate(day=TruncDate(when), part=F(part) if part else Value("")).values_list("day", "part")
    return [(day, name, float(number)) for day, name, number in days.annotate(n=value) if number is not None]


def level(today: date, parts: Iterable[tuple[str, float | None]]) -> list[Point]:
    """How it stands; what is not known is no point."""
    return [(today, name, float(number)) for name, number in parts if number is not None]
