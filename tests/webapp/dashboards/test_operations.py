"""The dashboards' figures of the product's own running and of the fleet."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import AlarmFactory, DeviceFactory, JobFactory, UplinkFactory
from webapp.dashboards.series import FLOWS, LEVELS
from webapp.fleet.models import Uplink
from webapp.jobs.models import Job

pytestmark = pytest.mark.django_db


def points(workspace, name):
    series = next(each for each in (*FLOWS, *LEVELS) if each.name == name)
    given = timezone.now().date() if series in LEVELS else None
    return {part: value for _, part, value in series.points(workspace, given)}


def test_the_queue_of_jobs_and_how_long_they_waited(workspace):
    JobFactory(workspace=workspace)
    now = timezone.now()
    for waited in (10, 30):
        job = JobFactory(workspace=workspace, state=Job.State.SUCCEEDED, started_at=now, finished_at=now)
        Job.objects.filter(id=job.id).update(created_at=now - timedelta(seconds=waited))
    assert points(workspace, "job_queue") == {"queued": 1.0}
    assert points(workspace, "job_wait") == {"": pytest.approx(20.0)}


def test_the_fleet_s_health_and_alarms(workspace):
    now = timezone.now()
    device = DeviceFactory(workspace=workspace, last_seen_at=now, health={"evicted": 3})
    DeviceFactory(workspace=workspace)
    AlarmFactory(device=device, kind="fcw")
    AlarmFactory()  # of another workspace
    UplinkFactory(
        device=device,
        trigger="uncertain",
        state=Uplink.State.LABELLED,
        received_at=now - timedelta(seconds=8),
        labelled_at=now,
    )
    assert points(workspace, "devices") == {"online": 1.0, "never": 1.0}
    assert points(workspace, "device_warnings") == {"evicted": 1.0}
    assert points(workspace, "alarms") == {"fcw": 1.0}
    assert points(workspace, "uplinks") == {"uncertain": 1.0}
    assert points(workspace, "labelling_delay") == {"": pytest.approx(8.0)}
