"""The ledger: what auditing cost between two evaluations of the same data, and how much AP came of it."""

from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import Count, Sum

from webapp.accounts.models import Workspace
from webapp.accounts.selectors import limits_of
from webapp.dashboards.series import decided_in
from webapp.jobs.models import Job
from webapp.registry.models import Evaluation


def ledger(workspace: Workspace) -> dict[str, Any]:
    """A line an evaluation that has one before it on the same split of the same version, newest first."""
    cost = limits_of(workspace).audit_hour_cost
    intervals = _intervals(workspace)
    lines = [
        _line(workspace, before, after, intervals.get((before.id, after.id)), cost)
        for chain in _chains(workspace)
        for before, after in pairwise(chain)
    ]
    return {"audit_hour_cost": cost, "lines": sorted(lines, key=lambda line: line["until"], reverse=True)}


def _chains(workspace: Workspace) -> list[list[Evaluation]]:
    """Evaluations with an AP, by what they were measured on, in the order of the labels that their models could know."""
    measured = Evaluation.objects.filter(workspace=workspace, figures__isnull=False)
    found = measured.select_related("model_version__dataset_version", "dataset_version__dataset")
    rows = [row for row in found if (row.figures or {}).get("AP") is not None]  # None: no truth to measure on
    chains: dict[tuple[int, str], list[Evaluation]] = {}
    for row in sorted(rows, key=lambda row: (_knows_until(row), row.id)):
        chains.setdefault((row.dataset_version_id, row.split), []).append(row)
    return list(chains.values())


def _knows_until(row: Evaluation) -> datetime:
    """A trained model knows the labels that its version froze; of any other, when it was measured has to do."""
    version = row.model_version.dataset_version
    return version.frozen_at if version and version.frozen_at else row.created_at


def _line(
    workspace: Workspace,
    before: Evaluation,
    after: Evaluation,
    interval: tuple[float, float] | None,
    cost: float | None,
) -> dict[str, Any]:
    since, until = _knows_until(before), _knows_until(after)
    spent = decided_in(workspace).filter(created_at__gt=since, created_at__lte=until)
    counted = spent.aggregate(n=Count("id"), seconds=Sum("seconds"))
    hours = (counted["seconds"] or 0.0) / 3600
    gained = _ap(after) - _ap(before)
    low, high = interval or (None, None)
    split = f" · {after.split}" if after.split else ""
    return {
        "data": f"{after.dataset_version}{split}",
        "evaluation": after.id,
        "before": before.id,
        "model": after.model_version.name,
        "since": since,
        "until": until,
        "decisions": counted["n"],
        "hours": hours,
        "ap": _ap(after),
        "gained": gained,
        "low": low,
        "high": high,
        "per_hour": gained / hours if hours else None,
        "cost": hours * cost if cost is not None else None,
    }


def _ap(row: Evaluation) -> float:
    return float((row.figures or {})["AP"])


def _intervals(workspace: Workspace) -> dict[tuple[int, int], tuple[float, float]]:
    """Of the pairs that somebody had compared, either way round."""
    found: dict[tuple[int, int], tuple[float, float]] = {}
    compared = Job.objects.filter(
        workspace=workspace, kind=Job.Kind.COMPARE_EVALUATIONS, state=Job.State.SUCCEEDED, result__isnull=False
    )
    for job in compared.order_by("created_at"):
        result = job.result or {}
        pair = result["first_evaluation"], result["second_evaluation"]
        found[pair] = result["low"], result["high"]
        found[pair[::-1]] = -result["high"], -result["low"]
    return found
