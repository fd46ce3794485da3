"""The frame list and the pictures."""

import pytest

from tests.factories import BoxFactory, ClipFactory, DriveFactory, FrameFactory, ModelVersionFactory
from webapp.core import storage
from webapp.footage.light import light_of
from webapp.footage.models import Frame

pytestmark = pytest.mark.django_db
FRAMES = "/api/v1/frames/"


@pytest.fixture
def clip(workspace):
    return ClipFactory(drive=DriveFactory(workspace=workspace))


def ids(client, **query):
    answer = client.get(FRAMES, query)
    assert answer.status_code == 200, answer.data
    return [row["id"] for row in answer.data["results"]]


def pages(client, **query):
    """The ids of every page, following `next`."""
    answer = client.get(FRAMES, query).data
    found = [[row["id"] for row in answer["results"]]]
    while answer["next"]:
        answer = client.get(answer["next"]).data
        found.append([row["id"] for row in answer["results"]])
    return found


def test_frames_come_as_they_were_filmed(client, clip):
    other = ClipFactory(drive=clip.drive)
    late = [FrameFactory(clip=other, index=index) for index in (1, 0)]
    early = [FrameFactory(clip=clip, index=index) for index in (2, 0, 1)]
    assert ids(client, drive=clip.drive_id) == [early[1].id, early[2].id, early[0].id, late[1].id, late[0].id]


@pytest.mark.parametrize("ordering", ["", "-risk", "risk", "id", "time_ms"])
def test_pages_hold_every_frame_once_however_many_are_equal(client, clip, ordering):
    frames = [FrameFactory(clip=clip, index=index, time_ms=0, risk=index % 2 / 2) for index in range(23)]
    query = {"drive": clip.drive_id, "page_size": 5, **({"ordering": ordering} if ordering else {})}
    found = [id for page in pages(client, **query) for id in page]
    assert sorted(found) == sorted(frame.id for frame in frames)
    assert found == ids(client, **{**query, "page_size": 100})


def test_a_long_clip_is_paged_to_its_end(client, clip):
    """DRF's own cursors lose what lies behind the thousandth row of one value."""
    Frame.objects.bulk_create(FrameFactory.build_batch(2300, clip=clip))
    found = pages(client, clip=clip.id, page_size=500)
    assert [len(page) for page in found] == [500, 500, 500, 500, 300]
    assert len({id for page in found for id in page}) == 2300


def test_pages_lead_back_too(client, clip):
    for index in range(12):
        FrameFactory(clip=clip, index=index)
    first = client.get(FRAMES, {"page_size": 5}).data
    second = client.get(first["next"]).data
    last = client.get(second["next"]).data
    assert (first["previous"], last["next"]) == (None, None)
    assert client.get(last["previous"]).data["results"] == second["results"]
    assert client.get(second["previous"]).data["results"] == first["results"]


@pytest.mark.parametrize("cursor", ["x", "e30=", "eyJyIjogZmFsc2UsICJ2IjogWyJhIiwgImIiLCAiYyJdfQ=="])
def test_a_cursor_that_was_not_ours_is_refused(client, clip, cursor):
    answer = client.get(FRAMES, {"cursor": cursor})
    assert (answer.status_code, answer.data["code"]) == (404, "not_found")


def test_the_riskiest_come_first_when_asked(client, clip):
    frames = [FrameFactory(clip=clip, risk=risk) for risk in (0.2, 0.9, 0.5)]
    assert ids(client, ordering="-risk") == [frames[1].id, frames[2].id, frames[0].id]


def test_filters(client, clip):
    calm = FrameFactory(clip=clip, risk=0.1, state="prelabelled")
    risky = FrameFactory(clip=clip, risk=0.8, state="audited")
    FrameFactory(clip=ClipFactory(drive=DriveFactory(workspace=clip.drive.workspace)))
    box = BoxFactory(frame=risky)
    assert ids(client, drive=clip.drive_id) == [calm.id, risky.id]
    assert ids(client, clip=clip.id, risk_min=0.5) == [risky.id]
    assert ids(client, clip=clip.id, risk_max=0.5) == [calm.id]
    assert ids(client, state="audited") == [risky.id]
    assert ids(client, state=["audited", "prelabelled"]) == [calm.id, risky.id]
    assert ids(client, category=box.category_id) == [risky.id]


def test_a_state_that_does_not_exist_is_named(client):
    answer = client.get(FRAMES, {"state": "done"})
    assert (answer.status_code, list(answer.data["fields"])) == (400, ["state"])


def test_counts_are_of_the_boxes_that_the_desk_shows(client, clip):
    shown, other = ModelVersionFactory.create_batch(2, workspace=clip.drive.workspace)
    clip.drive.label_model = shown
    clip.drive.save()
    frame = FrameFactory(clip=clip)
    BoxFactory(frame=frame, model_version=shown, index=0)
    BoxFactory(frame=frame, model_version=shown, index=1, state="accepted")
    BoxFactory(frame=frame, model_version=shown, index=2, state="rejected")
    BoxFactory(frame=frame, model_version=other, index=0)
    row = client.get(FRAMES, {"drive": clip.drive_id}).data["results"][0]
    assert (row["boxes"], row["total_boxes"]) == (1, 2)


def test_the_list_costs_the_same_for_many(client, clip, django_assert_max_num_queries):
    for frame in FrameFactory.create_batch(20, clip=clip):
        BoxFactory(frame=frame)
    with django_assert_max_num_queries(5):
        assert len(ids(client, drive=clip.drive_id)) == 20


@pytest.mark.parametrize("kind", ["image", "thumbnail"])
def test_a_picture_is_sent_once_and_kept(client, clip, kind):
    frame = FrameFactory(clip=clip, with_picture=True)
    answer = client.get(f"{FRAMES}{frame.id}/{kind}")
    with storage.open_key(frame.image_key) as stored:
        assert b"".join(answer.streaming_content) == stored.read()
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    again = client.get(f"{FRAMES}{frame.id}/{kind}", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-9", 0, 10), ("bytes=5-", 5, None), ("bytes=-7", -7, None), ("bytes=0-99999999", 0, None)],
)
def test_a_range_of_a_picture(client, clip, asked, start, end):
    frame = FrameFactory(clip=clip, with_picture=True)
    with storage.open_key(frame.image_key) as stored:
        whole = stored.read()
    answer = client.get(f"{FRAMES}{frame.id}/image", headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.content == whole[start:end]
    assert answer["Content-Range"].endswith(f"/{len(whole)}")


def test_a_range_past_the_end_is_refused(client, clip):
    frame = FrameFactory(clip=clip, with_picture=True)
    assert client.get(f"{FRAMES}{frame.id}/image", headers={"Range": "bytes=99999999-"}).status_code == 416


def test_a_picture_that_is_gone_is_named(client, clip):
    answer = client.get(f"{FRAMES}{FrameFactory(clip=clip).id}/image")
    assert (answer.status_code, answer.data["code"]) == (404, "file_missing")


def test_a_stranger_sees_no_picture(stranger, clip):
    frame = FrameFactory(clip=clip, with_picture=True)
    assert ids(stranger) == []
    for kind in ("image", "thumbnail"):
        assert stranger.get(f"{FRAMES}{frame.id}/{kind}").status_code == 404


def test_day_and_night_are_what_was_noted_of_the_drive_or_else_what_the_picture_showed(client, workspace):
    frames = {}
    for noted in ("", "late dusk", "noon"):
        clip = ClipFactory(drive=DriveFactory(workspace=workspace, time_of_day=noted))
        for index, measured in enumerate(("day", "night", "")):
            scene = {"time_of_day": measured} if measured else {}
            frames[noted, measured] = FrameFactory(clip=clip, index=index, scene=scene).id
    assert set(ids(client, light="night")) == {
        id for (noted, measured), id in frames.items() if light_of(noted, measured) == "night"
    }
    assert set(ids(client, light="day")) == {
        id for (noted, measured), id in frames.items() if light_of(noted, measured) == "day"
    }
    assert light_of("", "") == "unknown"
    assert [light_of("late dusk", "day"), light_of("", "night"), light_of("noon", "night")] == ["night", "night", "day"]
