"""The ledger's transitions: one owner at a time, nothing lost, nothing done twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import ClipFactory, JobFactory, WorkspaceFactory
from webapp.config.celery import app as celery
from webapp.core.errors import Conflict
from webapp.footage.models import Clip
from webapp.jobs import services
from webapp.jobs.models import Job

pytestmark = pytest.mark.django_db


def started(**fields) -> Job:
    job = services.start(JobFactory(**fields).id, worker="first")
    assert job
    return job


def expire(job: Job) -> None:
    Job.objects.filter(id=job.id).update(lease_expires_at=timezone.now() - timedelta(seconds=1))


def test_the_bell_rings_after_the_row_is_committed(rung, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        job = services.enqueue(Job.Kind.PRELABEL_FRAMES, workspace=WorkspaceFactory(), params={}, title="x")
        assert rung == []
    for callback in callbacks:
        callback()
    assert rung == [str(job.id)]


def test_a_broker_that_is_down_does_not_lose_the_job(monkeypatch):
    def down(*_, **__):
        raise OSError("no broker")

    monkeypatch.setattr(celery, "send_task", down)
    job = JobFactory()
    services.ring(job)
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED


def test_only_one_worker_gets_a_job():
    job = JobFactory()
    first, second = services.start(job.id, worker="a"), services.start(job.id, worker="b")
    assert first
    assert (first.worker, first.attempts, second) == ("a", 1, None)


@pytest.mark.parametrize("state", Job.FINISHED_STATES)
def test_a_late_message_of_a_finished_job_does_nothing(state):
    job = JobFactory(state=state)
    assert services.start(job.id, worker="a") is None
    job.refresh_from_db()
    assert (job.state, job.attempts) == (state, 0)


def test_heartbeats_keep_a_job_from_the_reaper():
    job = started()
    expire(job)
    assert services.renew(job)
    assert services.reap()["requeued"] == 0


def test_a_job_that_outlives_its_lease_goes_on_from_its_checkpoint(rung):
    job = started()
    services.checkpoint(job, {"after": 7})
    expire(job)
    assert services.reap()["requeued"] == 1
    assert rung == [str(job.id)]
    again = services.start(job.id, worker="second")
    assert again
    assert (again.attempts, again.checkpoint) == (2, {"after": 7})
    assert "first was lost" in job.logs.get().message


def test_the_first_worker_cannot_write_once_a_second_has_the_job():
    job = started()
    expire(job)
    services.reap()
    services.start(job.id, worker="second")
    assert not services.renew(job)
    assert not services.checkpoint(job, {"after": 1})
    services.finish(job, {"frames": 1})
    services.fail(job, code="late", detail="late")
    row = Job.objects.get(id=job.id)
    assert (row.state, row.result, row.error_code, row.checkpoint) == (Job.State.RUNNING, None, "", {})


def test_a_job_that_kills_every_worker_is_given_up_by_name(settings):
    settings.JOB_MAX_ATTEMPTS = 2
    job = started()
    for _ in range(2):
        expire(job)
        services.reap()
        services.start(job.id, worker="next")
    job.refresh_from_db()
    assert (job.state, job.error_code, job.attempts) == (Job.State.FAILED, "worker_died", 2)
    assert job.error_hint


def test_a_lost_doorbell_is_rung_again_once(rung):
    job = JobFactory()
    assert services.reap()["rung"] == 0
    Job.objects.filter(id=job.id).update(updated_at=timezone.now() - timedelta(seconds=services.LOST_DOORBELL_S + 1))
    assert (services.reap()["rung"], services.reap()["rung"]) == (1, 0)
    assert rung == [str(job.id)]


def test_cancelling_a_waiting_job_ends_it_at_once():
    job = services.cancel(JobFactory())
    assert job.state == Job.State.CANCELLED
    assert services.start(job.id, worker="a") is None


def test_cancelling_a_running_job_asks_its_worker():
    job = services.cancel(started())
    assert (job.state, job.cancel_requested) == (Job.State.RUNNING, True)


def test_a_cancelled_job_whose_worker_died_is_not_started_again():
    job = services.cancel(started())
    expire(job)
    services.reap()
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED


@pytest.mark.parametrize("state", Job.FINISHED_STATES)
def test_a_finished_job_cannot_be_cancelled(state):
    with pytest.raises(Conflict) as caught:
        services.cancel(JobFactory(state=state))
    assert caught.value.code == "job_finished"


def test_retry_clears_the_error_and_keeps_the_checkpoint(django_capture_on_commit_callbacks, rung):
    job = JobFactory(
        state=Job.State.FAILED, attempts=5, error_code="storage_error", error_detail="full", checkpoint={"after": 3}
    )
    with django_capture_on_commit_callbacks(execute=True):
        services.retry(job)
    assert (job.state, job.attempts, job.error_code, job.checkpoint) == (Job.State.QUEUED, 0, "", {"after": 3})
    assert rung == [str(job.id)]


@pytest.mark.parametrize("state", [Job.State.QUEUED, Job.State.RUNNING, Job.State.SUCCEEDED])
def test_only_what_failed_can_be_tried_again(state):
    job = JobFactory(state=state, lease_expires_at=timezone.now())
    with pytest.raises(Conflict) as caught:
        services.retry(job)
    assert caught.value.code == "job_not_ended"


@pytest.mark.parametrize("end", ["cancelled", "given up"])
def test_a_clip_does_not_wait_for_a_job_that_is_over(settings, end):
    settings.JOB_MAX_ATTEMPTS = 1
    clip = ClipFactory(state=Clip.State.INGESTING)
    workspace = clip.drive.workspace
    job = started(kind=Job.Kind.EXTRACT_FRAMES, workspace=workspace, params={"clip": clip.id, "drive": clip.drive_id})
    if end == "cancelled":
        services.cancelled(job)
    else:
        expire(job)
        services.reap()
    clip.refresh_from_db()
    clip.drive.refresh_from_db()
    assert (clip.state, clip.drive.state) == ("failed", "failed")
    assert clip.error_code == ("cancelled" if end == "cancelled" else "worker_died")
    assert clip.key, "the file is kept for another try"
