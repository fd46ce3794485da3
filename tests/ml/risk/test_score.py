"""The golden numbers of distillation.md 2.6, and what must hold for all numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.risk.score import FEWER, PUBLISHED_WEIGHTS, audit_priority, first_day_risk, missed_risk, noisy_or, pooled
from ml.risk.severity import MAX_SEVERITY, severity
from ml.schemas import RiskAssessment

EASY_CAR = {"conf": 0.10, "margin": 0.15, "loc": 0.10, "dis": 0.05, "tta": 0.0}
CIPO_CYCLIST = {"conf": 0.45, "margin": 0.60, "loc": 0.50, "dis": 0.70, "tta": 0.50}
values = st.dictionaries(st.sampled_from(sorted(PUBLISHED_WEIGHTS)), st.floats(0, 1))


def assessed(values, severity):
    return RiskAssessment(noisy_or(values), severity, ())


def test_golden_risks():
    assert noisy_or(EASY_CAR) == pytest.approx(0.189960, abs=5e-7)
    assert noisy_or(CIPO_CYCLIST) == pytest.approx(0.840842, abs=5e-7)
    assert noisy_or(dict.fromkeys(PUBLISHED_WEIGHTS, 1.0)) == pytest.approx(0.995500, abs=5e-7)
    assert noisy_or(dict.fromkeys(EASY_CAR, 1.0)) == pytest.approx(0.982000, abs=5e-7)


def test_golden_audit_priorities_and_image_pooling():
    cyclist = severity((0, 0, 100, 100), "vulnerable", cipo=True)
    car = severity((0, 0, 100, 100), "vehicle", cipo=False)
    assert (car, cyclist) == (1.0, 2.5)
    easy, hard = audit_priority(assessed(EASY_CAR, car)), audit_priority(assessed(CIPO_CYCLIST, cyclist))
    assert easy == pytest.approx(0.189960, abs=5e-7)
    assert hard == pytest.approx(2.102104, abs=5e-7)
    assert hard / MAX_SEVERITY == pytest.approx(0.764402, abs=5e-7)
    assert pooled([easy, hard]) == pytest.approx(0.780676, abs=5e-7)


def test_golden_missed_object():
    assert missed_risk(0.8, 0.3) == pytest.approx(0.56)


@given(values, st.sampled_from(sorted(PUBLISHED_WEIGHTS)), st.floats(0, 1))
def test_risk_never_falls_when_a_signal_is_added_or_rises(signals, name, rise):
    risk = noisy_or(signals)
    assert 0 <= risk <= 1
    before = signals.get(name, 0.0)
    assert noisy_or({**signals, name: min(1.0, before + rise)}) >= risk - 1e-12


@given(values.filter(bool), st.data())
def test_the_risk_of_the_first_day_rises_with_every_doubt_and_half_a_doubt_is_mostly_right(signals, data):
    name = data.draw(st.sampled_from(sorted(signals)))
    more = {**signals, name: min(1.0, signals[name] + data.draw(st.floats(0, 1)))}
    assert (
        0 <= first_day_risk(signals, PUBLISHED_WEIGHTS) <= first_day_risk(more, PUBLISHED_WEIGHTS) + 1e-12 <= 1 + 1e-12
    )
    assert first_day_risk(dict.fromkeys(signals, 0.5), PUBLISHED_WEIGHTS) == pytest.approx(1 / (1 + FEWER))
    assert first_day_risk(dict.fromkeys(signals, 0.0), PUBLISHED_WEIGHTS) == 0


def test_a_signal_without_doubt_speaks_for_the_label_on_the_first_day():
    alone, agreed = ({"conf": 0.6}, {"conf": 0.6, "dis": 0.0})
    assert first_day_risk(agreed, PUBLISHED_WEIGHTS) < first_day_risk(alone, PUBLISHED_WEIGHTS)
    assert first_day_risk({}, PUBLISHED_WEIGHTS) == 0


@given(values)
def test_risk_is_zero_only_without_any_doubt(signals):
    if all(value == 0 for value in signals.values()):
        assert noisy_or(signals) == 0
    elif max(signals.values()) > 1e-9:
        assert noisy_or(signals) > 0


@given(st.lists(st.floats(0, MAX_SEVERITY), max_size=8), st.floats(0, MAX_SEVERITY))
def test_image_risk_is_in_range_and_grows_with_every_open_box(priorities, another):
    assert 0 <= pooled(priorities) <= pooled([*priorities, another]) <= 1
    assert pooled(priorities) == pytest.approx(pooled(priorities[::-1]))


@given(st.floats(1, 500), st.floats(1, 500), st.sampled_from(["vehicle", "vulnerable", "part", None]), st.booleans())
def test_severity_lies_between_one_and_its_maximum(width, height, group, cipo):
    assert 1 <= severity((0, 0, width, height), group, cipo=cipo) <= MAX_SEVERITY == 2.75


def test_small_counts_from_32_pixels_down():
    assert severity((0, 0, 32, 32), "vehicle", cipo=False) == 1.0
    assert severity((0, 0, 16, 16), "vehicle", cipo=False) == 1.125


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_values_outside_the_unit_range_are_refused(value):
    with pytest.raises(ValueError, match="outside"):
        noisy_or({"conf": value})


def test_a_signal_without_weight_is_refused():
    with pytest.raises(KeyError):
        noisy_or({"unheard_of": 0.5})
