"""What people tell devices to go by."""

import pytest

from tests.factories import FrameFactory, UplinkFactory
from webapp.fleet import platform_alarm
from webapp.fleet.models import Command, Device

pytestmark = pytest.mark.django_db
CAMERA = {"width": 1280, "height": 720, "focal_px": 1200, "height_m": 1.4, "pitch_deg": 1.5}


def test_a_camera_is_noted_and_told_and_the_older_word_is_taken_back(client, speaker):
    url = f"/api/v1/devices/{speaker.device.id}/camera/"
    client.put(url, CAMERA)
    assert client.put(url, CAMERA | {"height_m": 2.1}).json()["kind"] == "set_camera"
    assert client.get(f"/api/v1/devices/{speaker.device.id}/").json()["camera"]["height_m"] == 2.1
    [due] = speaker.orders()
    assert (due["kind"], due["args"]["height_m"]) == ("set_camera", 2.1)
    assert client.delete(url).status_code == 200
    assert Device.objects.get().camera == {}


def test_a_camera_that_cannot_be_changes_nothing(client, speaker):
    url = f"/api/v1/devices/{speaker.device.id}/camera/"
    assert client.put(url, CAMERA | {"height_m": 40}).json()["fields"].keys() == {"height_m"}
    assert not Command.objects.exists()


def test_a_setting_for_all_reaches_every_device_of_the_workspace_alone(client, speaker, another, stranger):
    told = client.post("/api/v1/fleet-orders/", {"kind": "set_budget", "args": {"key_every_ms": 500}})
    assert told.json() == {"devices": 2}
    assert [one["args"] for who in (speaker, another) for one in who.orders()] == [{"key_every_ms": 500}] * 2
    refused = client.post("/api/v1/fleet-orders/", {"kind": "set_budget", "args": {"share": 3}})
    assert refused.json()["code"] == "invalid"


def test_a_device_says_what_it_goes_by(client, speaker):
    settings = {"thresholds": {"fcw_s": 3.1}, "budget": {"share": 0.2}, "camera": {}}
    assert speaker.beat(settings=settings).status_code == 200
    assert client.get(f"/api/v1/devices/{speaker.device.id}/").json()["health"]["settings"] == settings


def test_the_platform_ranges_by_the_devices_own_camera(speaker, monkeypatch):
    uplink = UplinkFactory(device=speaker.device, frame=FrameFactory(width=1280, height=720))
    seen = []
    monkeypatch.setattr(platform_alarm, "closest_in_path", lambda *_, vanishing_row: seen.append(vanishing_row))
    platform_alarm.closest_object(uplink)
    uplink.device.camera = CAMERA | {"horizon_px": 288}
    platform_alarm.closest_object(uplink)
    assert seen == [0.5, 0.4]
