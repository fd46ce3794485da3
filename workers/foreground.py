"""Run a job in the terminal, with a bar, as the command line does."""

import os
import sys
import time
from uuid import UUID

from webapp.jobs.models import Job
from workers import tasks  # noqa: F401 - fills the registry
from workers.lifecycle import run

WIDTH = 30
POLL_S = 0.5


def run_in_foreground(job_id: UUID) -> Job:
    """The ended job. Where a worker was quicker, its progress is shown until it is through."""
    job = run(job_id, worker=f"terminal:{os.getpid()}", on_progress=_draw) or Job.objects.get(id=job_id)
    while job.state not in Job.FINISHED_STATES:
        _draw(job)
        time.sleep(POLL_S)
        # Its worker may have died: then the reaper has queued it again, and it is ours to take.
        job = run(job_id, worker=f"terminal:{os.getpid()}", on_progress=_draw) or Job.objects.get(id=job_id)
    if sys.stderr.isatty():
        sys.stderr.write("\n")
    return job


def _draw(job: Job) -> None:
    if not sys.stderr.isatty():
        return
    share = job.done / job.total if job.total else 0
    left = f"{job.seconds_left:.0f} s left" if job.seconds_left is not None else ""
    rate = f"{job.rate:.1f} {job.unit}/s" if job.rate else ""
    bar = "#" * int(share * WIDTH)
    sys.stderr.write(f"\r{job.title[:40]} [{bar:<{WIDTH}}] {job.done}/{job.total or '?'} {rate} {left}   ")
    sys.stderr.flush()
