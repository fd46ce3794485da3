import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.evaluate.audit_curve import Ranking, audit_curves

DOUBT = np.arange(10, 0, -1.0)
WRONG = np.isin(np.arange(1, 11), [1, 3, 6]).astype(float)


def test_golden_gain():
    """distillation.md 2.6: errors at ranks 1, 3, 6 of 10 -> area .766667, random .55, perfect .9, gain .619048."""
    assert Ranking(DOUBT, WRONG).gain() == pytest.approx(0.619048, abs=5e-7)


def test_golden_area_weighed_by_severity():
    """With severities 2.5, 1, 1.5 the area is .81; the perfect order has them at ranks 1 to 3 by severity."""
    cost = np.zeros(10)
    cost[[0, 2, 5]] = [2.5, 1.0, 1.5]
    perfect = (11 - (1 * 2.5 + 2 * 1.5 + 3 * 1.0) / 5) / 10
    assert Ranking(DOUBT, cost).gain() == pytest.approx((0.81 - 0.55) / (perfect - 0.55))


def test_a_perfect_order_gains_one_and_its_reverse_loses_as_much():
    assert Ranking(WRONG, WRONG).gain() == pytest.approx(1)
    assert Ranking(-WRONG, WRONG).gain() == pytest.approx(-1)
    assert Ranking(np.zeros(10), WRONG).gain() == pytest.approx(0)


def test_the_curve_counts_what_is_found():
    assert Ranking(DOUBT, WRONG).found([0, 0.1, 0.2, 0.3, 0.6, 1]) == pytest.approx([0, 1 / 3, 1 / 3, 2 / 3, 1, 1])
    assert Ranking(np.zeros(10), WRONG).found([0.5]) == pytest.approx([0.5])


@given(
    st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.integers(0, 3)), min_size=3, max_size=12).filter(
        lambda rows: len({wrong for _, wrong, copies in rows if copies}) == 2
    )
)
def test_copies_are_as_good_as_rows(rows):
    doubt, wrong, copies = (np.array(column, float) for column in zip(*rows, strict=True))
    repeated = copies.astype(int)
    written_out = Ranking(np.repeat(doubt, repeated), np.repeat(wrong, repeated)).gain()
    assert Ranking(doubt, wrong).gain(copies) == pytest.approx(written_out)


def test_nothing_to_find_is_no_number():
    assert np.isnan(Ranking(DOUBT, np.zeros(10)).gain())
    assert np.isnan(Ranking(DOUBT, np.ones(10)).gain())
    assert audit_curves({"confidence": []}, [], [])["rankings"] == {}


def test_a_better_order_is_better_beyond_the_interval():
    rng = np.random.default_rng(0)
    wrong = rng.random(2000) < 0.2
    doubts = {"confidence": wrong + rng.normal(0, 2, 2000), "risk": wrong + rng.normal(0, 0.5, 2000)}
    found = audit_curves(doubts, wrong, np.arange(2000) // 20, draws=200)
    risk, confidence = found["rankings"]["risk"], found["rankings"]["confidence"]
    assert (found["labels"], found["wrong"], found["blocks"]) == (2000, int(wrong.sum()), 100)
    assert risk["low"] < risk["gain"] < risk["high"]
    assert risk["difference"] == pytest.approx(risk["gain"] - confidence["gain"], abs=2e-4)
    assert risk["difference_low"] > 0
    assert (confidence["difference"], confidence["difference_low"], confidence["difference_high"]) == (0, 0, 0)
    assert risk["found"][0] == 0
    assert risk["found"][-1] == 1
    assert len(risk["found"]) == len(found["shares"]) == len(found["perfect"])


def test_an_order_that_tells_nothing_is_not_told_apart_from_one_that_does_not_either():
    rng = np.random.default_rng(0)
    doubts = {"confidence": rng.random(500), "risk": rng.random(500)}
    found = audit_curves(doubts, rng.random(500) < 0.3, np.arange(500) // 10, draws=200)["rankings"]["risk"]
    assert found["difference_low"] < 0 < found["difference_high"]
