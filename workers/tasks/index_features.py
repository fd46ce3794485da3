"""Look through a drive for what its frames and labels look like, so that similar ones are found."""

from typing import Any

import numpy as np

from ml.models.features import FeatureExtractor
from webapp.explore.features import MODEL, Made, Stretch, labels_of, stretches_due
from webapp.explore.services import part_record
from webapp.footage.models import Drive, Frame
from webapp.jobs.models import Job
from workers.evaluation import pixels_of
from workers.lifecycle import JobContext, job_task

_extractors: dict[str, FeatureExtractor] = {}


@job_task(Job.Kind.INDEX_FEATURES)
def index_features(job: JobContext) -> dict[str, Any]:
    """A part that was written is not due any more: a killed attempt goes on behind it, and a second run makes only what changed."""
    drive = Drive.objects.get(id=job.params["drive"])
    due = list(stretches_due(drive))
    total = sum(len(stretch.frames) for stretch in due)
    done = labels = 0
    job.progress(0, total, "frames")
    for stretch in due:
        made = _made(job, stretch, done=done, total=total)
        part_record(drive, stretch, made)
        done, labels = done + len(stretch.frames), labels + len(made.label_ids)
    return {"drive": drive.id, "frames": done, "labels": labels}


def extractor() -> FeatureExtractor:
    """Loaded once a process, beside the detector that the process labels with: it is 14 MB."""
    if MODEL not in _extractors:
        _extractors[MODEL] = FeatureExtractor(MODEL)
    return _extractors[MODEL]


def _made(job: JobContext, stretch: Stretch, *, done: int, total: int) -> Made:
    look = extractor()
    frames = Frame.objects.in_bulk(stretch.frames)
    boxes: dict[int, list[tuple[int, tuple[float, float, float, float]]]] = {id: [] for id in stretch.frames}
    for id, frame, *box in labels_of(stretch.frames).order_by("id").values_list("id", "frame", "x", "y", "width", "height"):  # fmt: skip
        boxes[frame].append((id, (box[0], box[1], box[2], box[3])))
    wholes, parts, ids = [], [], []
    for number, id in enumerate(stretch.frames, 1):
        frame = frames[id]
        row = {"image_key": frame.image_key, "file_name": frame.name}
        whole, crops = look(pixels_of(row), [box for _, box in boxes[id]])
        wholes.append(whole)
        parts.append(crops)
        ids += [label for label, _ in boxes[id]]
        if number % 8 == 0:
            job.raise_if_stopped()
            job.progress(done + number, total, "frames")
    return Made(
        np.array(stretch.frames, np.int64),
        np.stack(wholes).astype(np.float16),
        np.array(ids, np.int64),
        np.concatenate(parts).astype(np.float16),
    )
