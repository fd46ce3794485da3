"""Reads of a method comparison: how far it is, and what each method gave over the seeds against the control."""

import statistics
from collections import Counter
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from django.db.models import Avg, FloatField, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from ml.distill.claims import claims_of
from ml.evaluate.seeds import paired_over_seeds
from webapp.accounts.models import Workspace
from webapp.jobs.models import Job
from webapp.registry.models import Evaluation
from webapp.registry.selectors import report_of
from webapp.training.models import CONTROL, MethodComparison, MethodSpec, Metric, TrainingRun

FIGURES = ("AP", "AP50", "AP75", "APs", "APm", "APl", "AR")
CATEGORY = "category:"  # before a category's name: its AP
TEST_SPLIT = "test"
Figures = dict[str, float]


def comparisons_of(workspace: Workspace) -> QuerySet[MethodComparison]:
    return (
        MethodComparison.objects.filter(workspace=workspace)
        .select_related("init", "teacher", "dataset_version__dataset", "created_by")
        .order_by("-id")
    )


def progress_of(comparison: MethodComparison) -> dict[str, Any]:
    """Runs by state, iterations done and to do, and the seconds that are left, None while no step was timed."""
    runs = _runs(comparison)
    states = Counter(run.job.state if run.job else Job.State.CANCELLED for run in runs)
    total = sum(run.options["iterations"] for run in runs)
    return {
        "runs": {state: states[state] for state in Job.State.values},
        "done": total - sum(_left(run) for run in runs),
        "total": total,
        "seconds_left": _seconds_left(runs, step_seconds(comparison)),
    }


def step_seconds(comparison: MethodComparison) -> dict[str, float]:
    """Mean seconds of a step by method, over all that its runs have recorded: validations and checkpoints left out."""
    rows = Metric.objects.filter(run__comparison=comparison, kind=Metric.Kind.TRAIN)
    seconds = Cast(KeyTextTransform("seconds", "values"), FloatField())
    found = rows.order_by().values_list("run__method").annotate(mean=Avg(seconds))
    return {method: mean for method, mean in found if mean is not None}


def standings(comparison: MethodComparison, figure: str = "AP") -> dict[str, Any]:
    """A row a method, the control first, with `figure` of its runs. Its models are measured on the held-out test split, where the
    version has one; else the figure is the best validation's, which is that of the weights that were kept."""
    runs = _runs(comparison)
    measured_on, figures = _figures(comparison, runs)
    known = sorted({name for found in figures.values() for name in found if name.startswith(CATEGORY)})
    values = {run.id: figures.get(run.id, {}).get(figure) for run in runs}
    return {
        "figure": figure,
        "figures": [*FIGURES, *known],
        "measured_on": measured_on,
        "rows": _rows(comparison, runs, values),
    }


def _rows(
    comparison: MethodComparison, runs: list[TrainingRun], values: dict[int, float | None]
) -> list[dict[str, Any]]:
    by_seed = {
        method: {run.seed: value for run in runs if run.method == method and (value := values[run.id]) is not None}
        for method in comparison.methods
    }
    steps = step_seconds(comparison)
    titles = dict(MethodSpec.objects.values_list("name", "title"))
    return [
        {
            "method": method,
            "title": titles.get(method, method),
            "runs": [_run(run, values[run.id]) for run in runs if run.method == method],
            **_spread(list(by_seed[method].values())),
            "against_control": _difference(by_seed[CONTROL], by_seed[method]) if method != CONTROL else None,
            "step_seconds": steps.get(method),
            "step_ratio": steps[method] / steps[CONTROL] if steps.get(CONTROL) and method in steps else None,
            "claims": [asdict(claim) for claim in claims_of(method)],
        }
        for method in comparison.methods
    ]


def _run(run: TrainingRun, value: float | None) -> dict[str, Any]:
    state = run.job.state if run.job else Job.State.CANCELLED
    return {"id": run.id, "name": run.name, "seed": run.seed, "state": state, "value": value}


def _spread(values: list[float]) -> dict[str, Any]:
    """Mean and sample deviation; the deviation of one run is unknown, not nil."""
    return {
        "mean": statistics.fmean(values) if values else None,
        "deviation": statistics.stdev(values) if len(values) > 1 else None,
    }


def _difference(control: dict[int, float], treated: dict[int, float]) -> dict[str, Any] | None:
    found = paired_over_seeds(control, treated)
    return asdict(found) if found else None


def _figures(comparison: MethodComparison, runs: list[TrainingRun]) -> tuple[str, dict[int, Figures]]:
    """Where the figures are from, and those of each run that has some."""
    version = comparison.dataset_version
    if version and version.summary["splits"].get(TEST_SPLIT, {}).get("frames"):
        return "test", _tested(comparison, runs)
    return "validation", _validated(comparison)


def _tested(comparison: MethodComparison, runs: list[TrainingRun]) -> dict[int, Figures]:
    """By run, of its model's last evaluation on the test split."""
    run_of = {run.model_id: run.id for run in runs if run.model_id}
    evaluations = Evaluation.objects.filter(
        model_version__in=run_of, dataset_version=comparison.dataset_version, split=TEST_SPLIT
    ).exclude(report_key="")
    return {run_of[e.model_version_id]: _reported(e.report_key) for e in evaluations.order_by("id")}


@lru_cache(maxsize=1024)
def _reported(report_key: str) -> Figures:
    """A report never changes: its key is the hash of its bytes."""
    report = report_of(Evaluation(report_key=report_key))
    return _flat(report["figures"], {name: row["AP"] for name, row in report["per_category"].items()})


def _validated(comparison: MethodComparison) -> dict[int, Figures]:
    """By run that has ended well, of its best validation."""
    rows = Metric.objects.filter(
        run__comparison=comparison, run__job__state=Job.State.SUCCEEDED, kind=Metric.Kind.VALIDATE
    )
    best: dict[int, dict[str, Any]] = {}
    for run_id, values in rows.order_by("run", "iteration").values_list("run", "values"):
        if values.get("AP") is not None and values["AP"] > best.get(run_id, {"AP": -1.0})["AP"]:
            best[run_id] = values
    return {run_id: _flat(values, values.get("per_category", {})) for run_id, values in best.items()}


def _flat(figures: dict[str, Any], by_category: dict[str, Any]) -> Figures:
    """One level of names; without those that there was no truth to measure on."""
    named = {name: figures.get(name) for name in FIGURES}
    named |= {f"{CATEGORY}{name}": value for name, value in by_category.items()}
    return {name: value for name, value in named.items() if value is not None and value >= 0}


def _runs(comparison: MethodComparison) -> list[TrainingRun]:
    return list(comparison.runs.select_related("job").order_by("id"))


def _left(run: TrainingRun) -> int:
    """Iterations still to train, were it to go on."""
    iterations: int = run.options["iterations"]
    if run.job is None or run.job.state == Job.State.SUCCEEDED:
        return 0
    return max(0, iterations - run.job.done)


def _seconds_left(runs: list[TrainingRun], steps: dict[str, float]) -> float | None:
    """Of what runs or waits, one after another; methods that were never timed take the mean of the others. None: nothing left, or nothing timed."""
    active = [run for run in runs if run.job and run.job.state not in Job.FINISHED_STATES]
    if not active or not steps:
        return None
    usual = statistics.fmean(steps.values())
    return sum(_left(run) * steps.get(run.method, usual) for run in active)
