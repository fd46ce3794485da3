"""Rename, merge or split categories, or undo it: the labels that are concerned, a thousand at a time."""

from typing import Any

from webapp.control.models import TaxonomyChange
from webapp.control.taxonomy_change import change_run
from webapp.jobs.models import Job
from workers.lifecycle import JobContext, job_task


@job_task(Job.Kind.CHANGE_TAXONOMY)
def change_taxonomy(job: JobContext) -> dict[str, Any]:
    """A second run goes on: what was moved already is no longer among what is to move."""
    change = TaxonomyChange.objects.select_related("taxonomy").get(id=job.params["change"])

    def on_progress(done: int, total: int) -> None:
        job.raise_if_stopped()
        job.progress(done, total, "labels")

    return change_run(change, on_progress)
