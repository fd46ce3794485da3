"""One frame, one model, one answer: what stands beside a device's network when it is tried."""

import time
from typing import Any

from ml.schemas import Detection
from webapp.edge.looks import look_settle
from webapp.edge.models import ModelLook
from webapp.jobs.models import Job
from workers import evaluation, model_cache
from workers.lifecycle import JobContext, job_task

LEAST_SCORE = 0.05  # the page's slider begins there


@job_task(Job.Kind.LOOK_AT_FRAME)
def look_at_frame(job: JobContext) -> dict[str, Any]:
    """Asked for the categories of the frame's drive, as pre-labelling asks. A killed attempt begins again: it is one picture."""
    look = ModelLook.objects.select_related("frame__drive__taxonomy", "model_version").get(id=job.params["model_look"])
    frame = look.frame
    detector, _ = model_cache.detector(look.model_version)
    pixels = evaluation.pixels_of({"image_key": frame.image_key, "file_name": frame.name})
    job.raise_if_stopped()
    began = time.perf_counter()
    [found] = detector.predict(
        [pixels], frame.drive.taxonomy.values(), score_threshold=LEAST_SCORE, candidate_threshold=LEAST_SCORE
    )
    milliseconds = round(1000 * (time.perf_counter() - began), 1)
    look_settle(look, [_told(each) for each in sorted(found, key=lambda d: -d.score)], milliseconds=milliseconds)
    job.progress(1, 1, "pictures")
    return {"model_look": look.id}  # no count: annotators read jobs, and a trial of theirs may lie on this frame


def _told(found: Detection) -> dict[str, Any]:
    return {"category": found.category, "score": round(found.score, 4), "box": [round(v, 2) for v in found.box_xywh]}
