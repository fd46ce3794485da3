"""The whole device on a made-up road: a car ahead at a known gap and closing speed, seen through a pinhole."""

import numpy as np
import pytest

from ml.edge.distance import MountedCamera
from ml.edge.distinct import distinct
from ml.edge.messages import moment_json
from ml.edge.radar import RadarFeed, RadarTarget
from ml.edge.runtime import EdgeRuntime
from ml.edge.signals import Signal
from ml.edge.tracker import Tracker
from ml.schemas import Detection

CAMERA = MountedCamera(1280, 720, focal_px=1200, horizon_px=360, height_m=1.4)
IMAGE = np.full((720, 1280, 3), 128, np.uint8)


class Road:
    """A finder of one car of 1.8 m, `gap(time)` metres ahead and `beside_m` to the right, that trembles by `noise_px`."""

    def __init__(self, gap, *, beside_m=0.0, noise_px=0.0, category="car"):
        self.gap, self.beside_m, self.noise_px, self.category = gap, beside_m, noise_px, category
        self.time_s, self.rng = 0.0, np.random.default_rng(0)

    def predict(self, image):
        gap = self.gap(self.time_s)
        foot, width = 360 + 1200 * 1.4 / gap, 1200 * 1.8 / gap
        middle = 640 + 1200 * self.beside_m / gap
        noise = self.rng.normal(0, self.noise_px, 4)
        box = (middle - width / 2 + noise[0], foot - width * 0.8 + noise[1], width + noise[2], width * 0.8 + noise[3])
        return [Detection(box, self.category, 0.8)]


def drive(road, *, seconds=3.0, fps=20, kmh=72.0, radar=None, lanes=None):
    runtime = EdgeRuntime(road, CAMERA, radar=radar)
    moments = []
    for index in range(int(seconds * fps)):
        road.time_s = index / fps
        moments.append(runtime.step(IMAGE, index * 1000 / fps, Signal(0, kmh / 3.6), lanes))
    return moments


def alarms(moments):
    return [alarm for moment in moments for alarm in moment.alarms]


def test_a_stopped_car_is_warned_of_once_at_the_standards_time():
    moments = drive(Road(lambda t: 90 - 20 * t, noise_px=0.5), seconds=4)
    forward = [alarm for alarm in alarms(moments) if alarm.kind == "fcw"]
    assert len(forward) == 1
    assert 90 - 20 * forward[0].time_ms / 1000 == pytest.approx(2.7 * 20, rel=0.2)


def test_the_gap_and_its_rate_are_found_by_camera_alone():
    closest = drive(Road(lambda t: 40 - 5 * t, noise_px=0.5))[-1].cipo[0]
    assert closest.gap_m == pytest.approx(25.25, rel=0.1)
    assert closest.rate_mps == pytest.approx(-5, abs=1.5)


def test_a_radar_makes_the_time_to_collision_exact():
    sweeps = RadarFeed([RadarTarget(t, 40 - 5 * t / 1000, 0.0, -5.0) for t in range(0, 3000, 50)])
    closest = drive(Road(lambda t: 40 - 5 * t, noise_px=2), radar=sweeps)[-1].cipo[0]
    assert closest.by_radar
    assert closest.ttc_s == pytest.approx(25.25 / 5, rel=0.03)


def test_a_radar_that_falls_silent_leaves_the_camera():
    sweeps = RadarFeed([RadarTarget(t, 40 - 5 * t / 1000, 0.0, -5.0) for t in range(0, 1000, 50)])
    moments = drive(Road(lambda t: 40 - 5 * t), radar=sweeps)
    assert (moments[10].radar, moments[-1].radar) == ("fresh", "missing")
    assert moments[-1].cipo[0].gap_m == pytest.approx(25.25, rel=0.1)


def test_a_car_that_keeps_its_distance_or_drives_beside_is_no_danger():
    assert alarms(drive(Road(lambda t: 40, noise_px=1))) == []
    assert alarms(drive(Road(lambda t: 60 - 20 * t, beside_m=6), seconds=2)) == []


def test_following_too_closely_is_a_headway_alarm():
    assert [alarm.kind for alarm in alarms(drive(Road(lambda t: 15, noise_px=0.3)))] == ["headway"]


def test_all_but_the_model_takes_less_than_50_ms():
    moments = drive(Road(lambda t: 40))
    assert np.percentile([moment.beside_model_ms for moment in moments], 95) < 50


def test_a_moment_is_json_without_infinities():
    import json

    text = json.dumps(moment_json(drive(Road(lambda t: 40 + 5 * t))[-1]), allow_nan=False)
    assert '"ttc_s": null' in text


def test_a_weak_box_continues_a_track_and_begins_none():
    tracker = Tracker()
    strong, weak = Detection((0, 0, 50, 50), "car", 0.8), Detection((2, 0, 50, 50), "car", 0.2, candidate=True)
    assert tracker.step([weak], 0) == []
    [track] = tracker.step([strong], 100) or tracker.born
    assert tracker.step([weak], 200) == [track]
    assert tracker.step([], 1500) == []
    assert tracker.died == [track]


def test_an_object_that_is_called_car_and_truck_is_one():
    groups = {"car": "vehicle", "truck": "vehicle", "car_reg": "part"}
    car, truck = Detection((0, 0, 100, 80), "car", 0.6), Detection((2, 0, 100, 80), "truck", 0.7)
    face, beside = Detection((0, 0, 98, 80), "car_reg", 0.5), Detection((90, 0, 100, 80), "car", 0.5)
    assert distinct([car, truck, face, beside], groups) == [truck, face, beside]


class Blind:
    """A second model that sees nothing, and what had sounded when it was asked."""

    def __init__(self, warned):
        self.warned, self.asked = warned, []

    def predict(self, image):
        self.asked.append(len(self.warned))
        return []


def test_a_second_model_casts_doubt_on_every_so_many_frames_and_never_delays_an_alarm():
    warned = []
    shadow = Blind(warned)
    road = Road(lambda time_s: 60 - 15 * time_s)
    runtime = EdgeRuntime(road, CAMERA, shadow=shadow, shadow_every=4)
    first = None
    for index in range(40):
        road.time_s = index / 20
        moment = runtime.step(IMAGE, index * 50.0, Signal(0, 20.0), warn=warned.append)
        assert ("shadow" in moment.doubt.signals) == (index % 4 == 0)
        first = first if first is not None or not moment.alarms else index
    assert len(shadow.asked) == 10
    assert first is not None
    assert all(count >= 1 for place, count in enumerate(shadow.asked) if place * 4 >= first)
