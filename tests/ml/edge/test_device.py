"""The device with its disk: evidence around an alarm, orders that survive a restart, a folder driven by the command line."""

import json
import time

import numpy as np
import pytest
from PIL import Image

from ml.edge import agent, releases
from ml.edge.device import Device
from ml.edge.link import Answer
from ml.edge.signals import Signal
from ml.errors import BadCheckpoint
from ml.schemas import Detection


class Approach:
    """A car that comes nearer with every picture."""

    def __init__(self):
        self.seen = 0

    def predict(self, image):
        gap = max(4.0, 60 - 1.6 * self.seen)
        self.seen += 1
        foot, width = 180 + 600 * 1.4 / gap, 600 * 1.8 / gap
        return [Detection((320 - width / 2, foot - width * 0.8, width, width * 0.8), "car", 0.8)]


@pytest.fixture(autouse=True)
def finder(monkeypatch):
    def load(ref):
        if ref == "gone":
            raise BadCheckpoint("gone")
        return Approach()

    monkeypatch.setattr(releases, "load_finder", load)


def items(device):
    found = []
    while item := device.spool.next():
        found.append(item)
        device.spool.done(item.key)
    return found


def drive(device, frames=100):
    image = np.random.default_rng(0).integers(0, 255, (360, 640, 3), np.uint8)
    for index in range(frames):
        device.see(image, index * 100.0, 1_000_000 + index * 100.0, Signal(0, 16.0))


def test_an_alarm_brings_the_frames_around_it_and_goes_first(tmp_path):
    warned = []
    device = Device("d1", tmp_path, "any", live=False, warn=warned.append)
    drive(device)
    device.close()
    sent = items(device)
    assert [item.kind for item in sent][: len(warned)] == ["alarm"] * len(warned)
    forward = next(item for item in sent if item.body.get("kind") == "fcw")
    around = [item.at_ms - forward.at_ms for item in sent if item.body.get("alarm") == forward.key]
    assert min(around) <= -1000
    assert max(around) >= 4000
    assert 0 in around
    assert all(item.data[:2] == b"\xff\xd8" for item in sent if item.kind == "frame")


def test_with_key_frames_the_boxes_of_the_frames_between_go_up_as_numbers(tmp_path):
    device = Device("d1", tmp_path, "any", live=False)
    device._handlers()["set_budget"]({"key_every_ms": 1000, "share": 0, "chance": 0})
    drive(device, 130)
    device.close()
    told = [item for item in items(device) if item.kind == "sighting"]
    frames = [frame for item in told for frame in item.body["frames"]]
    assert [frame["at_ms"] for frame in frames] == [1_000_000 + 200.0 * place for place in range(65)]
    assert len(told) == 2
    assert all(len(frame["boxes"][0]) == 6 for frame in frames)


class Heard:
    """A link that takes everything and keeps the heartbeats."""

    def __init__(self):
        self.beats = []

    def call(self, method, path, *, body=None, **_):
        if path == "heartbeat/":
            self.beats.append(body)
        return Answer(200, {"results": [], "again_s": 30.0, "server_ms": 0.0}, {})


def test_what_was_set_is_said_without_waiting_for_the_next_heartbeat(tmp_path):
    device = Device("d1", tmp_path, "any", link=Heard(), live=False)
    device.connect()
    device._handlers()["set_budget"]({"key_every_ms": 700})
    until = time.monotonic() + 5
    while time.monotonic() < until and not any(
        beat["settings"]["budget"]["key_every_ms"] == 700 for beat in device.link.beats
    ):
        time.sleep(0.01)
    assert device.link.beats[-1]["settings"]["budget"]["key_every_ms"] == 700
    device.close()


def test_without_key_frames_no_numbers_go_up(tmp_path):
    device = Device("d1", tmp_path, "any", live=False)
    drive(device, 30)
    device.close()
    assert not [item for item in items(device) if item.kind == "sighting"]


def test_what_the_fleet_set_survives_a_restart(tmp_path):
    device = Device("d1", tmp_path, "any", live=False)
    orders = device._handlers()
    orders["set_thresholds"]({"fcw_s": 3.5})
    orders["set_budget"]({"share": 0.3})
    orders["set_camera"]({"width": 640, "height": 360, "focal_px": 500, "height_m": 2.0})
    orders["set_campaigns"]({"campaigns": [{"id": "a", "categories": ["car"]}]})
    device.close()
    again = Device("d1", tmp_path, "any", live=False)
    assert again.health()["settings"]["camera"]["height_m"] == 2.0
    drive(again, 1)
    assert (again.runtime.camera.focal_px, again.runtime.camera.height_m) == (500, 2.0)
    assert (again.thresholds.fcw_s, again.policy.budget.share, again.policy.campaigns[0].id) == (3.5, 0.3, "a")
    again.close()


def test_a_clip_around_a_time_comes_from_the_ring(tmp_path):
    device = Device("d1", tmp_path, "any", live=False)
    drive(device, 60)
    device.close()
    assert device._clip({"at_ms": 1_003_000, "seconds": 1})["frames"] >= 4
    assert any(item.body.get("trigger") == "clip" for item in items(device))


def test_a_release_that_does_not_load_any_more_gives_way_to_the_one_before(tmp_path):
    device = Device("d1", tmp_path, "any", live=False)
    device.releases._settle({"version": "2", "ref": "gone"}, {"version": "1", "ref": "any"})
    device.close()
    again = Device("d1", tmp_path, "any", live=False)
    assert again.releases.current["version"] == "1"
    again.close()


def test_a_folder_from_the_command_line(tmp_path, capsys):
    (tmp_path / "stills").mkdir()
    for index in range(45):
        Image.new("RGB", (640, 360), (index, 90, 90)).save(tmp_path / "stills" / f"{index:03d}.jpg")
    options = [
        "--model",
        "any",
        "--home",
        str(tmp_path / "home"),
        "--speed",
        "58",
        "--timeline",
        str(tmp_path / "t.jsonl"),
    ]
    assert agent.main([str(tmp_path / "stills"), *options]) == 0
    printed = capsys.readouterr().out.strip().splitlines()
    assert json.loads(printed[-1])["alarms"] == len(printed) - 1 > 0
    assert len((tmp_path / "t.jsonl").read_text().splitlines()) == 45
