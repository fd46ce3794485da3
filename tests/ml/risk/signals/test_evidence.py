"""Signals that say what second looks of the model found; the looks themselves are in tests/ml/models/test_looks.py."""

from dataclasses import replace

import pytest

from ml.risk.drive import assess_drive

HERE = (900.0, 500.0, 100.0, 80.0)


def signal(box, drive, name, **evidence):
    [[scored]] = assess_drive(drive([replace(box(HERE), evidence=evidence)]))
    return next((signal for signal in scored.assessment.signals if signal.name == name), None)


@pytest.mark.parametrize("look", ["flip", "zoom"])
def test_what_another_view_does_not_support_is_doubt(box, drive, look):
    assert signal(box, drive, look, **{look: 0.25}).value == pytest.approx(0.75)
    assert "car found again hardly" in signal(box, drive, look, **{look: 0.25}).sentence
    assert "car found again well" in signal(box, drive, look, **{look: 0.9}).sentence


@pytest.mark.parametrize("look", ["flip", "zoom"])
def test_a_look_that_was_not_taken_is_no_evidence(box, drive, look):
    assert signal(box, drive, look) is None
