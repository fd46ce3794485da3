from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import SightingFactory, UplinkFactory
from webapp.fleet.models import Sighting, Uplink
from webapp.fleet.sightings import WAITS, ready, sightings_tick
from webapp.jobs.models import Job

pytestmark = pytest.mark.django_db
CAR = ["car", 0.6, 10.0, 20.0, 30.0, 40.0]


def tell(speaker, number=1, boxes=(CAR,), **said):
    now = speaker.now_ms()
    frames = [{"at_ms": now - 400, "boxes": list(boxes)}, {"at_ms": now - 200, "boxes": []}]
    body = {"key": speaker.key(number), "at_ms": now, "sent_at_ms": now, "width": 640, "height": 360, "frames": frames}
    return speaker.http.post("/api/v1/device/sightings/", body | said)


def test_what_a_device_kept_comes_once_whatever_the_network_repeats(speaker, client):
    assert [tell(speaker).status_code for _ in range(3)] == [201, 200, 200]
    row = client.get("/api/v1/fleet-sightings/").json()["results"][0]
    assert (row["seen"], row["filled_at"], "frames" in row) == (2, None, False)
    whole = client.get(f"/api/v1/fleet-sightings/{row['id']}/").json()
    assert whole["frames"][0]["boxes"] == [CAR]


def test_a_device_with_a_wrong_clock_saw_it_by_ours(speaker):
    skewed = speaker.now_ms() + 3_600_000
    tell(speaker, sent_at_ms=skewed, frames=[{"at_ms": skewed - 1000, "boxes": []}])
    assert abs(Sighting.objects.get().at - timezone.now()) < timedelta(seconds=5)


@pytest.mark.parametrize(
    "box", [["car", 0.5, 1, 2, 3], ["car", 2, 1, 2, 3, 4], ["car", 0.5, 1, 2, 0, 4], ["car", "x", 1, 2, 3, 4], [1] * 6]
)
def test_what_is_no_box_is_refused(speaker, box):
    assert tell(speaker, boxes=[box]).status_code == 400
    assert not Sighting.objects.exists()


def test_it_waits_for_the_labelled_frame_behind_it_and_for_those_on_their_way(speaker):
    now = timezone.now()
    seen = SightingFactory(device=speaker.device, at=now - timedelta(seconds=9), ends_at=now - timedelta(seconds=5))
    sightings_tick()
    assert not ready().exists()
    assert not Job.objects.exists()
    behind = UplinkFactory(device=speaker.device, state="received", received_at=now, at=now - timedelta(seconds=4))
    assert not ready().exists()
    Uplink.objects.filter(id=behind.id).update(state="labelled")
    assert ready().get() == seen
    sightings_tick()
    sightings_tick()
    assert Job.objects.get().kind == Job.Kind.FILL_SIGHTINGS


def test_without_a_frame_behind_it_the_one_before_is_enough_after_a_while(speaker):
    seen = SightingFactory(device=speaker.device)
    Sighting.objects.update(received_at=timezone.now() - WAITS - timedelta(seconds=1))
    assert ready(speaker.device).get() == seen
