"""AP figures: hand-made cases with known answers."""

import copy

import pytest

from ml.errors import BadAnnotations
from ml.evaluate.detection import evaluate

TRUTH = {
    "images": [{"id": 1, "width": 640, "height": 360, "file_name": "1.jpg"}],
    "categories": [{"id": 1, "name": "car"}, {"id": 2, "name": "bus"}],
    "annotations": [
        {"id": 1, "image_id": 1, "category_id": 1, "bbox": [10, 10, 50, 50]},
        {"id": 2, "image_id": 1, "category_id": 1, "bbox": [200, 100, 120, 120]},
    ],
}


def result(bbox, score=0.9, category=1, image=1):
    return {"image_id": image, "category_id": category, "bbox": bbox, "score": score}


def test_perfect_results_have_ap_one_and_a_category_without_truth_minus_one(capsys):
    report = evaluate(TRUTH, [result([10, 10, 50, 50]), result([200, 100, 120, 120])])
    assert report.per_category == {"car": 1.0, "bus": -1.0}
    assert (report.ap, report.ap50, report.ap75, report.ar100) == pytest.approx((1, 1, 1, 1))
    assert (report.ap_small, report.ap_medium, report.ap_large) == pytest.approx((-1, 1, 1))
    assert (report.frames, report.truths, report.detections) == (1, 2, 2)
    assert capsys.readouterr().out == ""


def test_no_results_have_ap_zero():
    assert evaluate(TRUTH, []).ap == 0.0


def test_no_truth_has_ap_minus_one():
    assert evaluate({**TRUTH, "annotations": []}, [result([0, 0, 5, 5])]).ap == -1.0


def test_one_of_two_found_has_recall_one_half():
    report = evaluate(TRUTH, [result([10, 10, 50, 50])])
    assert report.ap50 == pytest.approx(51 / 101)  # precision 1 at the recall levels 0, 0.01 ... 0.5
    assert report.ar100 == pytest.approx(0.5)


def test_a_detection_in_a_crowd_of_every_category_is_neither_right_nor_wrong():
    crowd = {"id": 3, "image_id": 1, "category_id": None, "bbox": [400, 200, 200, 100], "iscrowd": 1}
    truth = {**TRUTH, "annotations": [*TRUTH["annotations"], crowd]}
    right = [result([10, 10, 50, 50]), result([200, 100, 120, 120])]
    false_alarm = result([420, 210, 60, 60], score=0.99)
    assert evaluate(TRUTH, [*right, false_alarm]).ap < 1
    report = evaluate(truth, [*right, false_alarm])
    assert report.ap == pytest.approx(1)
    assert report.truths == 2
    assert report.per_category["bus"] == -1


def test_inputs_are_left_as_they_were():
    truth, results = copy.deepcopy(TRUTH), [result([10, 10, 50, 50])]
    evaluate(truth, results)
    assert truth == TRUTH
    assert results == [result([10, 10, 50, 50])]


def test_a_duplicate_counts_once_and_a_second_time_as_false():
    once = [result([10, 10, 50, 50], 0.9), result([200, 100, 120, 120], 0.5)]
    twice = [*once, result([10, 10, 50, 50], 0.8)]
    assert evaluate(TRUTH, once).ap50 == pytest.approx(1)
    assert evaluate(TRUTH, twice).ap50 == pytest.approx((51 + 50 * 2 / 3) / 101)  # 2 right of 3 beyond recall 0.5


def test_a_result_that_is_no_object_is_refused():
    with pytest.raises(BadAnnotations, match="result 0 is no object"):
        evaluate(TRUTH, [None])


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"image_id": 9}, "result 1 has image_id 9"),
        ({"image_id": [1]}, "result 1 has image_id [1]"),
        ({"category_id": None}, "result 1 has category_id None"),
        ({"score": float("nan")}, "result 1 has score nan"),
        ({"score": "high"}, "result 1 has score 'high'"),
        ({"bbox": [1, 2, 3]}, "result 1 has bbox"),
        ({"bbox": [1, 2, -3, 4]}, "result 1 has a bbox without area"),
    ],
)
def test_broken_results_are_refused_by_position(broken, message):
    with pytest.raises(BadAnnotations) as caught:
        evaluate(TRUTH, [result([0, 0, 1, 1]), {**result([0, 0, 1, 1]), **broken}])
    assert caught.value.detail.startswith(message)
