"""The life of a job. Every transition is one guarded UPDATE, so that two processes never both win."""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from webapp.accounts.models import User, Workspace
from webapp.config.celery import app as celery
from webapp.core.errors import Conflict
from webapp.jobs.models import Job, JobLog
from webapp.jobs.signals import job_ended

logger = logging.getLogger(__name__)
QUEUES: dict[str, str] = {
    Job.Kind.EXTRACT_FRAMES: "ingest",
    Job.Kind.PRELABEL_FRAMES: "prelabel",
    Job.Kind.PREDICT_FRAMES: "prelabel",
    Job.Kind.INDEX_FEATURES: "prelabel",
    Job.Kind.LOOK_AT_FRAME: "prelabel",
    # A worker of their own: hours of training must not stand before minutes of labelling.
    Job.Kind.TRAIN_MODEL: "train",
    Job.Kind.ESTIMATE_RUN: "train",
}
LOST_DOORBELL_S = 30.0


def enqueue(
    kind: str,
    *,
    workspace: Workspace,
    params: dict[str, Any],
    title: str,
    created_by: User | None = None,
    parent: Job | None = None,
) -> Job:
    """Make the row; ring the bell once the row is committed."""
    job = Job.objects.create(
        workspace=workspace, kind=kind, params=params, title=title, created_by=created_by, parent=parent
    )
    transaction.on_commit(lambda: ring(job))
    return job


def ring(job: Job) -> None:
    """Tell the workers. A lost message only delays: the reaper rings again."""
    try:
        celery.send_task(f"workers.{job.kind}", args=[str(job.id)], queue=QUEUES.get(job.kind, "default"))
    except Exception:  # the broker may be down or its disk full; the row stands
        logger.exception("could not ring for job %s; the reaper will", job.id)


def start(job_id: UUID, *, worker: str) -> Job | None:
    """Take a queued job for this worker; None when it is finished or another's."""
    now = timezone.now()
    taken = Job.objects.filter(id=job_id, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING,
        worker=worker,
        attempts=F("attempts") + 1,
        started_at=Coalesce("started_at", now),
        lease_expires_at=_lease_end(),
        updated_at=now,
    )
    return Job.objects.get(id=job_id) if taken else None


def renew(job: Job) -> bool:
    """Heartbeat. False when the job is no longer this attempt's: the worker must stop writing."""
    return bool(_mine(job).update(lease_expires_at=_lease_end()))


def progress(job: Job, *, done: int, total: int | None, unit: str, rate: float | None) -> None:
    _mine(job).update(done=done, total=total, unit=unit, rate=rate, updated_at=timezone.now())


def checkpoint(job: Job, value: dict[str, Any]) -> bool:
    """Where the next attempt goes on, should this one die. False when the job is no longer this attempt's."""
    return bool(_mine(job).update(checkpoint=value))


def finish(job: Job, result: dict[str, Any]) -> None:
    _ended(job, _mine(job), Job.State.SUCCEEDED, result=result)


def fail(job: Job, *, code: str, detail: str, hint: str = "") -> None:
    if _ended(job, _mine(job), Job.State.FAILED, error_code=code, error_detail=detail, error_hint=hint):
        log(job, detail, JobLog.Level.ERROR)


def cancelled(job: Job) -> None:
    _ended(job, _mine(job), Job.State.CANCELLED)


def release(job: Job) -> None:
    """Give a running job back, as when the worker is told to stop: another takes it up at its checkpoint."""
    if _mine(job).update(state=Job.State.QUEUED, lease_expires_at=None, worker=""):
        ring(job)


def cancel(job: Job) -> Job:
    """A queued job ends at once; a running one at its next chunk."""
    queued = Job.objects.filter(id=job.id, state=Job.State.QUEUED)
    if not _ended(job, queued, Job.State.CANCELLED, cancel_requested=True):
        if not Job.objects.filter(id=job.id, state=Job.State.RUNNING).update(cancel_requested=True):
            raise Conflict("job_finished", "This job has ended already; there is nothing to cancel.")
        job.refresh_from_db()
    return job


def retry(job: Job) -> Job:
    """Queue a failed or cancelled job again; it goes on from its checkpoint."""
    queued = Job.objects.filter(id=job.id, state__in=[Job.State.FAILED, Job.State.CANCELLED]).update(
        state=Job.State.QUEUED,
        attempts=0,
        cancel_requested=False,
        finished_at=None,
        error_code="",
        error_detail="",
        error_hint="",
        result=None,
        updated_at=timezone.now(),
    )
    if not queued:
        raise Conflict("job_not_ended", "Only a failed or cancelled job can be tried again.")
    job.refresh_from_db()
    transaction.on_commit(lambda: ring(job))
    return job


def log(job: Job, message: str, level: str = JobLog.Level.INFO) -> None:
    JobLog.objects.create(job=job, message=message, level=level)


def reap() -> dict[str, int]:
    """Queue again what has outlived its lease, give up what died too often, ring again for what waits unheard."""
    now = timezone.now()
    counts = {"requeued": 0, "given_up": 0, "rung": 0}
    for job in Job.objects.filter(state=Job.State.RUNNING, lease_expires_at__lt=now):
        counts[_reap_one(job)] += 1
    unheard = now - timedelta(seconds=LOST_DOORBELL_S)
    for job in Job.objects.filter(state=Job.State.QUEUED, updated_at__lt=unheard)[:200]:
        Job.objects.filter(id=job.id).update(updated_at=now)
        ring(job)
        counts["rung"] += 1
    return counts


def _reap_one(job: Job) -> str:
    if job.cancel_requested:
        cancelled(job)
        return "given_up"
    if job.attempts >= settings.JOB_MAX_ATTEMPTS:
        fail(
            job,
            code="worker_died",
            detail=f"The worker died {job.attempts} times while doing this.",
            hint="Look at the worker's log: often it ran out of memory. Then press retry.",
        )
        return "given_up"
    log(job, f"Worker {job.worker} was lost; going on from the last chunk.", JobLog.Level.WARNING)
    release(job)
    return "requeued"


def _mine(job: Job) -> QuerySet[Job]:
    """This attempt's row: another attempt's worker never matches."""
    return Job.objects.filter(id=job.id, state=Job.State.RUNNING, attempts=job.attempts, worker=job.worker)


@transaction.atomic
def _ended(job: Job, rows: QuerySet[Job], state: str, **fields: Any) -> bool:
    """End the job if it is still among `rows`, and let those know who wait for it."""
    ended = rows.update(state=state, lease_expires_at=None, finished_at=timezone.now(), rate=None, **fields)
    if ended:  # else `job` keeps its attempt number, by which it is known as a late one's
        job.refresh_from_db()
        job_ended.send(Job, job=job)
    return bool(ended)


def _lease_end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.JOB_LEASE_S)
