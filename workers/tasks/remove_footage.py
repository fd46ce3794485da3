"""Take footage away, or find what would be: every copy of it, clip after clip."""

from typing import Any

from webapp.control.models import FootageRemoval
from webapp.control.removal import removal_run
from webapp.jobs.models import Job
from workers.lifecycle import JobContext, job_task


@job_task(Job.Kind.REMOVE_FOOTAGE)
def remove_footage(job: JobContext) -> dict[str, Any]:
    """A second run goes on with the clips that are left, and first drops the files of the one that the first run was at."""
    one = FootageRemoval.objects.select_related("workspace", "drive").get(id=job.params["removal"])

    def on_progress(done: int, total: int) -> None:
        job.raise_if_stopped()
        job.progress(done, total, "clips")

    report = removal_run(one, job.checkpoint, job.save_checkpoint, on_progress)
    return {"removal": one.id, "rows": report["rows"], "bytes": report["bytes"]}
