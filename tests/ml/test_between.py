"""Boxes of frames between two that a better model labelled."""

import pytest

from ml.between import ALONE, OWN, filled, on_its_way
from ml.schemas import Detection

GROUPS = {"car": "vehicle", "truck": "vehicle", "person": "vulnerable"}
TIMES = [0.0, 100.0, 200.0, 300.0, 400.0]
NOTHING = [[]] * len(TIMES)


def car(x: float, score: float = 0.8, category: str = "car", width: float = 40) -> Detection:
    return Detection((x, 100.0, width, 30.0), category, score)


def test_an_object_of_both_neighbours_moves_in_between() -> None:
    found = filled(TIMES, NOTHING, {0: [car(100, 0.9)], 4: [car(140, 0.5)]}, GROUPS)
    assert [each[0].box_xywh for each in found] == [pytest.approx((x, 100, 40, 30)) for x in (100, 110, 120, 130, 140)]
    assert [round(each[0].score, 6) for each in found] == [0.9, 0.8, 0.7, 0.6, 0.5]


def test_what_comes_twice_as_near_is_three_quarters_of_the_way_in_the_middle() -> None:
    """Distances 1 and 1/2, so 3/4 between: 30 px / 3/4 = 40 px, and the left edge (100 + 200 / 2) / 2 / 3/4 = 133.3 px."""
    assert on_its_way((100, 100, 30, 30), (200, 100, 60, 60), 0.5) == pytest.approx((133.3333, 100, 40, 40))
    assert on_its_way((100, 100, 30, 30), (200, 100, 60, 60), 0.0) == pytest.approx((100, 100, 30, 30))


def test_an_answer_is_taken_as_it_is() -> None:
    answer = [car(100), car(300, 0.2)]
    assert filled(TIMES, [[car(500)]] * 5, {2: answer}, GROUPS)[2] == answer


def test_two_cars_are_not_confused_when_the_order_of_the_answers_changes() -> None:
    found = filled(TIMES, NOTHING, {0: [car(100), car(300)], 4: [car(310), car(110)]}, GROUPS)
    assert sorted(one.box_xywh[0] for one in found[2]) == pytest.approx([105, 305])


def test_who_has_a_neighbour_on_one_side_alone_fades_with_the_way() -> None:
    found = filled(TIMES, NOTHING, {0: [car(100, 0.8)], 4: []}, GROUPS)
    assert [each[0].score for each in found[1:4]] == pytest.approx(
        [0.75 * 0.8 * ALONE, 0.5 * 0.8 * ALONE, 0.25 * 0.8 * ALONE]
    )
    assert found[3][0].box_xywh == car(100).box_xywh


def test_a_vehicle_never_becomes_a_person_and_a_car_may_become_a_truck() -> None:
    person = filled(TIMES, NOTHING, {0: [car(100)], 4: [car(100, category="person")]}, GROUPS)[2]
    assert sorted(one.category for one in person) == ["car", "person"]
    truck = filled(TIMES, NOTHING, {0: [car(100, 0.6)], 4: [car(104, 0.7, "truck")]}, GROUPS)[2]
    assert [(one.category, one.box_xywh[0]) for one in truck] == [("truck", 102)]


def test_before_the_first_answer_and_after_the_last_the_nearest_counts() -> None:
    found = filled(TIMES, NOTHING, {2: [car(100, 0.8)]}, GROUPS)
    assert [each[0].score for each in found] == pytest.approx([0.8 * ALONE] * 2 + [0.8] + [0.8 * ALONE] * 2)


def test_the_devices_own_boxes_count_less_and_never_twice() -> None:
    own = [[car(121, 0.9), car(600, 0.9), car(121, 0.9, "person")]] * 5
    found = filled(TIMES, own, {0: [car(100)], 4: [car(140)]}, GROUPS)[2]
    assert [(one.category, one.box_xywh[0]) for one in found] == [("car", 120), ("car", 600), ("person", 121)]
    assert found[1].score == pytest.approx(0.9 * OWN)


def test_without_any_answer_the_device_is_believed() -> None:
    own = [[car(1, 0.9), car(400, 0.3)]] * 5
    assert filled(TIMES, own, {}, GROUPS) == own
