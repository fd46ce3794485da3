"""The job that asks a model about one frame."""

import pytest

from ml.schemas import Detection
from tests.factories import FrameFactory, JobFactory, ModelLookFactory
from webapp.jobs.models import Job
from workers import model_cache
from workers.lifecycle import run

pytestmark = pytest.mark.django_db


class Asked:
    """A detector that remembers what it was asked."""

    def predict(self, images, categories, *, score_threshold, candidate_threshold):
        self.shape, self.names = images[0].shape, [category.name for category in categories]
        return [[Detection((1, 2, 30, 20), "car", 0.3), Detection((5, 6, 7.123, 8), "truck", 0.8)]]


def test_what_it_finds_is_kept_surest_first_and_labels_nothing(monkeypatch):
    detector = Asked()
    monkeypatch.setattr(model_cache, "detector", lambda model: (detector, model))
    look = ModelLookFactory(frame=FrameFactory(with_picture=True))
    job = JobFactory(workspace=look.workspace, kind=Job.Kind.LOOK_AT_FRAME, params={"model_look": look.id})
    done = run(job.id, worker="test")
    assert (done.state, done.result) == ("succeeded", {"model_look": look.id})
    look.refresh_from_db()
    assert [(each["category"], each["score"], each["box"]) for each in look.detections] == [
        ("truck", 0.8, [5, 6, 7.12, 8]),
        ("car", 0.3, [1, 2, 30, 20]),
    ]
    assert look.milliseconds >= 0
    assert detector.shape == (look.frame.height, look.frame.width, 3)
    assert detector.names == [category.name for category in look.frame.drive.taxonomy.values()]
    assert not look.frame.boxes.exists()


def test_a_picture_that_is_gone_is_said(monkeypatch):
    monkeypatch.setattr(model_cache, "detector", lambda model: (Asked(), model))
    look = ModelLookFactory()
    job = JobFactory(workspace=look.workspace, kind=Job.Kind.LOOK_AT_FRAME, params={"model_look": look.id})
    done = run(job.id, worker="test")
    assert (done.state, done.error_code) == ("failed", "frame_missing")
    look.refresh_from_db()
    assert look.detections is None
