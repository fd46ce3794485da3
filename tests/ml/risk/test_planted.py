"""Planted errors are errors, inside the frame, and the same for the same seed."""

from random import Random

import pytest

from ml.risk.gold import Agreement, agreement, errors_among
from ml.risk.planted import ghost_place, other_category, overlap, renamed, shifted

GROUPS = {"car": "vehicle", "truck": "vehicle", "person": "vulnerable", "sign": "infrastructure"}


@pytest.mark.parametrize("seed", range(50))
def test_a_shifted_box_is_plainly_wrong_and_inside(seed):
    box = (300.0, 200.0, 80.0, 60.0)
    moved = shifted(box, 640, 360, Random(seed))
    assert moved == shifted(box, 640, 360, Random(seed))
    x, y, width, height = moved
    assert min(x, y) >= 0
    assert x + width <= 640
    assert y + height <= 360
    assert 0.15 <= overlap(moved, [box]) < 0.5


def test_a_box_without_room_is_left_alone():
    assert shifted((0.0, 0.0, 640.0, 360.0), 320, 180, Random(0)) is None


def test_a_wrong_category_is_kin_where_there_is_kin():
    assert {other_category("car", GROUPS, Random(seed)) for seed in range(20)} == {"truck"}
    assert {other_category("person", GROUPS, Random(seed)) for seed in range(40)} == {"car", "truck", "sign"}
    assert other_category("car", {"car": "vehicle"}, Random(0)) is None


def test_a_ghost_touches_nothing():
    donors = [(0, 0, 50, 50), (100, 100, 50, 50), (600, 300, 50, 80)]
    assert ghost_place(donors, [(0, 0, 60, 60)], 640, 360, Random(0)) == 1, "the first is taken, the last reaches out"
    assert ghost_place(donors, [(0, 0, 640, 360), (0, 0, 50, 50), (100, 100, 50, 50)], 640, 360, Random(0)) is None


def test_names_are_swapped_as_words():
    assert renamed("class unsure: car_reg .41, car .38", "car", "bus") == "class unsure: car_reg .41, bus .38"
    assert renamed("car or bus", "car", "bus") == "bus or car"


def test_an_answer_is_matched_one_to_one_within_its_category():
    known = [("car", (0, 0, 10, 10)), ("car", (100, 0, 10, 10)), ("bus", (200, 0, 10, 10))]
    given = [("car", (0, 0, 10, 10)), ("car", (0, 0, 10, 9)), ("bus", (100, 0, 10, 10)), ("bus", (200, 0, 10, 8))]
    assert agreement(given, known) == Agreement(given=4, known=3, matched=2, iou=pytest.approx(1.8))
    assert errors_among(given, known) == [1, 2]
    assert agreement([], known) == Agreement(0, 3, 0, 0.0)
