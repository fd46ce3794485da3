"""Signals that say what second looks of the model found; the looks themselves are in tests/ml/models/test_looks.py."""

from dataclasses import replace

import pytest

from ml.risk.drive import assess_drive

HERE = (900.0, 500.0, 100.0, 80.0)


def signal(box, drive, name, **evidence):
    [[scored]] = assess_drive(drive([replace(box(HERE), evidence=evidence)]))
    return next((signal for signal in scored.assessment.signals if signal.name == name), None)


def test_a_spread_of_a_tenth_of_the_box_is_full_doubt(box, drive):
    """distillation.md 2.3 and 2.6: .02 -> .2, the golden spread .0375 -> .375."""
    values = [signal(box, drive, "cluster", cluster=spread).value for spread in (0.0, 0.02, 0.0375, 0.1, 3.0)]
    assert values == pytest.approx([0, 0.2, 0.375, 1, 1])
    assert (
        signal(box, drive, "cluster", cluster=0.0375).sentence == "its anchors agree: edges spread by 3.8% of the box"
    )


@pytest.mark.parametrize("look", ["flip", "zoom"])
def test_what_another_view_does_not_support_is_doubt(box, drive, look):
    assert signal(box, drive, look, **{look: 0.25}).value == pytest.approx(0.75)
    assert "car found again hardly" in signal(box, drive, look, **{look: 0.25}).sentence
    assert "car found again well" in signal(box, drive, look, **{look: 0.9}).sentence


@pytest.mark.parametrize("look", ["cluster", "flip", "zoom"])
def test_a_look_that_was_not_taken_is_no_evidence(box, drive, look):
    assert signal(box, drive, look) is None
