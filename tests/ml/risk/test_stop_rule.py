"""The stop rule keeps its promise under continuous looking, which the usual bound does not, and costs what the plan says."""

import numpy as np
import pytest
from scipy.stats import beta

from ml.risk.stop_rule import ALPHA, Found, alpha_of_sample, further_labels, log_evidence, stop_rule, upper_bound

AUDITS, LABELS, FIRST_LOOK = 2000, 3000, 50
LOOKS = np.arange(1, LABELS + 1)


def wrong_so_far(share, seed=0):
    """(AUDITS, LABELS) counts of simulated audits."""
    return np.cumsum(np.random.default_rng(seed).random((AUDITS, LABELS)) < share, axis=1)


def evidence_of(wrong, target):
    """Log evidence after every label of every audit, from a table by labels seen and found wrong."""
    table = log_evidence(LOOKS, np.minimum(np.arange(wrong.max() + 1)[:, None], LOOKS), target)
    return table[wrong, np.arange(wrong.shape[1])]


def first_stop(evidence):
    """The label at which each audit stops; infinity where it never does."""
    enough = evidence >= -np.log(ALPHA)
    enough[:, : FIRST_LOOK - 1] = False
    return np.where(enough.any(1), enough.argmax(1) + 1, np.inf)


def clopper_pearson(seen, wrong):
    return beta.ppf(1 - ALPHA, wrong + 1, seen - wrong)


@pytest.mark.parametrize("target", [0.02, 0.01])
def test_looking_after_every_label_certifies_falsely_in_at_most_five_of_a_hundred_audits(target):
    stops = np.isfinite(first_stop(evidence_of(wrong_so_far(target), target)))
    assert 0.01 < stops.mean() <= ALPHA


def test_the_usual_bound_under_the_same_looking_certifies_falsely_far_more_often():
    # c wrong labels are few enough from the size on that a Clopper-Pearson plan asks for; looked at after each.
    allowed = np.searchsorted([plan(0.02, wrong) for wrong in range(80)], LOOKS, side="right") - 1
    few = (wrong_so_far(0.02) <= allowed)[:, FIRST_LOOK - 1 :]
    assert few.any(1).mean() > 0.15


def test_a_small_set_drawn_without_replacement_is_certified_no_more_often():
    rng = np.random.default_rng(3)
    wrong = np.cumsum(rng.permuted(np.tile(np.arange(600) < 12, (AUDITS, 1)), axis=1), axis=1)
    stops = first_stop(evidence_of(wrong, 0.02))
    assert np.isfinite(stops).mean() <= ALPHA


@pytest.mark.parametrize(
    ("share", "target", "median"), [(0.0, 0.02, 174), (0.005, 0.02, 324), (0.01, 0.02, 1059), (0.0025, 0.01, 650)]
)
def test_good_labels_are_certified_after_about_as_many_as_planned(share, target, median):
    stops = first_stop(evidence_of(wrong_so_far(share), target))
    assert np.isfinite(stops).mean() > 0.9
    assert np.median(stops) <= median * 1.05


def plan(target, wrong):
    """The fewest labels, `wrong` of them wrong, whose one-look bound is at the target."""
    few, many = wrong + 1, 20_000
    while few < many:
        middle = (few + many) // 2
        few, many = (few, middle) if clopper_pearson(middle, wrong) <= target else (middle + 1, many)
    return few


@pytest.mark.parametrize(
    ("target", "sizes"),
    [(0.05, [59, 93, 124, 153]), (0.02, [149, 236, 313, 386]), (0.01, [299, 473, 628, 773])],
)
def test_an_honest_bound_costs_at_most_half_more_labels_than_a_single_look(target, sizes):
    for wrong, size in enumerate(sizes):
        assert plan(target, wrong) == size
        assert upper_bound(size, wrong) > target, "a single look's size is not enough"
        assert upper_bound(int(size * 1.5), wrong) <= target


def test_the_bound_is_where_the_evidence_crosses():
    for seen, wrong in [(50, 0), (300, 3), (2000, 40), (20, 15)]:
        bound = upper_bound(seen, wrong)
        assert log_evidence(seen, wrong, bound) == pytest.approx(-np.log(ALPHA), abs=1e-4)
        shares = np.linspace(wrong / seen + 1e-4, 0.999, 500)
        refused = np.array([log_evidence(seen, wrong, share) for share in shares]) >= -np.log(ALPHA)
        assert (refused == (shares >= bound)).all()


def test_nothing_seen_or_all_wrong_bounds_nothing():
    assert upper_bound(0, 0) == upper_bound(7, 7) == 1.0
    assert (stop_rule(0, 0, target=0.02).further or 0) > 178, "more than it takes without any wrong label"


def test_enough_and_further_agree_with_the_bound():
    short, long = stop_rule(150, 0, target=0.02), stop_rule(250, 0, target=0.02)
    assert (short.enough, long.enough, long.further) == (False, True, 0)
    assert short.upper > 0.02 >= long.upper
    assert short.further is not None
    assert stop_rule(150 + short.further, 0, target=0.02).enough


def test_a_rate_above_the_target_promises_no_end():
    assert further_labels(300, 30, 0.02) is None


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="2 of 1"):
        stop_rule(1, 2, target=0.02)


def test_auditors_who_miss_a_fifth_are_corrected_for():
    rng, true_share, audits = np.random.default_rng(5), 0.04, 400
    found_wrong = rng.binomial(10_000, true_share * 0.8, audits)
    seeded = rng.binomial(400, 0.8, audits)
    plain = np.array([stop_rule(10_000, int(wrong), target=0.02).upper for wrong in found_wrong])
    corrected = np.array(
        [
            stop_rule(10_000, int(wrong), target=0.02, auditors=[Found(400, int(found))]).upper
            for wrong, found in zip(found_wrong, seeded, strict=True)
        ]
    )
    assert (plain >= true_share).mean() < 0.5
    assert (corrected >= true_share).mean() >= 1 - ALPHA
    assert np.median(corrected) < 1.6 * true_share


def test_auditors_who_found_nothing_prove_nothing():
    rule = stop_rule(1000, 0, target=0.02, auditors=[Found(10, 0)])
    assert (rule.upper, rule.enough, rule.further) == (1.0, False, None)


def corrected_audits(share, sensitivity, audits=2000):
    """(audits, looks) labels seen, found wrong, errors shown and found: one error shown for twenty labels, looked at every hundred."""
    rng = np.random.default_rng(7)
    looks = np.arange(100, LABELS + 1, 100)
    wrong = np.cumsum(rng.random((audits, LABELS)) < share * sensitivity, axis=1)[:, looks - 1]
    found = np.cumsum(rng.random((audits, LABELS // 20)) < sensitivity, axis=1)[:, looks // 20 - 1]
    return looks, wrong, found


def test_at_the_boundary_auditors_who_miss_a_fifth_certify_at_most_five_of_a_hundred_audits():
    """2,000 audits of a set that is right at the target; without the correction the same audits certify far more often."""
    target = 0.02
    looks, wrong, found = corrected_audits(target, 0.8)
    plain, corrected = np.zeros(wrong.shape, bool), np.zeros(wrong.shape, bool)
    for place, seen in enumerate(looks):
        for few, caught in {*zip(wrong[:, place].tolist(), found[:, place].tolist(), strict=True)}:
            same = (wrong[:, place] == few) & (found[:, place] == caught)
            plain[same, place] = log_evidence(seen, few, target) >= -np.log(ALPHA)
            if plain[same, place].any():  # the corrected rule asks for more: only these can pass it
                auditors = [Found(int(seen) // 20, caught)]
                corrected[same, place] = stop_rule(int(seen), few, target=target, auditors=auditors).enough
    assert corrected.any(1).mean() <= ALPHA
    assert plain.any(1).mean() > 2 * ALPHA


def test_the_correction_still_certifies_what_is_good():
    looks, wrong, found = corrected_audits(0.004, 0.95, audits=100)
    last = [
        stop_rule(int(looks[-1]), int(w), target=0.02, auditors=[Found(int(looks[-1]) // 20, int(f))]).enough
        for w, f in zip(wrong[:, -1], found[:, -1], strict=True)
    ]
    assert np.mean(last) > 0.9


def test_all_samples_of_a_set_together_spend_alpha():
    assert alpha_of_sample(1) == pytest.approx(0.04)
    assert sum(alpha_of_sample(number) for number in range(1, 40)) == pytest.approx(ALPHA)
