"""Tell a workspace's webhooks what is due; what an address does not take is due again later."""

from typing import Any

from webapp.jobs.models import Job
from webapp.webhooks.sending import delivery_try, due_deliveries
from workers.lifecycle import JobContext, job_task


@job_task(Job.Kind.SEND_WEBHOOKS)
def send_webhooks(job: JobContext) -> dict[str, Any]:
    """A second run finds what the first one left."""
    due = due_deliveries(job.row.workspace)
    taken = [delivery_try(id) for id in job.track(due, total=len(due), unit="deliveries")]
    return {"taken": sum(taken), "refused": len(taken) - sum(taken)}
