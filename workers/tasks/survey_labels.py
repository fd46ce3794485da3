"""Look into an uploaded file of labels."""

from typing import Any

from webapp.exchange.models import LabelImport
from webapp.exchange.services import survey_run
from webapp.jobs.models import Job
from workers.lifecycle import JobContext, job_task


@job_task(Job.Kind.SURVEY_LABELS)
def survey_labels(job: JobContext) -> dict[str, Any]:
    """Writes no label, so that a second run only looks again."""
    one = LabelImport.objects.select_related("drive__taxonomy").get(id=job.params["label_import"])

    def on_progress(done: int, total: int | None) -> None:
        if done % 100 == 0:
            job.raise_if_stopped()
            job.progress(done, total, "frames")

    return survey_run(one, on_progress)
