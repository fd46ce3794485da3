"""What a device kept, between two frames that the cloud labelled."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.factories import BoxFactory, FrameFactory, SightingFactory, UplinkFactory
from webapp.fleet.models import Alarm, Sighting
from webapp.fleet.sightings import fill_enqueue
from webapp.jobs.models import Job
from workers.lifecycle import run

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 28, 12, tzinfo=UTC)


def labelled(device, drive, second, x, model):
    """A frame of 1280 x 720 that came up, with one car."""
    frame = FrameFactory(drive=drive, width=1280, height=720)
    BoxFactory(
        frame=frame, model_version=model, category=drive.taxonomy.categories.get(name="car"), score=0.9,
        x=x, y=100, width=80, height=60, frame_width=1280, frame_height=720,
    )  # fmt: skip
    at = START + timedelta(seconds=second)
    return UplinkFactory(device=device, frame=frame, state="labelled", received_at=at, at=at)


@pytest.fixture
def sighting(drive, model):
    drive.label_model = model
    drive.save()
    frames = [
        {"at_ms": START.timestamp() * 1000 + ms, "boxes": [["truck", 0.5, 500.0, 50.0, 40.0, 30.0]]}
        for ms in (0, 500, 1000)
    ]
    made = SightingFactory(
        device__workspace=drive.workspace, frames=frames, at=START, ends_at=START + timedelta(seconds=1)
    )
    labelled(made.device, drive, 0.02, 100, model)
    labelled(made.device, drive, 1.0, 200, model)
    return made


def test_a_frame_between_two_labelled_ones_gets_their_boxes_and_says_whose_word_it_is(sighting):
    job = run(fill_enqueue(sighting.device).id, worker="test")
    assert job.state == Job.State.SUCCEEDED, job.error_detail
    sighting.refresh_from_db()
    first, middle, last = sighting.filled
    assert [box["origin"] for box in first + last] == ["cloud", "cloud"]
    car, truck = middle
    assert (car["category"], car["origin"], car["box"]) == ("car", "both", [75.0, 50.0, 40.0, 30.0])
    assert (truck["category"], truck["origin"]) == ("truck", "device")
    assert car["risk"] < truck["risk"]
    assert sighting.counts["both"] == sighting.counts["device"] == 1


def test_a_second_run_finds_nothing_left_to_fill(sighting):
    run(fill_enqueue(sighting.device).id, worker="test")
    again = run(fill_enqueue(sighting.device).id, worker="test")
    assert again.result == dict.fromkeys(("messages", "frames", "boxes", "alarms", "doubtful", "asked"), 0)
    assert Sighting.objects.get().filled_at


def test_a_frame_that_stayed_warns_and_says_how_doubtful_it_is(sighting):
    """At 72 km/h a car that both neighbours have 9 m ahead, in frames for which no device warned."""
    near = ["car", 0.5, 280.0, 240.0, 80.0, 70.0]
    Sighting.objects.update(
        frames=[
            {"at_ms": START.timestamp() * 1000 + ms, "speed_kmh": 72.0, "scene": ["rain"], "boxes": [near]}
            for ms in range(0, 1001, 200)
        ]
    )
    sighting.device.uplinks.first().frame.boxes.all().update(x=560, y=480, width=160, height=140)
    sighting.device.uplinks.last().frame.boxes.all().update(x=560, y=480, width=160, height=140)
    job = run(fill_enqueue(sighting.device).id, worker="test")
    assert job.state == Job.State.SUCCEEDED, job.error_detail
    alarm = Alarm.objects.get()
    assert (alarm.source, alarm.kind, job.result["alarms"]) == ("platform", "headway", 1)
    sighting.refresh_from_db()
    assert [state["cipo"] for state in sighting.states[2:]] == ["car"] * 4
    assert [state["doubt"] > 0 for state in sighting.states] == [False, True, True, True, True, False]
    assert sighting.states[0]["scene"] == ["rain"]
