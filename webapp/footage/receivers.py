"""What footage does when a job ends."""

from typing import Any

from django.dispatch import receiver

from webapp.footage.models import Clip
from webapp.footage.services import clip_fail
from webapp.jobs.models import Job
from webapp.jobs.signals import job_ended


@receiver(job_ended)
def settle_clip(job: Job, **_: Any) -> None:
    """A clip never waits for a job that is over: it fails with the job's reason and keeps its file for another try."""
    if job.kind != Job.Kind.EXTRACT_FRAMES or job.state == Job.State.SUCCEEDED:
        return
    waiting = Clip.objects.filter(id=job.params["clip"], state__in=[Clip.State.UPLOADED, Clip.State.INGESTING])
    for clip in waiting.select_related("drive"):
        clip_fail(
            clip,
            code=job.error_code or "cancelled",
            detail=job.error_detail or "The ingest was cancelled.",
            keep=True,
        )
