"""Predictions side by side: stored by model, resumed behind the last whole one, and never among the labels."""

import pytest

from tests.factories import ModelVersionFactory, TrainingRunFactory
from tests.workers.conftest import Killed
from webapp.footage.models import Frame
from webapp.jobs import services as jobs
from webapp.jobs.models import Job
from webapp.labels.models import Box, BoxEvent
from webapp.training.predictions import predictions_enqueue, results_of
from workers import evaluation, model_cache
from workers.lifecycle import run as run_job


@pytest.fixture
def shown(ingest, video, drive, model):
    """Five frames to be looked at; the teacher is where the student began."""
    ingest(video)
    result = ModelVersionFactory(workspace=drive.workspace)
    row = TrainingRunFactory(workspace=drive.workspace, init=model, teacher=model, model=result)
    return predictions_enqueue(row, created_by=None, drive=drive.id, count=5)


def test_each_model_predicts_once_and_nothing_becomes_a_label(shown, detector, monkeypatch):
    monkeypatch.setattr(evaluation, "CHUNK", 2)
    job = run_job(shown.job_id, worker="test")
    assert job.state == Job.State.SUCCEEDED, job.error_detail
    assert (job.done, job.total, job.unit) == (10, 10, "pictures")
    shown.refresh_from_db()
    found = results_of(shown)
    assert [frame["id"] for frame in found["frames"]] == shown.frames
    assert [model["role"] for model in found["models"]] == ["teacher", "before", "after"]
    assert detector.calls == 2 * 3
    first = found["models"][2]["detections"][str(shown.frames[0])]
    assert [each["category"] for each in first] == ["car", "truck"]
    assert first[0]["score"] > first[1]["score"]
    assert not Box.objects.exists()
    assert not BoxEvent.objects.exists()
    assert set(Frame.objects.values_list("state", flat=True)) == {Frame.State.NEW}


def test_a_killed_attempt_goes_on_behind_the_last_whole_model(shown, detector, monkeypatch):
    def kill(call):
        if call == 4:
            raise Killed

    monkeypatch.setattr(evaluation, "CHUNK", 2)
    detector.before = kill
    with pytest.raises(Killed):
        run_job(shown.job_id, worker="first")
    detector.before, detector.calls = lambda call: None, 0
    monkeypatch.setattr(model_cache, "_loaded", {})
    jobs.release(Job.objects.get(id=shown.job_id))
    job = run_job(shown.job_id, worker="second")
    assert (job.state, detector.calls) == (Job.State.SUCCEEDED, 3)


def test_it_stops_between_chunks_when_told(shown, detector, monkeypatch):
    monkeypatch.setattr(evaluation, "CHUNK", 1)
    detector.before = lambda call: Job.objects.filter(id=shown.job_id).update(cancel_requested=call >= 2)
    job = run_job(shown.job_id, worker="test")
    assert (job.state, detector.calls) == (Job.State.CANCELLED, 2)
    shown.refresh_from_db()
    assert results_of(shown) is None


def test_a_frame_that_was_deleted_meanwhile_is_left_out(shown, detector):
    Frame.objects.filter(id=shown.frames[0]).delete()
    run_job(shown.job_id, worker="test")
    shown.refresh_from_db()
    assert [frame["id"] for frame in results_of(shown)["frames"]] == shown.frames[1:]
