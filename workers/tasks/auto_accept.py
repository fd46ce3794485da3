"""Accept the labels that a certificate covers, or open them again; frame by frame, so that a second run goes on where the first ended."""

from typing import Any

from webapp.autoaccept.models import Certificate
from webapp.autoaccept.services import certificate_apply, certificate_undo
from webapp.jobs.models import Job
from workers.lifecycle import JobContext, job_task


@job_task(Job.Kind.AUTO_ACCEPT)
def auto_accept(job: JobContext) -> dict[str, Any]:
    certificate = Certificate.objects.select_related("drive", "sample__drive").get(id=job.params["certificate"])

    def progress(done: int, total: int) -> None:
        job.progress(done, total, "frames")
        job.raise_if_stopped()

    run = certificate_undo if job.params["undo"] else certificate_apply
    return {"certificate": certificate.id, "labels": run(certificate, progress)}
