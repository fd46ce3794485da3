import pytest

from ml.risk.drive import assess_drive
from ml.risk.observations import FrameDetections, SecondOpinion
from ml.schemas import Detection

HERE = (900.0, 500.0, 100.0, 80.0)


def signals(box, *opinions):
    second = SecondOpinion([Detection(*opinion[:3], opinion[3]) for opinion in opinions], score_threshold=0.5)
    [[scored]] = assess_drive([FrameDetections(1920, 1080, 0, [box(HERE, "car")], second)])
    return {signal.name: signal for signal in scored.assessment.signals}


def test_the_best_of_probability_times_overlap_speaks_for_the_label(box):
    """distillation.md 2.3: u = 1 - max p(c) IoU; .8 at IoU 1 beats .9 at IoU 1/2."""
    half = (900.0, 500.0, 100.0, 40.0)
    found = signals(box, (HERE, "car", 0.8, {"car": 0.8}), (half, "car", 0.9, {"car": 0.9}))["dis"]
    assert found.value == pytest.approx(1 - 0.8)
    assert found.sentence == "second model agrees: car .80, IoU 1.00"


def test_another_class_there_speaks_by_its_probability_of_the_label(box):
    found = signals(box, (HERE, "truck", 0.7, {"truck": 0.7, "car": 0.2}))["dis"]
    assert found.value == pytest.approx(0.8)
    assert found.sentence == "second model disagrees: truck .70, IoU 1.00"


def test_nothing_there_is_full_doubt(box):
    found = signals(box, ((0.0, 0.0, 9.0, 9.0), "car", 0.9, {"car": 0.9}))["dis"]
    assert (found.value, found.sentence) == (1.0, "second model sees nothing here")


@pytest.mark.parametrize(
    "opinions", [[], [(HERE, "person", 0.9, {"person": 0.9})]], ids=["found nothing", "does not know the category"]
)
def test_no_opinion_is_no_evidence(box, opinions):
    assert "dis" not in signals(box, *opinions)


def test_without_a_second_model_there_is_no_signal(box, drive):
    [[scored]] = assess_drive(drive([box(HERE)]))
    assert {signal.name for signal in scored.assessment.signals}.isdisjoint({"dis", "track_second"})
