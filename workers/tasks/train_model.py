"""Train: lay the data out, run the trainer, keep what it reports, register what comes of it, evaluate it."""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from ml.train.checkpoint import saved
from webapp.jobs.models import Job
from webapp.registry.models import Evaluation, ModelVersion
from webapp.registry.services import evaluation_create, version_register
from webapp.training.models import Metric, TrainingRun
from webapp.training.services import metrics_record, run_finish
from workers import model_cache, supervise, training_files
from workers.lifecycle import JobCancelled, JobContext, JobFailed, job_task

TEST_SPLIT = "test"


@job_task(Job.Kind.TRAIN_MODEL)
def train_model(job: JobContext) -> dict[str, Any]:
    """A killed attempt goes on from the run's last checkpoint; each step behind the training is done once."""
    run = TrainingRun.objects.select_related("workspace", "init", "teacher", "dataset_version__dataset", "model").get(
        id=job.params["run"]
    )
    folder = Path(settings.RUNS_ROOT) / str(run.id)
    summary = job.checkpoint.get("summary") or _train(job, run, folder)
    job.save_checkpoint({"summary": summary})
    model = run.model or _register(run, folder, summary)
    model_cache.detector(model)  # what was registered loads, and its weights have a hash before anybody uses them
    evaluation = _evaluate(job, run, model)
    return {**summary, "model": model.id, "evaluation": evaluation.id if evaluation else None}


def _train(job: JobContext, run: TrainingRun, folder: Path) -> dict[str, Any]:
    total = int(run.options["iterations"])
    job.progress(0, total, "iterations")
    recipe = training_files.recipe_of(run, folder / "data")

    def on_rows(rows: list[dict[str, Any]]) -> None:
        metrics_record(run, rows)
        if rows:
            job.progress(max(row["iteration"] for row in rows), total, "iterations")
        job.raise_if_stopped()

    summary = supervise.train(folder, recipe, on_rows)
    if summary["stopped"]:  # told to stop by the system, not by a person
        raise JobCancelled
    return summary


def _register(run: TrainingRun, folder: Path, summary: dict[str, Any]) -> ModelVersion:
    """The best validated weights, or the last ones."""
    chosen = saved(folder, "best") or saved(folder, "model")
    if chosen is None:
        raise JobFailed("no_model", f"{folder} holds no model.", "The run's folder was emptied; clone the run.")
    with tempfile.TemporaryDirectory() as temporary:
        archive = training_files.pack(chosen, Path(temporary) / "model.zip", training_files.provenance_of(run))
        return _tied(run, archive, summary)


@transaction.atomic
def _tied(run: TrainingRun, archive: Path, summary: dict[str, Any]) -> ModelVersion:
    """Model and run in one transaction: killed before its end, both are made anew."""
    model = version_register(
        workspace=run.workspace,
        name=run.name,
        archive=archive,
        family=run.family,
        parent=run.init,
        dataset_version=run.dataset_version,
        method=run.method,
        code_version=run.code_version,
        metrics=_figures(run, summary),
        parameters=summary["parameters"],
    )
    run_finish(run, model)
    return model


def _figures(run: TrainingRun, summary: dict[str, Any]) -> dict[str, Any]:
    """Of the weights that are kept: the best validation, which need not be the last; empty without one."""
    best = run.metrics.filter(kind=Metric.Kind.VALIDATE, iteration=summary["best_iteration"] or 0).first()
    return {name: value for name, value in best.values.items() if name != "per_category"} if best else {}


def _evaluate(job: JobContext, run: TrainingRun, model: ModelVersion) -> Evaluation | None:
    """On the held-out test split, where the version has one."""
    version = run.dataset_version
    if version is None or not version.summary["splits"].get(TEST_SPLIT, {}).get("frames"):
        return None
    known = Evaluation.objects.filter(model_version=model, dataset_version=version, split=TEST_SPLIT).first()
    return known or evaluation_create(
        model=model, version=version, split=TEST_SPLIT, created_by=run.created_by, parent=job.row
    )
