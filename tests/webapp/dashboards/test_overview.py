"""Home's numbers, in as few queries as there are tables."""

import pytest

from tests.factories import BoxFactory, ClipFactory, DriveFactory, FrameFactory, JobFactory
from webapp.footage.models import Clip, Frame
from webapp.jobs.models import Job
from webapp.labels.models import Box

pytestmark = pytest.mark.django_db
URL = "/api/v1/overview/"


@pytest.fixture
def footage(workspace):
    clip = ClipFactory(drive=DriveFactory(workspace=workspace), duration_ms=1_800_000.0)
    ClipFactory(drive=clip.drive, state=Clip.State.FAILED)
    ClipFactory(drive=clip.drive, state=Clip.State.DUPLICATE)
    for state in (Frame.State.NEW, Frame.State.PRELABELLED, Frame.State.REOPENED, Frame.State.AUDITED):
        frame = FrameFactory(clip=clip, state=state)
        BoxFactory(frame=frame, state=Box.State.REJECTED)
        BoxFactory(frame=frame)
    JobFactory(workspace=workspace, state=Job.State.FAILED)
    return clip


def test_the_loop_at_a_glance(client, footage):
    body = client.get(URL).json()
    assert body["footage"] == {"drives": 1, "clips": 2, "clips_failed": 1, "hours": 0.5}
    assert (body["frames"]["total"], body["frames"]["new"], body["frames"]["audited"]) == (4, 1, 1)
    assert (body["boxes"]["pending"], body["boxes"]["rejected"], body["boxes"]["edited"]) == (4, 4, 0)
    assert body["jobs"] == {"queued": 0, "running": 0, "failed": 1}
    assert {row["what"]: row["count"] for row in body["waiting"]} == {
        "frames_to_audit": 2,
        "frames_to_prelabel": 1,
        "clips_failed": 1,
        "jobs_failed": 1,
        "drives_unversioned": 1,
    }


def test_nothing_waits_where_nothing_is(client):
    body = client.get(URL).json()
    assert body["waiting"] == []
    assert body["frames"]["total"] == 0


def test_a_strangers_footage_is_not_counted(stranger, footage):
    assert stranger.get(URL).json()["footage"]["drives"] == 0


def test_it_takes_one_query_a_table(client, footage, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        client.get(URL)
