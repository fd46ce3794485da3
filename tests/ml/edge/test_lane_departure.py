"""Lines seen by a camera of 1000 px focal length, 1.4 m above the road, horizon at row 360: x - 640 = X / 1.4 (y - 360) + 1000 tan(heading)."""

from math import inf, radians, tan

import pytest

from ml.edge.alarms import Thresholds
from ml.edge.distance import MountedCamera
from ml.edge.lane_departure import LaneDeparture, line_m, margin_m, nearing_mps, time_to_line
from ml.edge.lane_feed import LaneFeed, read_lanes
from ml.edge.signals import Signal, read_signals
from ml.risk.cipo import Lane, Lanes

CAMERA = MountedCamera(1280, 720, focal_px=1000, horizon_px=360, height_m=1.4)


def line(x_m, heading_deg=0.0, rows=(400.0, 719.0)):
    slope = x_m / 1.4
    return Lane(0, 0, slope, 640 - 360 * slope + 1000 * tan(radians(heading_deg)), *rows)


def lane(offset_m=0.0, width_m=3.6, **seen):
    """The own lane, the vehicle `offset_m` right of its middle."""
    return Lanes(line(-width_m / 2 - offset_m, **seen), line(width_m / 2 - offset_m, **seen))


@pytest.mark.parametrize("heading_deg", [-3.0, 0.0, 3.0])
def test_a_lines_place_is_its_slope_whatever_the_heading(heading_deg):
    assert line_m(line(1.75, heading_deg), CAMERA) == pytest.approx(1.75)
    assert line_m(line(-1.2, heading_deg), CAMERA) == pytest.approx(-1.2)


def test_of_a_few_far_rows_nothing_is_said():
    assert line_m(line(1.75, rows=(380.0, 430.0)), CAMERA) is None
    assert line_m(None, CAMERA) is None


def test_the_margins_are_from_the_wheels():
    """1.8 m from the middle of a lane of 3.6 m; 0.9 to the wheels; 0.5 m to the right of the middle."""
    assert margin_m(lane(0.5), "right", CAMERA) == pytest.approx(0.4)
    assert margin_m(lane(0.5), "left", CAMERA) == pytest.approx(1.4)
    assert margin_m(lane(4.0), "right", CAMERA) is None  # 3.1 m beyond: of another lane


def test_time_to_the_line():
    margins = [(t * 50.0, 0.9 - 0.6 * t * 0.05) for t in range(10)]  # 0.6 m/s
    assert nearing_mps(margins) == pytest.approx(0.6)
    assert time_to_line(0.45, 0.6) == pytest.approx(0.75)
    assert (time_to_line(-0.1, 0.6), time_to_line(0.45, 0.0), time_to_line(0.45, -1.0)) == (0.0, inf, inf)
    assert nearing_mps(margins[:2]) is None


def drift(logic, offset, *, kmh=72.0, indicator="", seconds=3.0, start_s=0.0):
    """Twenty frames a second; (time, side, metres, seconds) of every alarm."""
    alarms = []
    for frame in range(round(seconds * 20)):
        time_s = start_s + frame / 20
        signal = Signal(0, kmh / 3.6, indicator=indicator)
        alarms += logic.step(time_s * 1000, signal, lane(offset(frame / 20)), CAMERA, Thresholds())
    return [(alarm.time_ms / 1000, alarm.side, alarm.gap_m, alarm.seconds) for alarm in alarms]


def test_drifting_right_at_half_a_metre_a_second_warns_once_before_the_line():
    """0.9 m to go at 0.5 m/s: 0.75 s before it means 0.375 m off, at 1.05 s; three frames later it sounds."""
    ((time_s, side, gap_m, seconds),) = drift(LaneDeparture(), lambda t: 0.5 * t)
    assert (side, time_s) == ("right", pytest.approx(1.15, abs=0.051))
    assert gap_m == pytest.approx(0.9 - 0.5 * time_s)
    assert 0.5 < seconds <= 0.75


def test_a_wheel_within_30_cm_warns_however_slowly_it_came():
    assert drift(LaneDeparture(), lambda t: 0.55)[:1] == []
    ((_, side, gap_m, seconds),) = drift(LaneDeparture(), lambda t: -0.65)
    assert (side, gap_m, seconds) == ("left", pytest.approx(0.25), inf)


@pytest.mark.parametrize(("kmh", "count"), [(50, 0), (59, 0), (60, 1), (100, 1)])
def test_it_arms_at_60_km_h(kmh, count):
    assert len(drift(LaneDeparture(), lambda t: 0.5 * t, kmh=kmh)) == count


def test_once_armed_it_holds_down_to_55():
    logic = LaneDeparture()
    drift(logic, lambda t: 0.0, kmh=70, seconds=1)
    assert len(drift(logic, lambda t: 0.5 * t, kmh=56, start_s=1)) == 1


@pytest.mark.parametrize(("indicator", "count"), [("right", 0), ("left", 1), ("", 1)])
def test_an_indicated_side_is_meant(indicator, count):
    assert len(drift(LaneDeparture(), lambda t: 0.5 * t, indicator=indicator)) == count


def test_trembling_about_the_line_is_one_event_and_a_second_comes_after_release_and_five_seconds():
    logic = LaneDeparture()
    assert len(drift(logic, lambda t: 0.62 + 0.05 * (round(t * 20) % 2), seconds=8)) == 1
    assert drift(logic, lambda t: 0.0, seconds=1, start_s=8) == []
    assert len(drift(logic, lambda t: 0.5 * t, start_s=9)) == 1


def test_without_lines_or_a_speed_nothing_sounds():
    logic = LaneDeparture()
    for frame in range(40):
        assert logic.step(frame * 50.0, Signal(0, 20.0), None, CAMERA, Thresholds()) == []
        assert logic.step(frame * 50.0, Signal(0, None), lane(0.7), CAMERA, Thresholds()) == []


def test_a_lane_change_swaps_the_lines_and_warns_no_second_time():
    """Over the right line at 1 m/s: what was the right line is the left one from the lane's middle on."""
    found = drift(LaneDeparture(), lambda t: t if t < 1.8 else t - 3.6, seconds=3.0)
    assert [side for _, side, _, _ in found] == ["right"]


def test_recorded_lines_are_known_for_a_moment(tmp_path):
    path = tmp_path / "lanes.jsonl"
    path.write_text('{"time_ms": 100, "lanes": [[[500, 700], [600, 500]], []]}\n', encoding="utf-8")
    feed = read_lanes(path)
    lanes = feed.at(200)
    assert lanes.right is None
    assert lanes.left.x(700) == pytest.approx(500)
    assert (feed.at(50), feed.at(300), LaneFeed([]).at(0)) == (None, None, None)
    path.write_text('{"time_ms": 100}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="lanes line 1"):
        read_lanes(path)


def test_an_indicator_is_read_beside_the_speed(tmp_path):
    path = tmp_path / "signals.csv"
    path.write_text("time_ms,speed_mps,indicator\n0,20,left\n1000,20,\n", encoding="utf-8")
    assert [read_signals(path).at(at).indicator for at in (0, 1000)] == ["left", ""]
    path.write_text("time_ms,speed_mps,indicator\n0,20,both\n", encoding="utf-8")
    with pytest.raises(ValueError, match="record 1"):
        read_signals(path)


def test_nobody_sets_the_time_to_the_line_outside_half_a_second_to_one():
    assert Thresholds().changed({"ldw_s": 0.5}).ldw_s == 0.5
    with pytest.raises(ValueError):
        Thresholds().changed({"ldw_s": 1.1})
