"""The device's agent on a drive of the store."""

import orjson
import pytest

from ml.schemas import Detection
from tests.factories import MembershipFactory
from webapp.core import storage
from webapp.fleet.simulations import simulation_enqueue
from webapp.jobs.models import Job
from workers.lifecycle import run

pytestmark = pytest.mark.django_db


class Nearing:
    """A car ahead that comes nearer with each picture that it is asked about."""

    name, sha256 = "nearing", "c" * 64

    def __init__(self):
        self.asked = 0

    def predict(self, frames, categories, **thresholds):
        self.asked += 1
        height, width = frames[0].shape[:2]
        gap = max(4.0, 45 - 3.0 * self.asked)
        foot, wide = height / 2 + 0.94 * width * 1.4 / gap, 0.94 * width * 1.8 / gap
        return [[Detection((width / 2 - wide / 2, foot - wide * 0.8, wide, wide * 0.8), "car", 0.8)]]


@pytest.fixture
def simulated(drive, video, ingest, model, monkeypatch):
    from workers import model_cache

    monkeypatch.setattr(model_cache, "build_detector", lambda ref: Nearing())
    ingest(video)
    user = MembershipFactory(workspace=drive.workspace).user
    job = simulation_enqueue(drive.workspace, drive=drive.id, speed_kmh=90, created_by=user, model=str(model.id))
    return run(job.id, worker="test")


def stored(key):
    with storage.open_key(key) as file:
        return orjson.loads(file.read())


def test_a_simulation_has_every_moment_its_picture_and_the_alarm(simulated):
    assert simulated.state == Job.State.SUCCEEDED, simulated.error_detail
    timeline, pictures = stored(simulated.result["timeline_key"]), stored(simulated.result["pictures_key"])
    moments = timeline["moments"]
    assert len(moments) == len(pictures) == simulated.result["frames"] == 8  # 0.8 s at ten a second
    assert all(storage.open_key(key).read(2) == b"\xff\xd8" for key in pictures)
    gaps = [moment["boxes"][0]["gap_m"] for moment in moments[1:]]
    assert gaps == sorted(gaps, reverse=True)
    assert moments[-1]["cipo"] == moments[-1]["boxes"][0]["track"]
    assert simulated.result["alarms"] == sum(len(moment["alarms"]) for moment in moments) >= 1
