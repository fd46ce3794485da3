"""What every task shares: the heart beats while it works, progress is reported, the terminal sees a job through."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from ml.errors import BadMedia
from tests.factories import JobFactory
from webapp.core.errors import DomainError
from webapp.jobs import services
from webapp.jobs.models import Job
from workers import lifecycle
from workers.foreground import run_in_foreground
from workers.lifecycle import JobContext, JobFailed, run


@pytest.fixture
def task(monkeypatch):
    """Put a function in the place of a kind's task."""

    def put(function) -> None:
        monkeypatch.setitem(lifecycle.TASKS, Job.Kind.PRELABEL_FRAMES, function)

    return put


@pytest.mark.django_db(transaction=True)
def test_the_heart_beats_while_the_task_works(task, settings):
    settings.JOB_HEARTBEAT_S = 0.05
    renewed = threading.Event()
    job = JobFactory()

    def work(context: JobContext):
        Job.objects.filter(id=job.id).update(lease_expires_at=timezone.now() - timedelta(seconds=1))
        while not renewed.wait(0.05):
            if Job.objects.get(id=job.id).lease_expires_at > timezone.now():
                renewed.set()
        return {}

    task(work)
    assert run(job.id, worker="test").state == "succeeded"


@pytest.mark.django_db(transaction=True)
def test_a_task_learns_that_its_job_went_to_another_worker(task, settings):
    settings.JOB_HEARTBEAT_S = 0.05
    job = JobFactory()

    def work(context: JobContext):
        Job.objects.filter(id=job.id).update(worker="another")
        assert context.lost.wait(30)
        context.raise_if_stopped()
        return {}

    task(work)
    ended = run(job.id, worker="test")
    assert (ended.state, ended.worker) == ("running", "another"), "it is the other's to end"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "code", "hint"),
    [
        (BadMedia("cut", code="truncated", hint="copy it again"), "truncated", "copy it again"),
        (DomainError("no_taxonomy", "none"), "no_taxonomy", ""),
        (JobFailed("frame_missing", "gone", "ingest again"), "frame_missing", "ingest again"),
        (MemoryError(), "out_of_memory", "Use a smaller batch."),
        (OSError(28, "No space left"), "storage_error", "Is the disk full or the store away? Then retry."),
        (KeyError("x"), "unexpected", "See the job's log."),
    ],
)
def test_every_failure_has_a_name(task, error, code, hint):
    def work(context: JobContext):
        raise error

    task(work)
    job = run(JobFactory().id, worker="test")
    assert (job.state, job.error_code, job.error_hint) == ("failed", code, hint)
    assert job.error_detail
    assert job.logs.filter(level="error").exists()


@pytest.mark.django_db
def test_track_reports_each_item_and_stops_when_told(task):
    job = JobFactory()
    seen = []

    def work(context: JobContext):
        for item in context.track(range(10), total=10, unit="items"):
            seen.append(item)
            if item == 3:
                services.cancel(context.row)
        return {}

    task(work)
    ended = run(job.id, worker="test")
    assert (ended.state, seen) == ("cancelled", [0, 1, 2, 3])


@pytest.mark.django_db
def test_the_rate_is_that_of_the_last_seconds(task, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(lifecycle.time, "monotonic", lambda: clock[0])
    rates = []

    def work(context: JobContext):
        for done in range(1, 31):
            clock[0] += 1.0 if done <= 15 else 0.5  # twice as fast in the second half
            context.progress(done, 30, "frames")
            rates.append(context.row.rate)
        return {}

    task(work)
    run(JobFactory().id, worker="test")
    assert rates[10] == pytest.approx(1.0)
    assert rates[-1] == pytest.approx(2.0, rel=0.35)


@pytest.mark.django_db
def test_the_terminal_waits_for_a_worker_that_was_quicker(monkeypatch):
    job = services.start(JobFactory().id, worker="quick")
    polls = []

    def sleep(_: float) -> None:
        polls.append(Job.objects.get(id=job.id).state)
        services.finish(job, {"frames": 3})

    monkeypatch.setattr("workers.foreground.time.sleep", sleep)
    assert run_in_foreground(job.id).result == {"frames": 3}
    assert polls == ["running"]
