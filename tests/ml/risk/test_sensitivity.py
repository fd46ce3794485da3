"""The interval is the exact one, and the lower limit holds whoever decided how much."""

import numpy as np
import pytest

from ml.risk.sensitivity import clopper_pearson
from ml.risk.stop_rule import Found, least_sensitivity


@pytest.mark.parametrize(
    ("found", "shown", "low", "high"),  # R 4, binom.test(found, shown)$conf.int
    [(8, 10, 0.4439045, 0.9747893), (0, 10, 0.0, 0.3084971), (10, 10, 0.6915029, 1.0), (95, 100, 0.8871651, 0.9835681)],
)
def test_clopper_pearson(found, shown, low, high):
    assert clopper_pearson(found, shown) == (pytest.approx(low, abs=1e-6), pytest.approx(high, abs=1e-6))


def test_nothing_shown_bounds_nothing():
    assert clopper_pearson(0, 0) == (0.0, 1.0)
    assert least_sensitivity([], 0.01) == least_sensitivity([Found(0, 0)], 0.01) == 0.0


def test_who_decided_little_vouches_for_little():
    good, unmeasured = Found(400, 400), Found(0, 0)
    alone = least_sensitivity([good], 0.01)
    assert alone > 0.97
    few, many = (least_sensitivity([Found(400, 400, share), Found(0, 0, 1 - share)], 0.01) for share in (0.1, 0.9))
    assert few < 0.1 < 0.85 < many < alone
    assert least_sensitivity([unmeasured, good], 0.01) < 0.5


def test_the_limit_holds_at_whichever_moment_it_is_looked_at():
    rng, truth, alpha = np.random.default_rng(1), (0.8, 0.6), 0.05
    shares, broken = (0.7, 0.3), 0
    real = sum(share * s for share, s in zip(shares, truth, strict=True))
    for _ in range(200):
        found = [np.cumsum(rng.random(300) < s) for s in truth]
        looks = range(20, 301, 20)
        broken += any(
            least_sensitivity([Found(n, int(f[n - 1]), share) for f, share in zip(found, shares, strict=True)], alpha)
            > real
            for n in looks
        )
    assert broken / 200 <= alpha
