"""Reads of training."""

from typing import Any

from django.db.models import Max, QuerySet

from webapp.accounts.models import Workspace
from webapp.training.models import Metric, TrainingRun

MOST_POINTS = 2000  # of a curve on the wire: more than a screen has columns


def runs_of(workspace: Workspace) -> QuerySet[TrainingRun]:
    return (
        TrainingRun.objects.filter(workspace=workspace)
        .select_related("init", "teacher", "dataset_version__dataset", "job", "model", "cloned_from", "created_by")
        .annotate(iteration=Max("metrics__iteration"))
        .order_by("-id")
    )


def metrics_after(run: TrainingRun, after: int) -> dict[str, Any]:
    """Training rows behind iteration `after`, as columns for a plot, thinned evenly to MOST_POINTS; and all validations.

    A validation comes long after the training row of its iteration, so "behind" would miss it; there are few.
    """
    rows = run.metrics.filter(kind=Metric.Kind.TRAIN, iteration__gt=after)
    train = list(rows.values_list("iteration", "values"))
    step = max(1, -(-len(train) // MOST_POINTS))
    kept = train[::-step][::-1]  # the last one always
    names = sorted({name for _, values in kept for name in values})
    columns: dict[str, list[Any]] = {"iteration": [iteration for iteration, _ in kept]}
    columns |= {name: [values.get(name) for _, values in kept] for name in names}
    validated = run.metrics.filter(kind=Metric.Kind.VALIDATE).values_list("iteration", "values")
    validations = [{"iteration": iteration, **values} for iteration, values in validated]
    last = max([after, *columns["iteration"]])
    return {"train": columns, "validations": validations, "last_iteration": last}


def latest(run: TrainingRun) -> dict[str, Any] | None:
    """The last training row."""
    row = run.metrics.filter(kind=Metric.Kind.TRAIN).order_by("-iteration").first()
    return {"iteration": row.iteration, **row.values} if row else None


def best(run: TrainingRun) -> dict[str, Any] | None:
    """The validation with the highest AP."""
    rows = run.metrics.filter(kind=Metric.Kind.VALIDATE).values_list("iteration", "values")
    found = [(values["AP"], iteration) for iteration, values in rows if values.get("AP") is not None]
    return {"iteration": max(found)[1], "AP": max(found)[0]} if found else None
