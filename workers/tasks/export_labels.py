"""Write a frozen version as a zip in one of the formats."""

from typing import Any

from webapp.exchange.exports import export_run
from webapp.exchange.models import VersionExport
from webapp.jobs.models import Job
from workers.lifecycle import JobContext, job_task


@job_task(Job.Kind.EXPORT_LABELS)
def export_labels(job: JobContext) -> dict[str, Any]:
    """A second run finds what the first one kept, or writes it anew."""
    one = VersionExport.objects.select_related("version__dataset").get(id=job.params["export"])

    def on_progress(done: int, total: int) -> None:
        job.raise_if_stopped()
        job.progress(done, total, "splits")

    one = export_run(one, on_progress)
    return {"export": one.id, "version": one.version_id, "format": one.format, "size": one.size}
