"""One bound over several samples: safe whatever the shares are, and no looser than need be."""

import numpy as np
import pytest

from ml.risk.joint_bound import Part, joint_upper
from ml.risk.stop_rule import ALPHA, Found, alpha_of_sample, stop_rule, upper_bound

ALPHA_1 = alpha_of_sample(1)


@pytest.mark.parametrize(("seen", "wrong"), [(50, 0), (300, 1), (1000, 30), (400, 40)])
def test_of_one_set_it_is_the_set_s_own_bound_or_hardly_more(seen, wrong):
    own = upper_bound(seen, wrong, ALPHA_1)
    assert own <= joint_upper([Part(seen, wrong, 7.0)]) <= 1.15 * own + 1e-3


def test_several_clean_sets_vouch_for_each_other():
    apart = upper_bound(300, 1, ALPHA_1 / 3)
    assert joint_upper([Part(300, 1, 1.0)] * 3) < apart


def test_a_set_of_which_nothing_is_known_may_be_wrong_throughout():
    bound = joint_upper([Part(2_000, 0, 0.9), Part(0, 0, 0.1)])
    assert 0.1 < bound < 0.11
    assert joint_upper([Part(0, 0, 5.0)]) == joint_upper([]) == 1.0


def test_what_auditors_overlook_raises_it_and_nobody_measured_leaves_nothing():
    auditors = [Found(400, 320)]
    part = Part(2_000, 10, 1.0, auditors=auditors)
    rule = stop_rule(2_000, 10, target=0.02, alpha=ALPHA_1, auditors=auditors)
    assert joint_upper([part]) < joint_upper([part], corrected=True) <= 1.2 * rule.upper
    assert joint_upper([Part(2_000, 10, 1.0)], corrected=True) == 1.0


def test_audits_at_the_boundary_are_certified_falsely_in_five_of_a_hundred_at_most():
    rng, runs, target = np.random.default_rng(5), 200, 0.04
    parts = [(0.6, 0.01), (0.4, 0.085)]  # together 4 % are wrong
    false = 0
    for _ in range(runs):
        wrong = [np.cumsum(rng.random(1_000) < share) for _, share in parts]
        looks = ((n, int(n * ratio)) for n in (60, 150, 400, 1_000) for ratio in (1.0, 0.3))
        false += any(
            joint_upper([Part(n, int(w[n - 1]), weight) for n, w, (weight, _) in zip(seen, wrong, parts, strict=True)])
            < target
            for seen in looks
        )
    assert false / runs <= ALPHA
