"""The clock jumps, the disk is full, the database does not answer: each is said, and nothing is lost or stays stuck."""

import errno
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from tests.factories import BoxFactory, ClipFactory, DriveFactory, FrameFactory, JobFactory, ModelVersionFactory
from webapp.core import storage
from webapp.dashboards.models import RollUp
from webapp.dashboards.rollup import rolled_up
from webapp.footage.models import Frame
from webapp.jobs import services
from webapp.jobs.models import Job
from webapp.labels.models import BoxEvent
from workers import lifecycle

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DECISION = {
    "operations": [{"id": "6f1f2a52-6c0c-4b6e-9a3f-0d5a3f6d9a02", "kind": "finish", "accept_rest": True}],
}


@pytest.fixture
def clock(monkeypatch):
    """Moves everybody's clock."""
    real = timezone.now

    def moved(by):
        monkeypatch.setattr("django.utils.timezone.now", lambda: real() + by)

    return moved


@pytest.fixture
def frame(workspace):
    model = ModelVersionFactory(workspace=workspace)
    drive = DriveFactory(workspace=workspace, label_model=model)
    frame = FrameFactory(clip=ClipFactory(drive=drive), state=Frame.State.PRELABELLED, version=2)
    BoxFactory(frame=frame, model_version=model)
    return frame


def decide(client, frame):
    path = f"/api/v1/frames/{frame.id}/operations/"
    return client.post(path, DECISION, format="json", headers={"If-Match": f'"{frame.version}"'})


def test_a_clock_that_goes_forward_gives_a_job_to_another_and_its_first_worker_writes_nothing(clock):
    first = services.start(JobFactory().id, worker="a")
    clock(HOUR)
    assert services.reap()["requeued"] == 1
    second = services.start(first.id, worker="b")
    assert not services.renew(first)
    assert not services.checkpoint(first, {"chunk": 9})
    services.finish(second, {"ok": True})
    assert Job.objects.get().state == Job.State.SUCCEEDED


def test_a_clock_that_goes_back_leaves_no_dead_job_running(clock):
    services.start(JobFactory().id, worker="dead")
    clock(-HOUR)
    assert services.reap()["requeued"] == 1


def test_a_clock_that_goes_back_a_little_takes_no_job_from_who_lives(clock):
    job = services.start(JobFactory().id, worker="alive")
    clock(-timedelta(minutes=1))
    assert services.reap()["requeued"] == 0
    assert services.renew(job)


def test_figures_of_the_future_are_counted_again(clock, workspace):
    clock(HOUR)
    ahead = rolled_up(workspace).at
    RollUp.objects.update(counting_since=timezone.now())
    clock(timedelta(0))
    assert rolled_up(workspace).at < ahead


def test_a_frame_lent_before_the_clock_went_forward_is_still_its_person_s_to_finish(clock, client, frame):
    assert client.post("/api/v1/audit/claim/", {}, format="json").json()["frames"]
    clock(HOUR)
    assert decide(client, frame).status_code == 200


def test_a_database_that_does_not_answer_in_time_is_503_and_the_same_decision_may_be_sent_again(
    client,
    frame,
    monkeypatch,
    caplog,
):
    real = BoxEvent.save

    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(BoxEvent, "save", locked)
    monkeypatch.setattr(BoxEvent.rows, "bulk_create", locked)
    monkeypatch.setattr(BoxEvent.objects, "bulk_create", locked)
    monkeypatch.setattr(BoxEvent.objects, "create", locked)
    refused = decide(client, frame)
    assert (refused.status_code, refused.json()["code"], refused["Retry-After"]) == (503, "database_busy", "1")
    assert "database is locked" in caplog.text
    assert Frame.objects.get(id=frame.id).state == Frame.State.PRELABELLED
    monkeypatch.undo()
    assert BoxEvent.save is real
    assert decide(client, frame).status_code == 200
    assert BoxEvent.objects.filter(kind=BoxEvent.Kind.FINISHED).count() == 1


def test_a_database_on_a_full_disk_is_507(client, monkeypatch):
    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("webapp.audit.services.claim", full)
    refused = client.post("/api/v1/audit/claim/", {}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (507, "storage_full")


def test_a_file_that_found_no_room_leaves_nothing_in_the_store(settings, monkeypatch):
    def full(number):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        storage.put_bytes(b"picture", ".jpg")
    monkeypatch.undo()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []
    assert storage.exists(storage.put_bytes(b"picture", ".jpg"))


def test_a_job_on_a_full_disk_fails_with_what_to_do_and_can_be_tried_again(monkeypatch):
    def full(context):
        raise OSError(errno.ENOSPC, "No space left on device")

    job = JobFactory()
    monkeypatch.setitem(lifecycle.TASKS, job.kind, full)
    ended = lifecycle.run(job.id, worker="test")
    assert (ended.state, ended.error_code) == (Job.State.FAILED, "storage_error")
    assert "full" in ended.error_hint
    assert services.retry(ended).state == Job.State.QUEUED
