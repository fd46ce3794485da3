import pytest

from ml.evaluate.label_errors import verdicts
from ml.schemas import Detection

HERE, HALF, NEAR, AWAY = (
    (0.0, 0.0, 100.0, 100.0),
    (0.0, 0.0, 100.0, 50.0),
    (60.0, 0.0, 100.0, 100.0),
    (500.0, 0.0, 9.0, 9.0),
)


def label(box, category="car", score=0.9):
    return Detection(box, category, score)


@pytest.mark.parametrize(
    ("box", "category", "verdict"),
    [
        (HERE, "car", "right"),
        (HALF, "car", "right"),  # IoU is 1/2
        (HERE, "bus", "class"),
        (NEAR, "car", "location"),  # IoU 1/4
        (NEAR, "bus", "spurious"),
        (AWAY, "car", "spurious"),
    ],
)
def test_the_first_that_fits(box, category, verdict):
    assert verdicts([label(box, category)], [(HERE, "car")]) == [verdict]


def test_a_truth_is_found_once_by_the_surest():
    assert verdicts([label(HALF, score=0.5), label(HERE, score=0.8)], [(HERE, "car")]) == ["duplicate", "right"]


def test_what_nobody_labelled_is_neither_right_nor_wrong_unless_it_is_right():
    assert verdicts([label(HERE), label(AWAY)], [(HERE, "car")], [HERE, AWAY]) == ["right", "ignored"]


def test_without_truths_all_are_spurious():
    assert verdicts([label(HERE)], []) == ["spurious"]
    assert verdicts([], [(HERE, "car")]) == []
