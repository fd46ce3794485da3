"""Reads of training."""

from typing import Any, TypeVar

from django.db.models import Max, QuerySet

from webapp.accounts.models import Workspace
from webapp.training.models import CONTROL, MethodSpec, Metric, TrainingRun

T = TypeVar("T")

MOST_POINTS = 2000  # of a curve on the wire: more than a screen has columns
MOST_HISTOGRAMS = 120  # moments on the wire: more than the eye tells apart in one strip
HISTOGRAMS = "histograms"  # of a training row: what a method weighed, beside the terms of the loss


def methods() -> list[MethodSpec]:
    """What workers have published: the control first, then by title."""
    return sorted(MethodSpec.objects.all(), key=lambda spec: (spec.name != CONTROL, spec.title.lower()))


def runs_of(workspace: Workspace) -> QuerySet[TrainingRun]:
    return (
        TrainingRun.objects.filter(workspace=workspace)
        .select_related(
            "init", "teacher", "dataset_version__dataset", "job", "model", "cloned_from", "created_by", "comparison"
        )
        .annotate(iteration=Max("metrics__iteration"))
        .order_by("-id")
    )


def metrics_after(run: TrainingRun, after: int) -> dict[str, Any]:
    """Training rows behind iteration `after`, as columns for a plot, and what they weighed, each thinned evenly; and all validations.

    A validation comes long after the training row of its iteration, so "behind" would miss it; there are few.
    """
    rows = run.metrics.filter(kind=Metric.Kind.TRAIN, iteration__gt=after)
    train = list(rows.values_list("iteration", "values"))
    kept = _thinned(train, MOST_POINTS)
    names = sorted({name for _, values in kept for name in values} - {HISTOGRAMS})
    columns: dict[str, list[Any]] = {"iteration": [iteration for iteration, _ in kept]}
    columns |= {name: [values.get(name) for _, values in kept] for name in names}
    validated = run.metrics.filter(kind=Metric.Kind.VALIDATE).values_list("iteration", "values")
    validations = [{"iteration": iteration, **values} for iteration, values in validated]
    last = max([after, *columns["iteration"]])
    return {"train": columns, HISTOGRAMS: _weighed(train), "validations": validations, "last_iteration": last}


def latest(run: TrainingRun) -> dict[str, Any] | None:
    """The last training row."""
    row = run.metrics.filter(kind=Metric.Kind.TRAIN).order_by("-iteration").first()
    if row is None:
        return None
    return {"iteration": row.iteration, **{name: value for name, value in row.values.items() if name != HISTOGRAMS}}


def best(run: TrainingRun) -> dict[str, Any] | None:
    """The validation with the highest AP."""
    rows = run.metrics.filter(kind=Metric.Kind.VALIDATE).values_list("iteration", "values")
    found = [(values["AP"], iteration) for iteration, values in rows if values.get("AP") is not None]
    return {"iteration": max(found)[1], "AP": max(found)[0]} if found else None


def _weighed(rows: list[tuple[int, dict[str, Any]]]) -> list[dict[str, Any]]:
    """The histograms of the rows that have some: `low`, `high` and twenty `counts` by name."""
    weighed = [(iteration, values[HISTOGRAMS]) for iteration, values in rows if values.get(HISTOGRAMS)]
    return [{"iteration": iteration, "by_name": found} for iteration, found in _thinned(weighed, MOST_HISTOGRAMS)]


def _thinned(rows: list[T], most: int) -> list[T]:
    """Every n-th, the last one always."""
    step = max(1, -(-len(rows) // most))
    return rows[::-step][::-1]
