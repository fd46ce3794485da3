"""Pre-label a drive: a model's boxes chunk by chunk, then the risk of the drive as a whole."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from django.db import transaction
from PIL import Image

from ml.models.detector import Detector
from ml.models.looks import predict_with_looks
from ml.risk.drive import assess_drive
from ml.risk.observations import FrameDetections
from webapp.core import storage
from webapp.footage.models import Drive, Frame
from webapp.jobs.models import Job
from webapp.labels.prelabels import PrelabelledFrame, drive_risk_write, drive_shows, prelabels_write
from webapp.registry.models import ModelVersion
from webapp.registry.services import model_version_for
from webapp.taxonomy.models import Category
from workers import model_cache, translate
from workers.drive_risk import assessed
from workers.lifecycle import JobContext, JobFailed, job_task

CHUNK = 8
WRITTEN_AT_ONCE = 2  # frames: SQLite has one writer, and people decide meanwhile
ASSESS_TRIES = 3
THRESHOLDS = ("score_threshold", "candidate_threshold", "nms_iou")
Loaded = tuple[list[Frame], list["np.ndarray[Any, np.dtype[np.uint8]]"]]


@job_task(Job.Kind.PRELABEL_FRAMES)
def prelabel_frames(job: JobContext) -> dict[str, Any]:
    """Resumes behind the last frames that were written; what ran twice replaces its own rows."""
    drive = Drive.objects.select_related("workspace", "taxonomy").get(id=job.params["drive"])
    detector, model = model_cache.detector(model_version_for(drive.workspace, str(job.params["model"])))
    thresholds = {**_defaults(detector), **{k: job.params[k] for k in THRESHOLDS if k in job.params}}
    only_new = bool(job.params.get("only_new"))
    drive_shows(drive, model)
    boxes = _predict(job, drive, detector, model, thresholds, only_new=only_new)
    asked = job.params.get("second_model")
    second = ModelVersion.objects.get(workspace=drive.workspace, id=asked) if asked else None
    _assess(job, drive, model, thresholds, second)
    return {"frames": job.row.done, "boxes": boxes, "model": model.id, "sha256": model.sha256, **thresholds}


def _predict(
    job: JobContext,
    drive: Drive,
    detector: Detector,
    model: ModelVersion,
    thresholds: dict[str, float],
    *,
    only_new: bool,
) -> int:
    frames = Frame.objects.filter(drive=drive).exclude(state=Frame.State.EXCLUDED).order_by("id")
    after, done, boxes = (job.checkpoint.get(key, 0) for key in ("after", "done", "boxes"))
    waiting = list(frames.filter(id__gt=after, **({"state": Frame.State.NEW} if only_new else {})))
    total = done + len(waiting)
    categories = {category.name: category for category in drive.taxonomy.categories.all()}
    values = drive.taxonomy.values()
    looks = job.params.get("looks", [])
    job.progress(done, total, "frames")
    for chunk, images in _prefetched(waiting):
        job.raise_if_stopped()
        predicted = predict_with_looks(detector, images, values, looks=looks, **thresholds)
        scored = assess_drive(
            [FrameDetections(f.width, f.height, f.time_ms, p) for f, p in zip(chunk, predicted, strict=True)],
            categories=values,
            score_threshold=thresholds["score_threshold"],
        )
        items = [_item(frame, found, model, categories) for frame, found in zip(chunk, scored, strict=True)]
        for few in (items[at : at + WRITTEN_AT_ONCE] for at in range(0, len(items), WRITTEN_AT_ONCE)):
            with transaction.atomic():  # frames and checkpoint stand or fall together: no resumed job counts one twice
                boxes += prelabels_write(few, model=model, only_new=only_new)
                done += len(few)
                job.save_checkpoint({"after": few[-1].frame.id, "done": done, "boxes": boxes})
        job.progress(done, total, "frames")
    return int(boxes)


def _item(frame: Frame, scored: list[Any], model: ModelVersion, categories: dict[str, Category]) -> PrelabelledFrame:
    rows = [
        translate.as_box(one, frame=frame, model=model, index=index, categories=categories)
        for index, one in enumerate(scored)
    ]
    return PrelabelledFrame(frame, rows)


def _assess(
    job: JobContext, drive: Drive, model: ModelVersion, thresholds: dict[str, float], second: ModelVersion | None
) -> None:
    """The second look, with whole tracks: it replaces the risk that each chunk gave its frames for the time being."""
    for _ in range(ASSESS_TRIES):
        found = assessed(drive, model, score_threshold=thresholds["score_threshold"], second=second)
        job.raise_if_stopped()
        with transaction.atomic():
            job.save_checkpoint(job.checkpoint)
            if drive_risk_write(drive, model=model, boxes=found.boxes, tracks=found.tracks):
                return
    job.log("Another job labels this drive with the same model; the drive's risk is assessed when that one ends.")


def _prefetched(frames: list[Frame]) -> Iterator[Loaded]:
    """Chunks with their pictures decoded; the next chunk is read while the model works on this one."""
    chunks = [frames[i : i + CHUNK] for i in range(0, len(frames), CHUNK)]
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(_load, chunks[0]) if chunks else None
        for following in [*chunks[1:], None]:
            if coming is None:
                return
            loaded = coming.result()
            coming = reader.submit(_load, following) if following else None
            yield loaded


def _load(chunk: list[Frame]) -> Loaded:
    images = []
    for frame in chunk:
        try:
            with storage.open_key(frame.image_key) as file:
                images.append(np.asarray(Image.open(file).convert("RGB")))
        except FileNotFoundError as error:
            raise JobFailed(
                "frame_missing", f"The picture of frame '{frame.name}' is gone.", "Ingest its clip again."
            ) from error
    return chunk, images


def _defaults(detector: Detector) -> dict[str, float]:
    """The thresholds that the model was tuned for, where it says them."""
    return {
        "score_threshold": getattr(detector, "score_threshold", 0.3),
        "candidate_threshold": getattr(detector, "candidate_threshold", 0.1),
        "nms_iou": getattr(detector, "nms_iou", 0.65),
    }
