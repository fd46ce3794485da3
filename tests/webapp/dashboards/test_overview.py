"""Home's numbers, in as few queries as there are tables."""

import pytest
from django.utils import timezone

from tests.factories import BoxFactory, ClipFactory, DeviceFactory, DriveFactory, FrameFactory, JobFactory
from webapp.dashboards.models import RollUp
from webapp.dashboards.rollup import rolled_up
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


def test_the_loop_ends_at_the_devices(client, workspace):
    DeviceFactory(workspace=workspace, last_seen_at=timezone.now())
    DeviceFactory(workspace=workspace)
    DeviceFactory()  # of another workspace
    assert client.get(URL).json()["fleet"] == {"devices": 2, "online": 1}


def test_what_takes_long_to_count_is_read_as_it_was_rolled_up(client, workspace, footage):
    rolled_up(workspace)
    RollUp.objects.update(took={"labels_by_state": {"at": timezone.now().isoformat(), "s": 5.0}})
    BoxFactory(frame=Frame.objects.first())
    body = client.get(URL).json()
    assert (body["boxes"]["pending"], body["boxes"]["rejected"], body["boxes"]["edited"]) == (4, 4, 0)


def test_nothing_waits_where_nothing_is(client):
    body = client.get(URL).json()
    assert body["waiting"] == []
    assert body["frames"]["total"] == 0


def test_a_strangers_footage_is_not_counted(stranger, footage):
    assert stranger.get(URL).json()["footage"]["drives"] == 0


def test_it_takes_one_query_a_table(client, footage, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        client.get(URL)
