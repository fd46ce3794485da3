"""Drives and clips over HTTP."""

import pytest

from tests.factories import ClipFactory, DriveFactory, FrameFactory, JobFactory, TaxonomyFactory
from webapp.footage import services
from webapp.footage.models import Clip, Drive
from webapp.footage.serializers import DriveSerializer
from webapp.jobs.models import Job

pytestmark = pytest.mark.django_db
DRIVES, CLIPS = "/api/v1/drives/", "/api/v1/clips/"


@pytest.fixture
def drive(workspace) -> Drive:
    return DriveFactory(workspace=workspace)


def test_a_drive_begins_empty_with_the_workspaces_taxonomy(client, workspace):
    taxonomy = TaxonomyFactory(workspace=workspace)
    answer = client.post(DRIVES, {"name": "Monday", "vehicle": "van 7"})
    assert answer.status_code == 201, answer.data
    assert (answer.data["state"], answer.data["vehicle"], answer.data["sample_fps"]) == ("empty", "van 7", 2.0)
    assert answer.data["taxonomy"] == {"id": taxonomy.id, "name": "gdda13", "version": 1}
    assert set(answer.data["counts"].values()) == {0}
    assert (answer.data["cover"], answer.data["jobs"]) == (None, [])
    assert set(answer.data) == set(DriveSerializer().fields)  # what the schema promises


def test_sampling_by_every_nth_frame_replaces_sampling_by_time(client, workspace):
    TaxonomyFactory(workspace=workspace)
    drive = client.post(DRIVES, {"name": "Monday", "sample_every": 5}).data
    assert (drive["sample_fps"], drive["sample_every"]) == (None, 5)
    drive = client.patch(f"{DRIVES}{drive['id']}/", {"sample_fps": 4}).data
    assert (drive["sample_fps"], drive["sample_every"]) == (4.0, None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "x", "sample_fps": 0}, "sample_fps"),
        ({"name": "x", "sample_fps": 2, "sample_every": 3}, "sample_every"),
        ({"name": "x", "taxonomy": 10**6}, "taxonomy"),
    ],
)
def test_what_is_wrong_is_said_by_field(client, workspace, body, field):
    TaxonomyFactory(workspace=workspace)
    answer = client.post(DRIVES, body)
    assert answer.status_code == 400
    assert field in answer.data["fields"]
    assert not Drive.objects.exists()


def test_a_name_is_given_once(client, drive):
    answer = client.post(DRIVES, {"name": drive.name})
    assert (answer.status_code, answer.data["code"]) == (409, "name_taken")
    other = DriveFactory(workspace=drive.workspace)
    assert client.patch(f"{DRIVES}{other.id}/", {"name": drive.name}).status_code == 409


def test_another_workspaces_taxonomy_is_unknown(client, workspace):
    foreign = TaxonomyFactory(workspace=DriveFactory().workspace)
    assert "taxonomy" in client.post(DRIVES, {"name": "x", "taxonomy": foreign.id}).data["fields"]


def test_a_drive_counts_what_it_holds(client, drive):
    clip = ClipFactory(drive=drive)
    ClipFactory(drive=drive, state=Clip.State.FAILED)
    ClipFactory(drive=drive, state=Clip.State.DUPLICATE)
    frames = [FrameFactory(clip=clip, state=state) for state in ("new", "prelabelled", "reopened", "audited")]
    job = JobFactory(workspace=drive.workspace, params={"drive": drive.id})
    JobFactory(workspace=drive.workspace, params={"drive": drive.id}, state=Job.State.SUCCEEDED)
    data = client.get(f"{DRIVES}{drive.id}/").data
    counts = {"clips": 2, "clips_failed": 1, "frames": 4, "new": 1, "prelabelled": 2, "in_audit": 0, "audited": 1}
    assert data["counts"] == {**counts, "excluded": 0}
    assert data["cover"] == frames[0].id
    assert [row["id"] for row in data["jobs"]] == [str(job.id)]


def test_the_list_costs_the_same_for_many(client, workspace, django_assert_max_num_queries):
    for drive in DriveFactory.create_batch(12, workspace=workspace):
        FrameFactory(clip=ClipFactory(drive=drive))
    with django_assert_max_num_queries(9):
        rows = client.get(DRIVES).data["results"]
    assert len(rows) == 12
    assert all(row["counts"]["frames"] == 1 for row in rows)


def test_only_the_asked_members_are_sent(client, drive):
    assert client.get(DRIVES, {"fields": "id,name"}).data["results"] == [{"id": drive.id, "name": drive.name}]


def test_a_stranger_finds_no_drive_and_no_clip(stranger, drive):
    clip = ClipFactory(drive=drive, state=Clip.State.FAILED)
    assert stranger.get(DRIVES).data["results"] == []
    assert stranger.get(CLIPS, {"drive": drive.id}).data["results"] == []
    for answer in (
        stranger.get(f"{DRIVES}{drive.id}/"),
        stranger.patch(f"{DRIVES}{drive.id}/", {"name": "mine"}),
        stranger.get(f"{CLIPS}{clip.id}/"),
        stranger.post(f"{CLIPS}{clip.id}/retry/"),
    ):
        assert answer.status_code == 404


def test_clips_list_their_frames_job_and_problems(client, drive, django_assert_max_num_queries):
    problems = [{"name": "b.jpg", "code": "truncated", "detail": "The image ends early."}]
    clip = ClipFactory(drive=drive, problems=problems)
    FrameFactory.create_batch(3, clip=clip)
    job = JobFactory(workspace=drive.workspace, kind="extract_frames", params={"clip": clip.id, "drive": drive.id})
    ClipFactory.create_batch(10, drive=drive)
    ClipFactory(drive=DriveFactory(workspace=drive.workspace))
    with django_assert_max_num_queries(5):
        rows = client.get(CLIPS, {"drive": drive.id}).data["results"]
    assert len(rows) == 11
    first = next(row for row in rows if row["id"] == clip.id)
    assert (first["frames"], first["problems"], first["job"]["id"]) == (3, problems, str(job.id))


def test_a_failed_clip_is_tried_again(client, drive):
    clip = ClipFactory(drive=drive, state=Clip.State.FAILED, error_code="cancelled", error_detail="x")
    answer = client.post(f"{CLIPS}{clip.id}/retry/")
    assert (answer.status_code, answer.data["kind"], answer.data["state"]) == (201, "extract_frames", "queued")
    clip.refresh_from_db()
    assert (clip.state, clip.error_code) == ("uploaded", "")


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"state": Clip.State.READY}, "not_failed"), ({"state": Clip.State.FAILED, "key": ""}, "original_gone")],
)
def test_what_cannot_be_tried_again_says_why(client, drive, fields, code):
    answer = client.post(f"{CLIPS}{ClipFactory(drive=drive, **fields).id}/retry/")
    assert (answer.status_code, answer.data["code"]) == (409, code)


def test_a_failed_clip_whose_content_came_in_since_is_not_ingested_twice(client, drive):
    failed = ClipFactory(drive=drive, state=Clip.State.FAILED)
    ClipFactory(drive=drive, sha256=failed.sha256)
    assert client.post(f"{CLIPS}{failed.id}/retry/").data["code"] == "content_in_drive"


@pytest.mark.parametrize(
    ("clips", "state"),
    [
        ([], "empty"),
        (["uploaded", "ready"], "ingesting"),
        (["ingesting", "failed"], "ingesting"),
        (["ready", "failed"], "ready"),
        (["failed", "failed"], "failed"),
        (["ready", "duplicate"], "ready"),
    ],
)
def test_the_drives_state_is_the_sum_of_its_clips(drive, clips, state):
    for clip in clips:
        ClipFactory(drive=drive, state=clip)
    services.drive_settle(drive)
    drive.refresh_from_db()
    assert drive.state == state


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("plain", "plain"),
        ("汉字_🚗 and spaces", "汉字__and_spaces"),
        ("'; DROP TABLE box;--<img>", "DROP_TABLE_box_--_img"),
        ("../../etc", "etc"),
        ("...", "clip"),
        ("x" * 300, "x" * 100),
    ],
)
def test_names_are_made_safe_and_stay_readable(name, safe):
    assert services.safe_name(name) == safe


def test_two_clips_of_one_name_name_their_frames_apart(drive):
    first, second = (ClipFactory(drive=drive, filename=name) for name in ("front.mp4", "front.mkv"))
    assert services.frame_prefix(first) == "front"
    assert services.frame_prefix(second) == f"front~{second.id}"
