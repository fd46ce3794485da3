import numpy as np
import pytest

from ml.evaluate.objectlab import badly_located, image_quality, label_doubts, overlooked, similarity, swapped
from ml.schemas import Detection

HERE, SHIFTED, AWAY = (100.0, 100.0, 100.0, 100.0), (120.0, 100.0, 100.0, 100.0), (500.0, 300.0, 50.0, 50.0)
SIDE = 640.0


def one(box, category="car", score=0.99):
    return Detection(box, category, score, {category: score})


def test_similarity_is_nine_parts_overlap_and_one_part_distance():
    iou = 80 / 120
    assert similarity([one(HERE)], [one(SHIFTED)], SIDE)[0, 0] == pytest.approx(0.9 * iou + 0.1 * np.exp(-2))
    doubled = [one(tuple(2 * v for v in box)) for box in (HERE, SHIFTED)]
    assert similarity(doubled[:1], doubled[1:], 2 * SIDE)[0, 0] == pytest.approx(0.9 * iou + 0.1 * np.exp(-2))


def test_a_label_beside_the_sure_prediction_is_badly_located():
    good, bad = badly_located([one(HERE), one(SHIFTED)], [one(HERE, score=0.6)], SIDE)
    assert good == pytest.approx(1)
    assert bad < 0.7
    assert badly_located([one(HERE)], [one(SHIFTED, score=0.4), one(HERE, "bus")], SIDE) == 1


def test_a_very_sure_prediction_of_another_class_on_it_is_a_swap():
    assert swapped([one(HERE)], [one(HERE, "bus", 0.96)], SIDE)[0] == pytest.approx(0, abs=1e-5)
    assert swapped([one(HERE)], [one(HERE, "bus", 0.9)], SIDE)[0] == pytest.approx(1)


def test_a_very_sure_prediction_without_a_label_is_overlooked():
    there, missing = overlooked([one(HERE)], [one(HERE), one(AWAY, "bus"), one(AWAY, score=0.5)], SIDE)
    assert there == pytest.approx(1)
    assert missing < 1e-6


def test_the_worse_label_is_doubted_more_and_lowers_the_image():
    predictions = [one(HERE)]
    doubts = label_doubts([one(HERE), one(SHIFTED), one(HERE, "bus")], predictions, SIDE)
    assert doubts[0] < doubts[1] < doubts[2]
    clean, dirty = (image_quality([one(HERE), *more], predictions, SIDE) for more in ([], [one(HERE, "bus")]))
    assert dirty < clean == pytest.approx(1)


def test_nothing_is_fine():
    assert label_doubts([], [], SIDE).shape == (0,)
    assert image_quality([], [], SIDE) == 1
