"""Golden numbers: edge.md section 7."""

from math import inf

import pytest

from ml.edge import motion
from ml.edge.distance import MountedCamera, by_ground, by_width, distance_of

CAMERA = MountedCamera(1280, 720, focal_px=1200, horizon_px=360, height_m=1.4)


def test_time_to_collision_and_with_a_braking_lead():
    assert motion.time_to_collision(30, 10) == 3.0
    assert motion.time_to_collision(30, -1) == inf
    assert motion.enhanced_time_to_collision(30, 10, -2) == pytest.approx(2.416, abs=1e-3)
    assert motion.enhanced_time_to_collision(30, 10, 2) == inf
    assert motion.enhanced_time_to_collision(30, 10, 0) == 3.0


def test_headway_scale_and_warning_distance():
    assert motion.headway(20, 72 / 3.6) == 1.0
    assert motion.scale_time_to_collision(100, 104, 0.1) == pytest.approx(2.5)
    assert motion.warning_distance(20, 1.0, 0.68) == pytest.approx(49.98, abs=0.02)


@pytest.mark.parametrize(("kmh", "metres"), [(30, 22.5), (50, 37.5), (72, 54.0), (100, 75.0)])
def test_where_a_stopped_lead_is_warned_of(kmh, metres):
    assert motion.time_to_collision(metres, kmh / 3.6) == pytest.approx(2.7)


def test_a_foot_84_px_below_the_horizon_is_20_m_away():
    assert by_ground((600, 344, 100, 100), CAMERA).metres == pytest.approx(20.0)


@pytest.mark.parametrize(("metres", "per_px"), [(20, 0.24), (45, 1.21), (90, 4.8)])
def test_what_one_pixel_costs(metres, per_px):
    foot = 360 + 1200 * 1.4 / metres
    nearer = by_ground((600, 0, 50, foot + 1), CAMERA).metres
    assert metres - nearer == pytest.approx(per_px, rel=0.08)


def test_a_box_above_the_horizon_or_cut_by_the_border_has_no_distance_of_that_kind():
    assert by_ground((600, 100, 50, 200), CAMERA) is None
    assert by_width((0, 300, 90, 90), "car", CAMERA) is None
    assert distance_of((600, 100, 50, 200), "person", CAMERA) is None


def test_ground_and_width_together_are_surer_than_either():
    box = (600, 344, 108, 100)
    both = distance_of(box, "car_reg", CAMERA)
    assert both.metres == pytest.approx(20.0, rel=0.01)
    assert both.error_m < min(by_ground(box, CAMERA).error_m, by_width(box, "car_reg", CAMERA).error_m)
