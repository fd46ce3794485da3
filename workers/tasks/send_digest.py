"""Send a workspace's weekly digest. A second run sends to all again: a letter twice is better than none."""

from typing import Any

from webapp.dashboards.digest import digest_send
from webapp.jobs.models import Job
from workers.lifecycle import JobContext, job_task


@job_task(Job.Kind.SEND_DIGEST)
def send_digest(job: JobContext) -> dict[str, Any]:
    return {"letters": digest_send(job.row.workspace)}
