from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.factories import DeviceFactory, ReleaseFactory
from webapp.core.errors import Conflict
from webapp.fleet.models import Command, Heartbeat, Rollout
from webapp.fleet.rollouts import FEWEST_FRAMES, rollout_advance, rollout_back, rollout_start

pytestmark = pytest.mark.django_db


@pytest.fixture
def rollout(member) -> Rollout:
    [DeviceFactory(workspace=member.workspace) for _ in range(10)]
    release = ReleaseFactory(workspace=member.workspace)
    return rollout_start(release, canary_share=0.2, soak_minutes=30, max_rise=0.5, by=member.user)


def orders(rollout, **wanted):
    return Command.objects.filter(rollout=rollout, kind="install_release", **wanted)


def end(rollout, state="succeeded", ago=timedelta(minutes=31)):
    orders(rollout, state="queued").update(state=state, ended_at=timezone.now() - ago)


def beats(rollout, *, frames=0, alarms=0, errors=0, before=(10_000, 10, 0)):
    """Each device's counters before its install and since."""
    for order in orders(rollout):
        rows = [(-60, (0, 0, 0)), (-1, before), (1, before)]
        rows.append((30, tuple(b + n for b, n in zip(before, (frames, alarms, errors), strict=True))))
        for minutes, counters in rows:
            beat = Heartbeat.objects.create(
                device=order.device, boot=1, **dict(zip(("frames", "alarms", "errors"), counters, strict=True))
            )
            Heartbeat.objects.filter(id=beat.id).update(at=order.ended_at + timedelta(minutes=minutes))


def test_some_devices_first_then_all_then_done(rollout):
    assert orders(rollout).count() == 2
    assert not rollout_advance(rollout)
    end(rollout)
    assert rollout_advance(rollout)
    assert orders(rollout).count() == 10
    end(rollout)
    rollout_advance(rollout)
    rollout.refresh_from_db()
    assert rollout.state == "done"


def test_the_canaries_must_stay_healthy_for_a_while(rollout):
    end(rollout, ago=timedelta(minutes=29))
    assert not rollout_advance(rollout)


def test_devices_that_cannot_install_it_stop_it(rollout):
    end(rollout, state="failed")
    rollout_advance(rollout)
    rollout.refresh_from_db()
    assert (rollout.state, rollout.reason) == ("rolled_back", "2 of 2 devices could not install it.")
    assert orders(rollout).count() == 2


@pytest.mark.parametrize(
    ("after", "state"),
    [
        ({"frames": 5000, "alarms": 5}, "rolling"),
        ({"frames": 5000, "alarms": 40}, "rolled_back"),
        ({"frames": 5000, "errors": 40}, "rolled_back"),
        ({"frames": FEWEST_FRAMES // 4, "alarms": 40}, "rolling"),
    ],
)
def test_a_rise_of_alarms_or_errors_sends_everybody_back(rollout, after, state):
    end(rollout)
    beats(rollout, **after)
    rollout_advance(rollout)
    rollout.refresh_from_db()
    assert rollout.state == state, rollout.reason
    assert Command.objects.filter(rollout=rollout, kind="roll_back").count() == (2 if state == "rolled_back" else 0)


def test_a_person_may_stop_it_and_only_once(rollout):
    orders(rollout).filter(id=orders(rollout).first().id).update(state="delivered")
    rollout_back(rollout, "I said so.")
    assert Command.objects.filter(rollout=rollout, kind="roll_back").count() == 1
    with pytest.raises(Conflict, match="already"):
        rollout_back(rollout, "again")


def test_one_release_at_a_time(rollout, member):
    with pytest.raises(Conflict, match="on its way"):
        rollout_start(
            ReleaseFactory(workspace=member.workspace), canary_share=1, soak_minutes=0, max_rise=1, by=member.user
        )


def test_a_device_fetches_the_release_that_it_was_told_to_install(client, speaker, another):
    file = SimpleUploadedFile("model.onnx", b"weights")
    made = client.post("/api/v1/fleet-releases/", {"version": "2.0", "file": file}, format="multipart").json()
    url = f"/api/v1/device/releases/{made['id']}/file/"
    assert speaker.http.get(url).status_code == 404
    body = {"kind": "install_release", "args": {"release": made["id"]}}
    assert client.post(f"/api/v1/devices/{speaker.device.id}/commands/", body).status_code == 201
    assert speaker.orders()[0]["args"]["sha256"] == made["sha256"]
    assert b"".join(speaker.http.get(url).streaming_content) == b"weights"
    assert another.http.get(url).status_code == 404
