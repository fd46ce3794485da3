"""Jobs run in the test's own process; the broker only listens, and the model is one that needs no weights."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from ml.schemas import Category, Detection
from tests.factories import DriveFactory, ModelVersionFactory
from tests.media import passing_car, write_video
from webapp.config.celery import app as celery
from webapp.footage.models import Clip, Drive
from webapp.footage.services import clip_ingest
from webapp.jobs.models import Job
from webapp.registry.models import ModelVersion
from workers import model_cache, tasks  # noqa: F401 - fills the registry
from workers.lifecycle import run


class Killed(BaseException):
    """SIGKILL, as far as one process can play it: nothing is caught and nothing is cleaned up."""


class BrightBlock:
    """A true, if simple, detector: the bright block is a car, and a weaker second box beside it is a candidate.

    `before(call)` runs before the n-th chunk, counted from 1.
    """

    name, sha256 = "bright-block", "b" * 64
    score_threshold, candidate_threshold, nms_iou = 0.5, 0.1, 0.65

    def __init__(self) -> None:
        self.calls = 0
        self.before: Callable[[int], None] = lambda call: None

    def predict(
        self, frames: Sequence[np.ndarray], categories: Sequence[Category], **thresholds: float
    ) -> list[list[Detection]]:
        self.calls += 1
        self.before(self.calls)
        return [self._boxes(frame, thresholds["score_threshold"]) for frame in frames]

    def _boxes(self, frame: np.ndarray, score_threshold: float) -> list[Detection]:
        ys, xs = np.nonzero(frame.mean(axis=2) > 128)
        if not len(xs):
            return []
        x, y = float(xs.min()), float(ys.min())
        width, height = float(xs.max() - x + 1), float(ys.max() - y + 1)
        found = [((x, y, width, height), "car", 0.6 + x / 400), ((x, 2.0, 20.0, 20.0), "truck", 0.2)]
        return [
            Detection(box, name, score, {name: score, "bus": score / 2}, candidate=score < score_threshold)
            for box, name, score in found
        ]


@pytest.fixture(autouse=True)
def rung(monkeypatch, settings) -> list[str]:
    """The ids of the jobs that the broker was told of. Hearts do not beat: the test holds the only connection."""
    heard: list[str] = []
    monkeypatch.setattr(celery, "send_task", lambda name, args, queue: heard.append(args[0]))
    settings.JOB_HEARTBEAT_S = 3600
    return heard


@pytest.fixture
def drive(db) -> Drive:
    """A drive of which every frame is taken."""
    return DriveFactory(sample_fps=None, sample_every=1)


@pytest.fixture
def detector(monkeypatch) -> BrightBlock:
    made = BrightBlock()
    monkeypatch.setattr(model_cache, "build_detector", lambda ref: made)
    monkeypatch.setattr(model_cache, "_loaded", {})
    return made


@pytest.fixture
def model(drive, detector) -> ModelVersion:
    return ModelVersionFactory(workspace=drive.workspace)


@pytest.fixture
def video(tmp_path) -> Path:
    """Twenty pictures of a passing car, at 25 a second."""
    return write_video(tmp_path / "passing.mp4", passing_car(20))


@pytest.fixture
def ingest(drive) -> Callable[[Path], Clip]:
    """Take a file in and run its job to the end."""

    def ingested(path: Path, into: Drive = drive) -> Clip:
        clip = clip_ingest(drive=into, path=path, filename=path.name)
        for job in Job.objects.filter(kind=Job.Kind.EXTRACT_FRAMES, params__clip=clip.id):
            run(job.id, worker="test")
        clip.refresh_from_db()
        return clip

    return ingested
