"""Differences over seeds: golden values, and how often the intervals hold the truth."""

import numpy as np
import pytest

from ml.evaluate.seeds import paired_over_seeds


def test_pairs_are_those_of_one_seed_and_luck_that_both_share_cancels():
    control = {1: 0.10, 2: 0.30, 3: 0.20, 9: 0.99}
    treated = {1: 0.15, 2: 0.35, 3: 0.25, 8: 0.01}
    found = paired_over_seeds(control, treated)
    assert found.pairs == 3
    values = (found.difference, found.low, found.high, found.student_low, found.student_high)
    assert values == pytest.approx((0.05,) * 5)


def test_students_interval_is_the_textbooks():
    """t(0.975, 2) = 4.302653 (Student, 1908): the mean is 2, the deviation 1."""
    found = paired_over_seeds({1: 0.0, 2: 0.0, 3: 0.0}, {1: 1.0, 2: 2.0, 3: 3.0})
    reach = 4.302653 / 3**0.5
    assert (found.student_low, found.student_high) == pytest.approx((2 - reach, 2 + reach), abs=1e-6)
    assert (found.low, found.high) == (1, 3)


def test_one_pair_has_no_interval_and_none_no_difference():
    one = paired_over_seeds({1: 0.5}, {1: 0.75, 2: 0.1})
    assert (one.difference, one.pairs, one.low, one.student_low) == (0.25, 1, None, None)
    assert paired_over_seeds({1: 0.5}, {2: 0.5}) is None


def test_turned_round_the_difference_turns_its_sign():
    a, b = {1: 0.1, 2: 0.2, 3: 0.4, 4: 0.3}, {1: 0.2, 2: 0.1, 3: 0.9, 4: 0.6}
    there, back = paired_over_seeds(a, b), paired_over_seeds(b, a)
    assert there.difference == pytest.approx(-back.difference)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low), abs=1e-2)


def test_of_three_seeds_students_interval_holds_the_truth_and_the_bootstrap_too_seldom():
    """What the docstring warns of, simulated: 95 % and about 75 %."""
    rng = np.random.default_rng(5)
    held = np.zeros(2)
    for _ in range(600):
        found = paired_over_seeds(dict.fromkeys(range(3), 0.0), dict(enumerate(rng.normal(1, 1, 3))), draws=400)
        held += (found.low <= 1 <= found.high, found.student_low <= 1 <= found.student_high)
    bootstrap, student = held / 600
    assert 0.65 < bootstrap < 0.85
    assert student > 0.92
