import pytest

from ml.risk.drive import assess_drive

HERE, HALF = (900.0, 500.0, 100.0, 80.0), (900.0, 500.0, 100.0, 40.0)


def rivals(frames):
    return next(s for s in assess_drive(frames)[0][0].assessment.signals if s.name == "rivals")


def test_weak_boxes_and_those_of_its_own_class_count(box, drive):
    found = rivals(drive([box(HERE), box(HALF, "car"), box((900, 540, 100, 20), "truck", 0.2)]))
    assert found.value == pytest.approx(0.5 + 0.25)
    assert found.sentence == "a car box overlaps it by 50%, 1 more do less"


def test_a_face_within_its_vehicle_is_no_rival(box, drive):
    found = rivals(drive([box(HERE), box(HALF, "car_reg")]))
    assert (found.value, found.sentence) == (0.0, "no other box on it")


def test_more_than_the_whole_box_is_full_doubt(box, drive):
    assert rivals(drive([box(HERE), box(HERE, "bus"), box(HERE, "truck")])).value == 1.0
