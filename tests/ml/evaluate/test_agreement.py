"""Golden values: the worked examples of Krippendorff, Computing Krippendorff's Alpha-Reliability (2011)."""

import random

import pytest

from ml.evaluate.agreement import (
    NO_BOX,
    Pair,
    category_alpha,
    krippendorff_alpha,
    matches,
    mean_iou,
    one_against_rest,
    pair_boxes,
)


def units(*observers: str) -> list[list[str]]:
    """One string an observer, one character a unit; `*` where nothing was said."""
    return [[value for value in column if value != "*"] for column in zip(*observers, strict=True)]


@pytest.mark.parametrize(
    ("observers", "alpha"),
    [
        (("0100000010", "1110010000"), 0.095),  # section A: binary, two observers
        (("aabbdcccedda", "babbbccceddd"), 0.692),  # section B: nominal, two observers
    ],
)
def test_the_worked_examples(observers, alpha):
    assert krippendorff_alpha(units(*observers)) == pytest.approx(alpha, abs=5e-4)


def test_several_observers_and_missing_values():
    """Section C: four observers, twelve units, one of them with a single value."""
    observers = ("123321412***", "1233224125*3", "*3332342251*", "12332441251*")
    assert krippendorff_alpha(units(*observers)) == pytest.approx(0.743, abs=5e-4)


def test_agreement_in_everything_is_one_and_by_chance_about_zero():
    assert krippendorff_alpha(units("abc", "abc")) == 1
    chance = random.Random(1)
    said = [(chance.choice("abc"), chance.choice("abc")) for _ in range(20_000)]
    assert krippendorff_alpha(said) == pytest.approx(0, abs=0.02)


def test_where_nothing_varies_or_nothing_is_shared_it_is_undefined():
    assert krippendorff_alpha(units("aaa", "aaa")) is None
    assert krippendorff_alpha([["a"], []]) is None


def test_it_does_not_matter_who_is_first():
    one, other = "aabbdcccedda", "babbbcccedd*"
    assert krippendorff_alpha(units(one, other)) == pytest.approx(krippendorff_alpha(units(other, one)))


CAR, BUS = ((0.0, 0.0, 100.0, 50.0), "car"), ((300.0, 0.0, 100.0, 50.0), "bus")


def test_boxes_are_paired_whatever_their_category_and_the_rest_is_no_box():
    relabelled = ((0.0, 0.0, 100.0, 40.0), "truck")
    drawn = ((600.0, 0.0, 20.0, 20.0), "person")
    pairs = pair_boxes([CAR, BUS], [drawn, relabelled])
    assert pairs == [Pair("car", "truck", pytest.approx(0.8)), Pair("bus", NO_BOX, None), Pair(NO_BOX, "person", None)]
    assert mean_iou(pairs) == pytest.approx(0.8)


def test_the_pairing_is_the_best_in_sum_not_the_first_found():
    wide = ((0.0, 0.0, 110.0, 50.0), "car")
    shifted = ((20.0, 0.0, 100.0, 50.0), "car")
    pairs = pair_boxes([wide, shifted], [CAR, shifted])
    assert sorted(round(pair.iou or 0, 2) for pair in pairs) == [0.91, 1.0]


def test_what_overlaps_too_little_is_two_objects():
    assert [pair.iou for pair in pair_boxes([CAR], [((80.0, 0.0, 100.0, 50.0), "car")])] == [None, None]


def test_an_empty_frame_is_no_pair():
    assert pair_boxes([], []) == []
    assert pair_boxes([CAR], []) == [Pair("car", NO_BOX, None)]
    assert category_alpha([]) is None
    assert mean_iou([Pair("car", NO_BOX, None)]) is None


def test_alpha_of_frames_counts_a_missing_box_as_a_disagreement():
    agreed = [Pair("car", "car", 0.9), Pair("bus", "bus", 0.9)]
    assert category_alpha(agreed) == 1
    assert (category_alpha([*agreed, Pair("car", NO_BOX, None)]) or 0) < 1


def test_matches_name_the_places_in_both_lists():
    assert matches([(0, 0, 10, 10), (50, 0, 10, 10)], [(90, 0, 5, 5), (0, 0, 10, 10)]) == [
        (0, 1, 1.0),
        (1, None, None),
        (None, 0, None),
    ]
    assert matches([], []) == []


def test_one_category_against_the_rest():
    pairs = [Pair("car", "car", 1.0), Pair("bus", "truck", 1.0), Pair("car", NO_BOX, None), Pair("bus", "bus", 1.0)]
    as_two = [(one.first == "car", one.second == "car") for one in pairs]
    assert one_against_rest(pairs, "car") == krippendorff_alpha(as_two)
    assert (
        one_against_rest(pairs, "bus")
        < one_against_rest([Pair("bus", "bus", 1.0), Pair("car", "car", 1.0)], "bus")
        == 1
    )
