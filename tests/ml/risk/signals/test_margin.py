import pytest

from ml.risk.drive import assess_drive


def margin(frames):
    scored = assess_drive(frames, score_scale="calibrated")[0][0]
    return next((signal for signal in scored.assessment.signals if signal.name == "margin"), None)


def test_two_close_classes_are_named_with_their_scores(box, drive):
    signal = margin(drive([box((900, 500, 100, 80), "truck", 0.41, bus=0.38, car=0.02)]))
    assert signal.value == pytest.approx(1 - 0.03)
    assert signal.sentence == "class unsure: truck .41, bus .38"


def test_golden_value_of_three_classes(box, drive):
    """distillation.md 2.6: p = (.55, .35, .10) has 1 - margin = 0.8."""
    assert margin(drive([box((900, 500, 100, 80), "car", 0.55, bus=0.35, truck=0.10)])).value == pytest.approx(0.8)


def test_a_given_class_that_is_not_the_best_is_full_doubt(box, drive):
    assert margin(drive([box((900, 500, 100, 80), "car", 0.4, bus=0.7)])).value == 1.0


def test_one_category_alone_gives_no_evidence(box, drive):
    assert margin(drive([box((900, 500, 100, 80))])) is None
