"""Build the COCO file of a version, for whoever wants a part of it before anybody took the whole."""

from typing import Any

from webapp.datasets.exports import export_build
from webapp.datasets.models import DatasetVersion
from webapp.jobs.models import Job
from workers.lifecycle import JobContext, job_task


@job_task(Job.Kind.EXPORT_VERSION)
def export_version(job: JobContext) -> dict[str, Any]:
    """A second run finds the file of the first."""
    version = DatasetVersion.objects.select_related("dataset").get(id=job.params["version"])

    def on_progress(done: int) -> None:
        job.raise_if_stopped()
        job.progress(done, None, "bytes")

    file = export_build(version, job.params["split"] or None, on_progress)
    return {"version": version.id, "split": file.split, "size": file.size, "sha256": file.sha256}
