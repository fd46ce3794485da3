"""How many rows a query has, without reading all of them where there are many. The page marks such a count with ≈."""

from typing import Any

import orjson
from django.db import connections
from django.db.models import QuerySet


def count_up_to(rows: QuerySet[Any], exact_up_to: int) -> int:
    """Exact to `exact_up_to`; above it, about so many, and never fewer than that."""
    near = rows.order_by()[: exact_up_to + 1].count()
    return near if near <= exact_up_to else max(near, count_about(rows))


def count_about(rows: QuerySet[Any]) -> int:
    """On PostgreSQL what its planner expects, from the statistics that it keeps; elsewhere the exact count."""
    if connections[rows.db].vendor != "postgresql":
        return rows.order_by().count()
    return _planned_rows(rows.order_by().explain(format="json"))


def _planned_rows(plan: str) -> int:
    return int(orjson.loads(plan)[0]["Plan"]["Plan Rows"])
