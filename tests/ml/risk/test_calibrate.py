"""The calibrated risk on audits whose truth is known."""

import json

import numpy as np
import pytest

from ml.errors import TooLittleAudited
from ml.risk.calibrate import AuditedLabel, CalibratedRisk, fit, held_out_risks
from ml.risk.reliability import reliability


def audits(count: int = 2000, *, blocks: int = 20, seed: int = 0) -> list[AuditedLabel]:
    """`conf` tells half of the truth and `dis`, where it is there, the other half; `noise` tells nothing."""
    rng = np.random.default_rng(seed)
    made = []
    for k in range(count):
        conf, dis, noise = rng.uniform(0.01, 0.99, 3)
        odds = np.log(conf / (1 - conf)) + np.log(dis / (1 - dis)) - 1.0
        signals = {"conf": conf, "noise": noise, **({"dis": dis} if k % 4 else {})}
        if k % 4 == 0:
            odds -= np.log(dis / (1 - dis))
        made.append(AuditedLabel(signals, "vehicle", 900.0, rng.random() < 1 / (1 + np.exp(-odds)), k % blocks))
    return made


@pytest.fixture(scope="module")
def labels() -> list[AuditedLabel]:
    return audits()


@pytest.fixture(scope="module")
def model(labels) -> CalibratedRisk:
    return fit(labels)


def test_what_tells_weighs_and_what_does_not_does_not(model):
    weights = dict(zip(model.signals, model.weights, strict=True))
    assert weights["conf"] == pytest.approx(1.0, abs=0.2)
    assert weights["dis"] == pytest.approx(1.0, abs=0.2)
    assert weights["noise"] < 0.1


@pytest.mark.parametrize("name", ["conf", "dis", "noise"])
def test_more_doubt_never_lowers_the_risk(model, name):
    base = {"conf": 0.4, "dis": 0.4, "noise": 0.4}
    risks = [model.risk({**base, name: u}, "vehicle", 900.0) for u in np.linspace(0, 1, 41)]
    assert risks == sorted(risks)
    assert min(risks) > 0
    assert max(risks) < 1


def test_held_out_risk_means_what_it_says(labels):
    found = reliability(held_out_risks(labels), [label.wrong for label in labels])
    assert found.ece <= 0.03
    assert found.brier < 0.8 * found.brier_base


def test_a_block_is_never_judged_by_a_model_that_saw_it(labels):
    """Were it not held out, a signal that names the block would give its outcome away."""
    rng = np.random.default_rng(1)
    outcome = rng.random(40) < 0.5
    leaky = [
        AuditedLabel({"conf": 0.5, f"block{k % 40}": 0.99}, None, 1.0, bool(outcome[k % 40]), k % 40)
        for k in range(800)
    ]
    found = reliability(held_out_risks(leaky), [label.wrong for label in leaky])
    assert found.brier > 0.9 * found.brier_base


def test_stored_and_read_back_it_is_the_same(model):
    again = CalibratedRisk.from_json(json.loads(json.dumps(model.as_json())))
    assert again == model
    assert again.risk({"conf": 0.7}, "vulnerable", 50.0) == model.risk({"conf": 0.7}, "vulnerable", 50.0)


def test_a_missing_signal_is_judged_by_the_others(model, labels):
    without = [label for label in labels if "dis" not in label.signals]
    found = reliability(model.risks(without), [label.wrong for label in without])
    assert found.ece < 0.08


def test_a_signal_that_the_model_does_not_know_is_left_out(model):
    known = {"conf": 0.7, "dis": 0.2, "noise": 0.5}
    assert model.risk({**known, "new": 1.0}, "vehicle", 900.0) == model.risk(known, "vehicle", 900.0)


@pytest.mark.parametrize(
    "few",
    [audits(299), [AuditedLabel({"conf": 0.5}, None, 1.0, k < 9, k % 7) for k in range(400)], audits(400, blocks=1)],
    ids=["too few", "hardly any wrong", "one stretch"],
)
def test_too_little_audited_is_said(few):
    with pytest.raises(TooLittleAudited):
        fit(few)


def test_bins_of_reliability_hold_every_label_once():
    found = reliability([0.0, 0.05, 0.15, 1.0], [False, True, False, True])
    assert [(one.low, one.count) for one in found.bins] == [(0.0, 2), (0.1, 1), (0.9, 1)]
    assert found.ece == pytest.approx((2 * abs(0.025 - 0.5) + 0.15 + 0) / 4)
    assert found.brier == pytest.approx((0 + 0.95**2 + 0.15**2 + 0) / 4)
