"""What datasets do when a job ends."""

from typing import Any

from django.dispatch import receiver

from webapp.datasets.services import version_fail
from webapp.jobs.models import Job
from webapp.jobs.signals import job_ended


@receiver(job_ended)
def settle_version(job: Job, **_: Any) -> None:
    """A version never waits for a job that is over: it fails with it, and a retry of the job freezes it after all."""
    if job.kind == Job.Kind.FREEZE_VERSION and job.state != Job.State.SUCCEEDED:
        version_fail(job.params["version"])
