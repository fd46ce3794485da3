"""The nearest by cosine, among what a question takes; made anew only where labels changed."""

import numpy as np
import pytest

from tests.factories import BoxFactory, ClipFactory, DriveFactory, FrameFactory
from webapp.explore import features
from webapp.explore.features import Made, coverage, nearest, stretches_due
from webapp.explore.models import FeaturePart
from webapp.explore.services import part_record
from webapp.labels.models import Box

pytestmark = pytest.mark.django_db


@pytest.fixture
def drive(workspace, monkeypatch):
    """Five frames with a label each, in parts of two; the vector of the i-th points i tenths of a turn round."""
    monkeypatch.setattr(features, "PART", 2)
    clip = ClipFactory(drive=DriveFactory(workspace=workspace))
    for index in range(5):
        BoxFactory(frame=FrameFactory(clip=clip, index=index, risk=index / 10))
    index_all(clip.drive)
    return clip.drive


def index_all(drive):
    made = []
    for stretch in stretches_due(drive):
        boxes = Box.objects.filter(frame__in=stretch.frames).order_by("id")
        turns = np.array([box.frame.index for box in boxes]) * 2 * np.pi / 10
        vectors = np.stack([np.cos(turns), np.sin(turns)], 1).astype(np.float16)
        ids = np.array([box.id for box in boxes])
        part_record(drive, stretch, Made(np.array(stretch.frames), vectors, ids, vectors))
        made.append(len(stretch.frames))
    return made


@pytest.fixture(params=["part by part", "one file of all"])
def either_way(request, monkeypatch, settings, tmp_path):
    settings.FEATURES_ROOT = tmp_path
    monkeypatch.setattr(features, "FEW_PARTS", 16 if request.param == "part by part" else 0)
    return tmp_path


@pytest.mark.usefixtures("either_way")
def test_nearest_first_and_the_one_itself_at_the_head(client, drive):
    frames = list(drive.frames.order_by("index"))
    found = client.get("/api/v1/explore/similar/", {"frame": frames[0].id, "count": 3}).json()
    assert [row["id"] for row in found["frames"]] == [frame.id for frame in frames[:3]]
    assert found["frames"][0]["likeness"] == pytest.approx(1, abs=1e-3)
    label = Box.objects.get(frame=frames[4])
    crops = client.get("/api/v1/explore/similar/", {"label": label.client_id, "risk_max": 1}).json()["crops"]
    assert [row["frame"]["id"] for row in crops][:3] == [frame.id for frame in frames[:1:-1]]
    narrowed = client.get("/api/v1/explore/similar/", {"frame": frames[0].id, "risk_min": 0.25}).json()
    assert {row["id"] for row in narrowed["frames"]} == {frames[3].id, frames[4].id}


@pytest.mark.usefixtures("either_way")
def test_parts_give_what_one_comparison_of_all_gives(drive, workspace):
    chance = np.random.default_rng(3)
    whole = chance.normal(size=(5, 2)).astype(np.float16)
    for at, part in enumerate(FeaturePart.objects.order_by("id")):
        rows = whole[2 * at : 2 * at + 2]
        ids = np.arange(2 * at, 2 * at + len(rows))
        key = features.storage.put_bytes(features.packed(Made(ids, rows, ids, rows)), ".npz")
        FeaturePart.objects.filter(id=part.id).update(key=key, frame_mean=features.mean_of(rows), frames=len(rows))
    centred = whole.astype(float) - whole.astype(float).mean(0)
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    found = nearest(workspace, "frames", whole[1].astype(np.float32), count=4)
    assert [id for id, _ in found] == np.argsort(-(centred @ centred[1]))[:4].tolist()
    assert [cosine for _, cosine in found] == pytest.approx(np.sort(centred @ centred[1])[::-1][:4], abs=1e-2)


def test_only_what_changed_is_made_again_and_no_file_is_left_behind(drive, workspace):
    assert index_all(drive) == []
    assert coverage(workspace) == {"frames": 5, "labels": 5}
    old = FeaturePart.objects.order_by("id")[1]
    BoxFactory(frame=drive.frames.order_by("index")[2])
    assert index_all(drive) == [2]
    assert not features.storage.exists(old.key)
    assert coverage(workspace) == {"frames": 5, "labels": 6}


def test_a_frame_without_features_says_so(client, drive, stranger):
    clip = drive.clips.get()
    frame = FrameFactory(clip=clip, index=9)
    assert client.get("/api/v1/explore/similar/", {"frame": frame.id}).json()["code"] == "not_indexed"
    assert stranger.get("/api/v1/explore/similar/", {"frame": frame.id}).status_code == 404
    assert client.get("/api/v1/explore/similar/").status_code == 400


def test_a_job_a_drive_and_none_twice(client, drive):
    first = client.post("/api/v1/explore/features/", {}, format="json").json()["results"]
    assert [job["params"] for job in first] == [{"drive": drive.id}]
    assert client.post("/api/v1/explore/features/", {"drive": drive.id}, format="json").json()["results"] == []
