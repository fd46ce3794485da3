"""Who works on what, from the job ledger: the truth about workers is what they hold, whatever the broker says."""

from typing import Any

from django.utils import timezone

from webapp.accounts.models import Workspace
from webapp.jobs.models import Job
from webapp.jobs.services import QUEUES

DEFAULT = "default"
NAMES = (DEFAULT, "ingest", "prelabel", "train")


def workers_report(workspace: Workspace) -> dict[str, Any]:
    """Each queue with what waits in it and how long already, and each worker that holds a job of this workspace."""
    now = timezone.now()
    active = Job.objects.filter(workspace=workspace, state__in=[Job.State.QUEUED, Job.State.RUNNING])
    queues: dict[str, dict[str, Any]] = {
        name: {"queue": name, "queued": 0, "running": 0, "oldest_s": None} for name in NAMES
    }
    workers = []
    for job in active.order_by("created_at"):
        queue = queues[QUEUES.get(job.kind, DEFAULT)]
        if job.state == Job.State.QUEUED:
            queue["queued"] += 1
            queue["oldest_s"] = max(queue["oldest_s"] or 0.0, (now - job.created_at).total_seconds())
        else:
            queue["running"] += 1
            workers.append({"name": job.worker, "job": job.id, "title": job.title, "attempts": job.attempts})
    return {"queues": list(queues.values()), "workers": workers}
