"""What every task shares: take the row, beat, report, stop when told, end honestly."""

import logging
import os
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import close_old_connections, connection

from ml.errors import MlError
from webapp.config.celery import app
from webapp.core.errors import DomainError
from webapp.jobs import services
from webapp.jobs.models import Job, JobLog

logger = logging.getLogger(__name__)
T = TypeVar("T")
Result = dict[str, Any]
REPORT_EVERY_S = 0.5
RATE_WINDOW_S = 10.0


class JobCancelled(Exception):
    """Somebody asked for the end; raised between chunks."""


class JobLost(Exception):
    """The lease went to another worker: write nothing more."""


class JobFailed(Exception):
    """An expected failure with a reason for the user."""

    def __init__(self, code: str, detail: str, hint: str = "") -> None:
        super().__init__(detail)
        self.code, self.detail, self.hint = code, detail, hint


class JobContext:
    """A task's view of its job."""

    def __init__(self, row: Job, on_progress: Callable[[Job], None] | None = None) -> None:
        self.row = row
        self.lost = threading.Event()
        self._on_progress = on_progress
        self._reported_at = 0.0
        self._history: list[tuple[float, int]] = []

    @property
    def params(self) -> dict[str, Any]:
        return dict(self.row.params)

    @property
    def checkpoint(self) -> dict[str, Any]:
        return dict(self.row.checkpoint)

    def save_checkpoint(self, value: dict[str, Any]) -> None:
        """Where a later attempt goes on. In one transaction with a chunk's rows it is a fence too: a worker that was
        thought dead rolls its chunk back instead of writing beside its successor.

        Raises:
            JobLost: another worker has the job now.
        """
        if not services.checkpoint(self.row, value):
            raise JobLost
        self.row.checkpoint = value

    def log(self, message: str, level: str = JobLog.Level.INFO) -> None:
        services.log(self.row, message, level)

    def raise_if_stopped(self) -> None:
        """Call between chunks.

        Raises:
            JobCancelled: a person pressed cancel. JobLost: another worker has the job now.
        """
        if self.lost.is_set():
            raise JobLost
        state = Job.objects.filter(id=self.row.id).values_list("cancel_requested", flat=True).first()
        if state is None or state:
            raise JobCancelled

    def progress(self, done: int, total: int | None = None, unit: str = "") -> None:
        """Report at most twice a second; the rate is that of the last ten seconds."""
        now = time.monotonic()
        self._history = [(t, d) for t, d in self._history if now - t < RATE_WINDOW_S] + [(now, done)]
        final = total is not None and done >= total
        if now - self._reported_at < REPORT_EVERY_S and not final:
            return
        self._reported_at = now
        (t0, d0), (t1, d1) = self._history[0], self._history[-1]
        rate = (d1 - d0) / (t1 - t0) if t1 - t0 > 0.2 else None
        self.row.done, self.row.total, self.row.unit, self.row.rate = done, total, unit, rate
        services.progress(self.row, done=done, total=total, unit=unit, rate=rate)
        if self._on_progress:
            self._on_progress(self.row)

    def track(self, items: Iterable[T], *, done: int = 0, total: int | None = None, unit: str = "") -> Iterator[T]:
        """Yield the items, stopping when told and reporting after each."""
        self.progress(done, total, unit)
        for item in items:
            self.raise_if_stopped()
            yield item
            done += 1
            self.progress(done, total, unit)


Task = Callable[[JobContext], Result]
TASKS: dict[str, Task] = {}


def job_task(kind: str) -> Callable[[Task], Task]:
    """Register `workers.<kind>`; the message's only payload is the job's id."""

    def register(task: Task) -> Task:
        TASKS[kind] = task

        @app.task(name=f"workers.{kind}", ignore_result=True)  # type: ignore[untyped-decorator]  # Celery has no types
        def entry(job_id: str) -> None:
            close_old_connections()
            run(UUID(job_id), worker=f"{socket.gethostname()}:{os.getpid()}")

        return task

    return register


def run(job_id: UUID, *, worker: str, on_progress: Callable[[Job], None] | None = None) -> Job | None:
    """Run a queued job to its end; None when it was finished or taken already."""
    row = services.start(job_id, worker=worker)
    if row is None:
        return None
    context = JobContext(row, on_progress)
    stop = threading.Event()
    beat = threading.Thread(target=_beat, args=(context, stop), daemon=True)
    beat.start()
    try:
        _run_task(context)
    finally:
        stop.set()
        beat.join(timeout=5)
    row.refresh_from_db()
    return row


def _run_task(context: JobContext) -> None:
    row = context.row
    try:
        result = TASKS[row.kind](context)
    except JobCancelled:
        services.cancelled(row)
    except JobLost:
        logger.warning("job %s went to another worker", row.id)
    except (JobFailed, MlError) as error:
        services.fail(row, code=error.code, detail=error.detail, hint=error.hint)
    except DomainError as error:
        services.fail(row, code=error.code, detail=error.detail)
    except MemoryError:
        services.fail(row, code="out_of_memory", detail="The machine ran out of memory.", hint="Use a smaller batch.")
    except OSError as error:
        services.fail(
            row, code="storage_error", detail=f"{error}", hint="Is the disk full or the store away? Then retry."
        )
    except Exception as error:
        # Nobody expected it: the log keeps the trace, the person gets a sentence.
        logger.exception("job %s failed", row.id)
        services.log(row, traceback.format_exc(), JobLog.Level.ERROR)
        services.fail(row, code="unexpected", detail=f"{type(error).__name__}: {error}", hint="See the job's log.")
    else:
        services.finish(row, result)


def _beat(context: JobContext, stop: threading.Event) -> None:
    """Renew the lease until the task ends; tell the task when the lease is gone."""
    try:
        while not stop.wait(settings.JOB_HEARTBEAT_S):
            if not services.renew(context.row):
                context.lost.set()
                return
    finally:
        connection.close()
