"""Frames that stayed on a device, judged once their boxes are filled in."""

import pytest

from ml.between import Known
from ml.edge.afterwards import DOUBTFUL, Kept, judged
from ml.edge.distance import MountedCamera
from ml.schemas import Detection
from ml.taxonomies import GDDA13

CAMERA = MountedCamera.usual(640, 360)  # focal length 601.6 px, horizon at row 180


def standing_at(gap_m, score, origin="both", category="car"):
    """Straight ahead: Z = f H / (y - y_h), a car 1.8 m wide and 1.5 m high."""
    bottom = 180 + 601.6 * 1.4 / gap_m
    width, height = 601.6 * 1.8 / gap_m, 601.6 * 1.5 / gap_m
    return Known(Detection((320 - width / 2, bottom - height, width, height), category, score), origin)


def frames(box, *, count=8, speed_kmh=72.0, scene=()):
    return [Kept(place * 200.0, [box], speed_kmh, scene) for place in range(count)]


def test_one_event_in_many_frames_is_one_alarm():
    found = judged(frames(standing_at(12.0, 0.9)), CAMERA, GDDA13)
    (alarm,) = [alarm for one in found for alarm in one.alarms]
    assert (alarm.kind, alarm.level) == ("headway", 2)
    assert alarm.seconds == pytest.approx(0.6, abs=0.03)  # 12 m at 20 m/s
    assert found[-1].cipo.gap_m == pytest.approx(12.0, abs=0.5)


@pytest.mark.parametrize("box", [standing_at(12.0, 0.45), standing_at(40.0, 0.9)], ids=["unsure", "far"])
def test_an_unsure_box_warns_nobody_and_a_far_one_neither(box):
    assert not [alarm for one in judged(frames(box), CAMERA, GDDA13) for alarm in one.alarms]


def test_without_a_speed_there_is_no_alarm():
    assert not judged(frames(standing_at(12.0, 0.9), speed_kmh=None), CAMERA, GDDA13)[-1].alarms


def test_a_box_that_the_device_alone_saw_is_more_doubtful_than_one_of_both_neighbours():
    alone, both = (judged(frames(standing_at(12.0, 0.6, origin)), CAMERA, GDDA13)[0] for origin in ("device", "both"))
    assert alone.doubt > both.doubt
    assert alone.doubt > DOUBTFUL
    assert alone.doubtful


def test_a_frame_that_came_up_has_no_doubt_left_for_its_picture_is_there():
    assert judged(frames(standing_at(12.0, 0.4, "cloud")), CAMERA, GDDA13)[0].doubt == 0.0


def test_a_weak_box_is_no_label_and_makes_nothing_doubtful():
    assert judged(frames(standing_at(12.0, 0.2, "device")), CAMERA, GDDA13)[0].doubt == 0.0


def test_the_scene_is_what_the_device_said():
    assert judged(frames(standing_at(12.0, 0.9), scene=["rain", "night"]), CAMERA, GDDA13)[0].scene == ("night", "rain")
