"""The promise of automatic acceptance is kept, also when it is looked at all the time; drift is noticed."""

import numpy as np
import pytest
from scipy.stats import binom

from ml.risk.auto_accept import DrawnRisk, certify, drifted, log_excess, shifted
from ml.risk.stop_rule import Found

ALPHA, DELTA, RESAMPLES = 0.02, 0.1, 300


def population(rng, size, slope=0.1):
    """Risks, and labels that are wrong the more often the higher their risk."""
    risks = rng.random(size)
    return risks, rng.random(size) < slope * risks**2


def drawn_of(risks, wrong):
    return [DrawnRisk(float(r), bool(w)) for r, w in zip(risks, wrong, strict=True)]


def share_wrong(threshold, slope=0.1):
    """Of labels up to the threshold, by integration: slope * t^2 / 3."""
    return slope * threshold**2 / 3


def test_the_promise_is_broken_in_at_most_delta_of_the_resamples():
    rng = np.random.default_rng(0)
    found = [certify(drawn_of(*population(rng, 1500)), alpha=ALPHA, delta=DELTA) for _ in range(RESAMPLES)]
    thresholds = np.array([one.threshold if one else 0.0 for one in found])
    assert (share_wrong(thresholds) > ALPHA).mean() <= DELTA
    assert (thresholds > 0.25).mean() > 0.6, "and it is of use"


def test_at_the_boundary_too():
    """Every label is wrong at just above alpha: whatever is accepted breaks the promise."""
    rng = np.random.default_rng(1)
    broken = 0
    for _ in range(RESAMPLES):
        risks, wrong = rng.random(500), rng.random(500) < ALPHA * 1.001
        broken += certify(drawn_of(risks, wrong), alpha=ALPHA, delta=DELTA) is not None
    assert broken / RESAMPLES <= DELTA


def test_looking_while_the_sample_is_audited_breaks_it_no_more_often():
    rng = np.random.default_rng(2)
    broken = 0
    for _ in range(200):
        risks, wrong = rng.random(600), rng.random(600) < ALPHA * 1.001
        looks = range(150, 601, 75)
        broken += any(
            certify(
                [
                    DrawnRisk(float(r), bool(w) if n < look else None)
                    for n, (r, w) in enumerate(zip(risks, wrong, strict=True))
                ],
                alpha=ALPHA,
                delta=DELTA,
            )
            for look in looks
        )
    assert broken / 200 <= DELTA


def test_auditors_who_overlook_a_fifth_are_reckoned_with():
    rng = np.random.default_rng(3)
    plain = corrected = 0
    for _ in range(200):
        risks, wrong = rng.random(4000), rng.random(4000) < 0.0505 * 0.8  # a fifth of the errors is overlooked
        found = [Found(200, int(rng.binomial(200, 0.8)))]
        plain += certify(drawn_of(risks, wrong), alpha=0.05, delta=DELTA) is not None
        corrected += certify(drawn_of(risks, wrong), alpha=0.05, delta=DELTA, auditors=found) is not None
    assert corrected / 200 <= DELTA < plain / 200


def test_too_few_decisions_certify_nothing():
    assert certify([], alpha=ALPHA, delta=DELTA) is None
    assert certify([DrawnRisk(0.1, False)] * 20, alpha=ALPHA, delta=DELTA) is None
    assert certify([DrawnRisk(0.1, None), *[DrawnRisk(0.1, False)] * 500], alpha=ALPHA, delta=DELTA) is None
    assert certify([DrawnRisk(0.1, False)] * 500, alpha=ALPHA, delta=DELTA, auditors=[Found(0, 0)]) is None


def test_what_is_sure_is_accepted_whole():
    whole = certify([DrawnRisk(n / 500, False) for n in range(500)], alpha=ALPHA, delta=DELTA)
    assert (whole.threshold, whole.share, whole.seen, whole.wrong) == (499 / 500, 1.0, 500, 0)


def test_drift_is_cried_wrongly_in_at_most_delta_of_the_runs_and_tripped_by_drift():
    rng, labels = np.random.default_rng(4), np.arange(1, 1001)
    for share, least, most in ((ALPHA, 0.0, DELTA), (0.01, 0.0, 0.02), (0.08, 0.99, 1.0)):
        wrong = np.cumsum(rng.random((1000, 1000)) < share, axis=1)
        tripped = (log_excess(labels, wrong, ALPHA) >= -np.log(DELTA)).any(1).mean()
        assert least <= tripped <= most, share


def test_injected_drift_trips_within_two_hundred_labels():
    rng = np.random.default_rng(5)
    wrong = np.cumsum(rng.random((500, 200)) < 0.1, axis=1)
    tripped = (log_excess(np.arange(1, 201), wrong, ALPHA) >= -np.log(DELTA)).any(1)
    assert tripped.mean() > 0.95
    assert drifted(30, 5, alpha=ALPHA, delta=DELTA)
    assert not drifted(300, 6, alpha=ALPHA, delta=DELTA)


def test_excess_is_one_in_the_mean_at_the_boundary():
    """A martingale: the mean of the e-value over all outcomes of 60 labels is 1."""
    wrong = np.arange(61)
    assert (binom.pmf(wrong, 60, ALPHA) * np.exp(log_excess(60, wrong, ALPHA))).sum() == pytest.approx(1.0, abs=1e-9)


def test_a_shift_of_the_risks_is_noticed():
    rng = np.random.default_rng(6)
    before = rng.beta(2, 8, 300)
    assert not shifted(before, rng.beta(2, 8, 3000))
    assert shifted(before, rng.beta(3, 6, 3000))
    assert not shifted([], [0.1])
