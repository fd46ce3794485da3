"""The gallery: what each filter takes, in which order, page by page, and what a blind trial hides."""

from datetime import UTC, datetime

import pytest

from tests.factories import BoxFactory, ClipFactory, DriveFactory, FrameFactory, ModelVersionFactory
from tests.webapp.blind.conftest import annotator, drive, trial  # noqa: F401 - fixtures
from webapp.footage.models import Frame
from webapp.labels.models import Box

pytestmark = pytest.mark.django_db


@pytest.fixture
def footage(workspace):
    """Two drives, by night in rain and by day: (frames, boxes) of each with one box a frame."""

    def made(name, hour, **of_drive):
        at = datetime(2026, 5, 1, hour, tzinfo=UTC)
        one = DriveFactory(workspace=workspace, name=name, captured_at=at, **of_drive)
        clip = ClipFactory(drive=one)
        frames = [
            FrameFactory(clip=clip, index=i, state=Frame.State.PRELABELLED, risk=i / 10, name=f"{name}_{i}.jpg")
            for i in range(3)
        ]
        return frames, [BoxFactory(frame=f, risk=f.risk, score=0.9 - f.risk, width=10.0 + 30 * f.index) for f in frames]

    return made("bern", 22, weather="rain", time_of_day="night"), made("lugano", 10, weather="clear", place="Ticino")


def frames(client, **query):
    response = client.get("/api/v1/explore/frames/", query)
    assert response.status_code == 200, response.json()
    return [row["name"] for row in response.json()["results"]]


def crops(client, **query):
    response = client.get("/api/v1/explore/crops/", query)
    assert response.status_code == 200, response.json()
    return [row["frame"]["name"] for row in response.json()["results"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"text": "ticino 2"}, ["lugano_2.jpg"]),
        ({"text": "BERN_1"}, ["bern_1.jpg"]),
        ({"scene": "rain"}, ["bern_2.jpg", "bern_1.jpg", "bern_0.jpg"]),
        ({"scene": "night", "risk_max": 0.1}, ["bern_1.jpg", "bern_0.jpg"]),
        ({"hour_min": 21, "hour_max": 3, "risk_min": 0.2}, ["bern_2.jpg"]),
        ({"hour_max": 12, "score_min": 0.85}, ["lugano_0.jpg"]),
        ({"side_min": 55, "text": "lugano"}, ["lugano_2.jpg"]),
        ({"state": "audited"}, []),
        ({"box_state": "accepted"}, []),
    ],
)
def test_frames_and_crops_take_the_same_filters(client, footage, query, found):
    assert frames(client, **query) == found
    assert crops(client, **query) == found


def test_a_frames_own_scene_counts_as_well(client, footage):
    Frame.objects.filter(id=footage[1][0][0].id).update(scene={"time_of_day": "night"})
    assert set(frames(client, scene="night")) == {"bern_0.jpg", "bern_1.jpg", "bern_2.jpg", "lugano_0.jpg"}


def test_pages_follow_each_other_without_gap_or_repeat(client, footage):
    BoxFactory(frame=footage[0][0][0], risk=None)
    BoxFactory(frame=footage[0][0][1], risk=None)
    for kind, total in (("frames", 6), ("crops", 8)):
        seen, cursor = [], ""
        while cursor is not None:
            page = client.get(f"/api/v1/explore/{kind}/", {"page_size": 3, "cursor": cursor}).json()
            seen += [row["id"] if kind == "frames" else row["box"]["client_id"] for row in page["results"]]
            cursor = page["next"]
        assert len(seen) == len(set(seen)) == total
    assert client.get("/api/v1/explore/frames/", {"cursor": "nan:1"}).status_code == 404


def test_crops_are_by_falling_risk_and_without_what_was_taken_away(client, footage):
    (night, night_boxes), _ = footage
    Box.objects.filter(id=night_boxes[2].id).update(state=Box.State.REJECTED)
    BoxFactory(frame=night[0], risk=None)
    found = client.get("/api/v1/explore/crops/", {"text": "bern"}).json()["results"]
    assert [row["box"]["risk"] for row in found] == [0.1, 0.0, None]
    assert crops(client, text="bern", box_state="rejected") == ["bern_2.jpg"]


def test_another_models_labels_come_when_it_is_named(client, footage, workspace):
    model = ModelVersionFactory(workspace=workspace)
    BoxFactory(frame=footage[0][0][0], model_version=model, index=0)
    assert len(crops(client)) == 6
    assert crops(client, model=model.id) == ["bern_0.jpg"]
    assert frames(client, model=model.id) == ["bern_0.jpg"]


def test_nobody_sees_another_workspace(stranger, footage):
    assert frames(stranger) == crops(stranger) == []
    assert stranger.get("/api/v1/explore/histograms/").json()["count"] == 0


def test_a_frame_on_blind_trial_is_not_in_its_persons_explore(client, client_of, trial, annotator):  # noqa: F811
    frame = trial("ghost").frame
    theirs = client_of(annotator)
    assert frame.name in frames(client, state="audited")
    assert frame.name not in frames(theirs)
    assert frame.name not in crops(theirs)
    counts = [one.get("/api/v1/explore/histograms/", {"state": "audited"}).json()["count"] for one in (client, theirs)]
    assert counts[0] == counts[1] + 1


def test_histograms_leave_their_own_range_out_and_heed_the_others(client, footage):
    query = {"kind": "crops", "risk_min": 0.15, "hour_min": 20, "hour_max": 23}
    body = client.get("/api/v1/explore/histograms/", query).json()
    spread = {row["name"]: row for row in body["histograms"]}
    assert (body["count"], body["exact"]) == (1, True)
    assert sum(spread["risk"]["counts"]) == 3  # all of the night drive
    assert sum(spread["hour"]["counts"]) == 2  # both drives' riskiest
    assert sum(spread["score"]["counts"]) == sum(spread["side"]["counts"]) == 1
    assert [row["count"] for row in body["states"]] == [1]


def test_much_footage_is_estimated_from_frames_drawn_by_chance(client, footage, monkeypatch):
    monkeypatch.setattr("webapp.explore.histograms.FRAMES_DRAWN", {"frames": 3, "crops": 3})
    body = client.get("/api/v1/explore/histograms/", {"kind": "frames"}).json()
    assert (body["exact"], body["read"], body["count"]) == (False, 3, 6)
