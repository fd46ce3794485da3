"""Which frames are looked at side by side, and who may."""

import orjson
import pytest

from tests.factories import (
    ClipFactory,
    DatasetFactory,
    DriveFactory,
    EvaluationFactory,
    FrameFactory,
    ModelVersionFactory,
    TrainingRunFactory,
    VersionFactory,
)
from webapp.core import storage
from webapp.datasets.models import DatasetVersion
from webapp.footage.models import Frame
from webapp.jobs.models import Job
from webapp.training.models import PredictionSet
from webapp.training.predictions import MOST_FRAMES, predictions_settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(workspace):
    return TrainingRunFactory(workspace=workspace, model=ModelVersionFactory(workspace=workspace))


@pytest.fixture
def frames(workspace):
    """Five frames of one drive, the second of them excluded."""
    clip = ClipFactory(drive=DriveFactory(workspace=workspace))
    states = [Frame.State.NEW, Frame.State.EXCLUDED, *[Frame.State.NEW] * 3]
    return [FrameFactory(clip=clip, state=state) for state in states]


@pytest.fixture
def predict(client, run):
    return lambda **values: client.post(f"/api/v1/training-runs/{run.id}/predictions/", values, format="json")


def test_named_frames_are_shown_in_their_order(predict, run, frames, client):
    wanted = [frames[2].id, frames[0].id, frames[2].id]
    made = predict(frames=wanted)
    assert made.status_code == 202, made.json()
    assert made.json()["frames"] == wanted[:2]
    assert (made.json()["job"]["kind"], made.json()["run"]) == ("predict_frames", run.id)
    listed = client.get(f"/api/v1/training-runs/{run.id}/predictions/").json()["results"]
    assert [each["id"] for each in listed] == [made.json()["id"]]
    assert client.get(f"/api/v1/training-predictions/{made.json()['id']}/").json()["found"] is None


def test_of_a_drive_frames_are_drawn_evenly_without_the_excluded(predict, frames):
    assert predict(drive=frames[0].drive_id, count=2).json()["frames"] == [frames[0].id, frames[3].id]
    everything = [frame.id for frame in frames if frame.state != Frame.State.EXCLUDED]
    assert predict(drive=frames[0].drive_id).json()["frames"] == everything


def test_the_worst_frames_of_the_last_evaluation_are_the_usual_ones(predict, run, workspace, frames):
    gone = 10**6
    rows = [{"frame": id} for id in (frames[3].id, None, gone, frames[0].id, frames[2].id)]
    for worst in ([], rows):
        key = storage.put_bytes(orjson.dumps({"worst_frames": worst}), ".json")
        version = VersionFactory(dataset=DatasetFactory(workspace=workspace))
        EvaluationFactory(workspace=workspace, model_version=run.model, dataset_version=version, report_key=key)
    assert predict(count=2).json()["frames"] == [frames[3].id, frames[0].id]


def test_without_an_evaluation_frames_are_of_what_was_held_out(predict, run, workspace, frames):
    splits = {"train": {"drives": ["other"]}, "test": {"drives": [frames[0].drive.name]}}
    run.dataset_version = VersionFactory(
        dataset=DatasetFactory(workspace=workspace),
        state=DatasetVersion.State.FROZEN,
        digest="d" * 64,
        summary={"splits": splits},
    )
    run.save()
    assert predict(count=1).json()["frames"] == [frames[0].id]


def test_what_cannot_be_shown_is_said_by_its_field_and_nothing_is_queued(predict, run, frames):
    foreign = FrameFactory()
    for values, code, field in [
        ({}, "frames_required", "drive"),
        ({"frames": [foreign.id]}, "unknown_object", "frames"),
        ({"frames": list(range(1, MOST_FRAMES + 2))}, "too_many_frames", "frames"),
        ({"drive": foreign.drive_id}, "unknown_object", "drive"),
        ({"count": 0}, "invalid", "count"),
    ]:
        refused = predict(**values)
        assert (refused.status_code, refused.json()["code"]) == (400, code)
        assert refused.json()["fields"].keys() == {field}
    run.model = None
    run.save()
    assert (predict(drive=frames[0].drive_id).status_code, PredictionSet.objects.count()) == (409, 0)
    assert not Job.objects.filter(kind=Job.Kind.PREDICT_FRAMES).exists()


def test_a_stranger_sees_neither_the_sets_nor_what_was_found(predict, run, frames, stranger, client):
    made = PredictionSet.objects.get(id=predict(frames=[frames[0].id]).json()["id"])
    predictions_settle(made, {"frames": [], "models": []})
    path = f"/api/v1/training-predictions/{made.id}/"
    assert client.get(path).json()["found"] == {"frames": [], "models": []}
    assert stranger.get(path).status_code == 404
    assert stranger.get(f"/api/v1/training-runs/{run.id}/predictions/").status_code == 404
