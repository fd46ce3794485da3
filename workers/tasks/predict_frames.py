"""What teacher, student before and student after find on chosen frames; nothing of it becomes a label."""

from typing import Any

import orjson

from ml.schemas import Category
from ml.taxonomies import GDDA13
from webapp.core import storage
from webapp.footage.models import Frame
from webapp.jobs.models import Job
from webapp.registry.models import ModelVersion
from webapp.training.models import PredictionSet, TrainingRun
from webapp.training.predictions import models_shown, predictions_settle
from workers import evaluation, model_cache
from workers.lifecycle import JobContext, job_task

LEAST_SCORE = 0.05  # below, nobody sets the page's threshold
Found = dict[str, list[dict[str, Any]]]


@job_task(Job.Kind.PREDICT_FRAMES)
def predict_frames(job: JobContext) -> dict[str, Any]:
    """Model by model, as one alone fits into memory; a killed attempt goes on behind the last whole model."""
    made = PredictionSet.objects.get(id=job.params["prediction_set"])
    run = TrainingRun.objects.select_related("teacher", "init", "model", "dataset_version__dataset__taxonomy").get(
        id=made.run_id
    )
    known = Frame.objects.in_bulk(made.frames)
    frames = [known[id] for id in made.frames if id in known]  # one may have been deleted since
    shown = models_shown(run)
    stored = _predicted(job, frames, list({model.id: model for model in shown.values()}.values()), _categories(run))
    found = {
        "frames": [{"id": f.id, "name": f.name, "width": f.width, "height": f.height} for f in frames],
        "models": [
            {"role": role, "id": model.id, "name": model.name, "detections": _read(stored[str(model.id)])}
            for role, model in shown.items()
        ],
    }
    predictions_settle(made, found)
    return {"prediction_set": made.id, "frames": len(frames), "models": len(stored)}


def _predicted(
    job: JobContext, frames: list[Frame], models: list[ModelVersion], categories: list[Category]
) -> dict[str, str]:
    """By the model's id the key of what it found."""
    stored: dict[str, str] = dict(job.checkpoint)
    total = len(frames) * len(models)
    job.progress(len(frames) * len(stored), total, "pictures")
    for model in models:
        if str(model.id) not in stored:
            found = _of(job, model, frames, categories, done=len(frames) * len(stored), total=total)
            stored[str(model.id)] = storage.put_bytes(orjson.dumps(found), ".json")
            job.save_checkpoint(stored)
    return stored


def _of(
    job: JobContext, model: ModelVersion, frames: list[Frame], categories: list[Category], *, done: int, total: int
) -> Found:
    """A model's detections by the frame's id, surest first."""
    detector, _ = model_cache.detector(model)
    rows = {frame.id: {"image_key": frame.image_key, "file_name": frame.name} for frame in frames}
    found: Found = {str(id): [] for id in rows}
    for chunk, results in evaluation.predicted(detector, rows, categories):
        for result in sorted(results, key=lambda row: -row["score"]):
            if result["score"] >= LEAST_SCORE:
                found[str(result["image_id"])].append(_detection(result, categories))
        done += len(chunk)
        job.raise_if_stopped()
        job.progress(done, total, "pictures")
    return found


def _detection(result: dict[str, Any], categories: list[Category]) -> dict[str, Any]:
    box = [round(side, 2) for side in result["bbox"]]
    category = categories[result["category_id"] - 1].name
    return {"category": category, "box_xywh": box, "score": round(result["score"], 4)}


def _categories(run: TrainingRun) -> list[Category]:
    """Those that the run learnt."""
    return evaluation.categories_asked(run.dataset_version) if run.dataset_version else list(GDDA13)


def _read(key: str) -> Found:
    with storage.open_key(key) as file:
        found: Found = orjson.loads(file.read())
    return found
