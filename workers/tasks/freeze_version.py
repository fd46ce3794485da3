"""Freeze a dataset version: manifest, digest, counts."""

from typing import Any

from webapp.datasets.models import DatasetVersion
from webapp.datasets.services import version_freeze
from webapp.jobs.models import Job
from workers.lifecycle import JobContext, job_task


@job_task(Job.Kind.FREEZE_VERSION)
def freeze_version(job: JobContext) -> dict[str, Any]:
    """A second run of a frozen version changes nothing; a killed one starts again from the labels."""
    version = DatasetVersion.objects.select_related("dataset__taxonomy").get(id=job.params["version"])

    def on_progress(done: int, total: int) -> None:
        job.raise_if_stopped()
        job.progress(done, total, "frames")

    version = version_freeze(version, on_progress)
    return {"version": version.id, "digest": version.digest, **version.summary}
