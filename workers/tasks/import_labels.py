"""Bring an uploaded file of labels in."""

from typing import Any

from webapp.exchange.models import LabelImport
from webapp.exchange.services import import_run
from webapp.jobs.models import Job
from workers.blurring import blurring_of
from workers.lifecycle import JobContext, JobLost, job_task

LOOKED_EVERY = 20  # frames


@job_task(Job.Kind.IMPORT_LABELS)
def import_labels(job: JobContext) -> dict[str, Any]:
    """Pictures lie under their content, so that a second attempt finds them; the rows come in one transaction, with the job's fence in it."""
    rows = LabelImport.objects.select_related("drive__taxonomy", "drive__workspace")
    one = rows.get(id=job.params["label_import"])

    def on_progress(done: int, total: int | None) -> None:
        if done % LOOKED_EVERY == 0:
            job.raise_if_stopped()
            job.progress(done, total, "frames")

    def settle() -> None:
        job.raise_if_stopped()
        job.save_checkpoint({"written": True})

    alter = None if job.params["dry_run"] else blurring_of(one.drive.workspace, one.drive.taxonomy)
    return import_run(
        one,
        dry_run=job.params["dry_run"],
        on_progress=on_progress,
        settle=settle,
        goes_on=(JobLost,),
        alter=alter,
    )
