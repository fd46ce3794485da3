"""Judge a model's open labels anew, as when its risk was fitted or another model has looked: clip by clip, drive by drive."""

from typing import Any

from django.db import transaction
from django.db.models import Count

from webapp.footage.models import Clip, Drive
from webapp.jobs.models import Job
from webapp.labels.prelabels import drive_risk_write
from webapp.registry.models import ModelVersion
from webapp.risk.selectors import score_threshold
from workers.drive_risk import assessed
from workers.lifecycle import JobContext, job_task

TRIES = 3


@job_task(Job.Kind.SCORE_RISK)
def score_risk(job: JobContext) -> dict[str, Any]:
    """Resumes behind the last whole clip. Drives that show another model's labels are left as they are."""
    model = ModelVersion.objects.get(id=job.params["model"])
    clips = list(_clips(model, job.params.get("drive")))
    after, done, boxes, last_track = (job.checkpoint.get(key, 0) for key in ("after", "done", "boxes", "last_track"))
    passed = [clip.id for clip in clips].index(after) + 1 if after in {clip.id for clip in clips} else 0
    total = done + sum(clip.frame_count for clip in clips[passed:])
    job.progress(done, total, "frames")
    for place in range(passed, len(clips)):
        clip = clips[place]
        job.raise_if_stopped()
        if place and clips[place - 1].drive_id != clip.drive_id:
            last_track = 0
        written, last_track = _score(job, clip, model, last_track, {"done": done, "boxes": boxes})
        done, boxes = job.checkpoint["done"], boxes + written
        job.progress(done, total, "frames")
    return {"frames": done, "boxes": boxes, "model": model.id}


def _clips(model: ModelVersion, drive: int | None) -> Any:
    """In an order that stays; tracks are numbered on from clip to clip of a drive."""
    drives = Drive.objects.filter(workspace=model.workspace, label_model=model, **({"id": drive} if drive else {}))
    clips = Clip.objects.filter(drive__in=drives, frames__isnull=False).select_related("drive__taxonomy")
    return clips.annotate(frame_count=Count("frames")).order_by("drive_id", "id")


def _score(
    job: JobContext, clip: Clip, model: ModelVersion, first_track: int, so_far: dict[str, int]
) -> tuple[int, int]:
    """How many boxes were judged, and the last number of a track. Boxes and checkpoint stand or fall together."""
    for _ in range(TRIES):
        found = assessed(
            clip.drive,
            model,
            score_threshold=score_threshold(clip.drive, model),
            clip=clip.id,
            first_track=first_track,
        )
        with transaction.atomic():
            job.save_checkpoint(
                {
                    "after": clip.id,
                    "done": so_far["done"] + clip.frame_count,  # type: ignore[attr-defined]  # annotated
                    "boxes": so_far["boxes"] + len(found.boxes),
                    "last_track": found.last_track,
                }
            )
            if drive_risk_write(clip.drive, model=model, boxes=found.boxes, tracks=found.tracks, clip=clip.id):
                return len(found.boxes), found.last_track
    job.log(f"Another job labels {clip.drive}: '{clip}' keeps the risk that it has.")
    return 0, first_track
