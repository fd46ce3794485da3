"""How many objects two finders both overlooked."""

import numpy as np
import pytest

from ml.risk.capture import chapman


def test_the_turtles_of_the_textbook():
    """10 turtles marked, 15 caught later, 5 of them marked: 28.3 by Chapman (Wikipedia, "Mark and recapture"; 11 * 16 / 6 - 1)."""
    found = chapman(10, 15, 5)
    assert found.total == pytest.approx(28.3333, abs=1e-4)
    assert found.missing == pytest.approx(8.3333, abs=1e-4)
    # variance 11 * 16 * 5 * 10 / (36 * 7) = 34.92; exp(1.96 * sqrt(ln(1 + 34.92 / 8.333**2))) = 3.4937
    assert (found.lower, found.upper) == pytest.approx((2.3852, 29.114), rel=1e-3)


def test_where_both_found_all_of_the_others_nothing_is_missing():
    assert chapman(7, 7, 7).missing == 0
    assert chapman(9, 4, 4).upper == 0


@pytest.mark.parametrize("counts", [(3, 5, 4), (5, 3, 4), (2, 2, -1)])
def test_more_by_both_than_by_one_is_refused(counts):
    with pytest.raises(ValueError, match="found by both"):
        chapman(*counts)


@pytest.mark.parametrize(("objects", "p", "q"), [(200, 0.5, 0.4), (60, 0.6, 0.5), (1000, 0.3, 0.3)])
def test_the_interval_holds_what_is_missing_in_nine_of_ten_trials(objects, p, q):
    random = np.random.default_rng(7)
    held = 0
    for _ in range(500):
        first, second = random.random(objects) < p, random.random(objects) < q
        found = chapman(int(first.sum()), int(second.sum()), int((first & second).sum()))
        held += found.lower <= objects - int((first | second).sum()) <= found.upper
    assert held >= 450
