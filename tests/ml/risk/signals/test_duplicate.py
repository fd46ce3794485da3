import pytest

from ml.risk.drive import assess_drive

HERE = (900.0, 500.0, 100.0, 80.0)


def duplicate(frames):
    scored = assess_drive(frames)[0][0]
    return next(signal for signal in scored.assessment.signals if signal.name == "dup")


def test_two_classes_on_one_object_square_their_overlap(box, drive):
    signal = duplicate(drive([box(HERE, "car"), box((900, 500, 100, 40), "truck")]))
    assert signal.value == pytest.approx(0.25)
    assert signal.sentence == "overlaps a truck by 50%"


@pytest.mark.parametrize(
    "other",
    [("car", 0.9), ("car_reg", 0.9), ("licence", 0.9), ("truck", 0.2)],
    ids=["same class", "its face", "its plate", "a candidate"],
)
def test_what_may_lie_there_is_no_duplicate(box, drive, other):
    category, score = other
    assert duplicate(drive([box(HERE, "car"), box(HERE, category, score)])).value == 0
