import pytest

from ml.risk.drive import assess_drive

HERE = (100.0, 500.0, 100.0, 80.0)


def flips(frames, step):
    signals = assess_drive(frames)[step][0].assessment.signals
    return next((signal for signal in signals if signal.name == "track_class"), None)


def test_a_class_flip_is_doubted_more_than_the_class_of_the_track(box, drive):
    frames = drive(*[[box(HERE, "truck" if k == 2 else "car")] for k in range(6)])
    assert flips(frames, 2).value == pytest.approx(5 / 6)
    assert flips(frames, 2).sentence == "class flips: truck here, car in 5 of 6 frames of its track"
    assert flips(frames, 1).value == pytest.approx(1 / 6)


def test_one_class_all_along_is_no_doubt(box, drive):
    frames = drive(*[[box(HERE)] for _ in range(3)])
    assert (flips(frames, 1).value, flips(frames, 1).sentence) == (0.0, "car in all 3 frames of its track")


def test_stills_give_no_evidence(box, drive):
    assert flips(drive([box(HERE)]), 0) is None
