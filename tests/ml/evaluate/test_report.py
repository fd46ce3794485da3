"""The report of a case small enough to know every number of."""

import json

import pytest

from ml.errors import BadAnnotations
from ml.evaluate.detection import evaluate
from ml.evaluate.report import report

CAR, BUS, SIGN = 1, 2, 3
CATEGORIES = [{"id": CAR, "name": "car"}, {"id": BUS, "name": "bus"}, {"id": SIGN, "name": "sign"}]


def truth_of(*rows):
    """(image, category, box, crowd) each; four images."""
    images = [{"id": n, "file_name": f"{n}.jpg", "width": 200, "height": 200} for n in range(1, 5)]
    annotations = [
        {"id": n, "image_id": i, "category_id": c, "bbox": b, "area": b[2] * b[3], "iscrowd": crowd}
        for n, (i, c, b, crowd) in enumerate(rows, 1)
    ]
    return {"images": images, "annotations": annotations, "categories": CATEGORIES}


def result(image, category, box, score):
    return {"image_id": image, "category_id": category, "bbox": box, "score": score}


BOX, AWAY = [10, 10, 40, 40], [120, 120, 40, 40]
NEAR = [30, 10, 40, 40]  # IoU 1/3 with BOX
TRUTH = truth_of((1, CAR, BOX, 0), (2, CAR, BOX, 0), (2, BUS, AWAY, 0), (3, BUS, BOX, 0), (4, CAR, BOX, 1))
RESULTS = [
    result(1, CAR, BOX, 0.9),  # right
    result(1, CAR, [12, 10, 40, 40], 0.8),  # the same again
    result(2, BUS, BOX, 0.7),  # a car taken for a bus
    result(2, BUS, [140, 120, 40, 40], 0.6),  # a bus nearly found
    result(3, SIGN, AWAY, 0.5),  # nothing there
    result(4, CAR, [15, 15, 20, 20], 0.95),  # in a region to ignore
    result(3, BUS, BOX, 0.1),  # right, but under the threshold
]


@pytest.fixture(scope="module")
def whole():
    attributes = {1: {"drive": "a", "weather": "rain"}, 2: {"drive": "a"}, 3: {"drive": "b"}, 4: {"drive": "b"}}
    return report(TRUTH, RESULTS, attributes=attributes, threshold=0.3)


def test_every_kind_of_error_is_named_once(whole):
    assert whole["error_counts"] == {"missed": 1, "false": 1, "confused": 1, "mislocalised": 1, "duplicate": 1}
    kinds = [(e["kind"], e["image_id"], e["category"], e["predicted"], e["score"]) for e in whole["errors"]]
    assert kinds == [
        ("duplicate", 1, "car", "car", 0.8),
        ("confused", 2, "car", "bus", 0.7),
        ("mislocalised", 2, "bus", "bus", 0.6),
        ("false", 3, None, "sign", 0.5),
        ("missed", 3, "bus", None, None),
    ]
    assert whole["errors"][2]["iou"] == pytest.approx(1 / 3, abs=1e-4)


def test_the_confusion_matrix_counts_truths_by_row(whole):
    assert whole["confusion"]["labels"] == ["car", "bus", "sign", "background"]
    assert whole["confusion"]["matrix"] == [
        [1, 1, 0, 0],  # one car found, one taken for a bus
        [0, 0, 0, 2],  # one bus nearly found, one missed
        [0, 0, 0, 0],
        [1, 1, 1, 0],  # the duplicate, the shifted bus, the ghost sign
    ]


def test_the_worst_frames_come_first(whole):
    rows = [(row["image_id"], row["cost"]) for row in whole["worst_frames"]]
    assert rows == [(3, 2.0), (2, 1.5), (1, 0.5)]


def test_figures_by_category_and_slice(whole):
    car, bus, sign = (whole["per_category"][name] for name in ("car", "bus", "sign"))
    assert (car["truths"], bus["truths"], sign["truths"]) == (2, 2, 0)
    assert car["AP50"] == pytest.approx(51 / 101, abs=1e-5)  # half of the recalls are reached, at precision 1
    assert sign["AP"] is None
    assert car["best_f1"] == pytest.approx(2 / 3, abs=1e-4)
    assert whole["slices"]["drive"]["a"]["frames"] == 2
    assert whole["slices"]["drive"]["b"]["truths"] == 1
    assert whole["slices"]["weather"].keys() == {"rain", "unknown"}
    assert whole["slices"]["weather"]["rain"]["AP50"] == 1.0
    assert whole["slices"]["size"]["large"]["AP"] is None


def test_the_curve_of_a_category_falls_where_its_recall_ends(whole):
    curve = whole["pr_curves"]["car"]
    assert (curve["recall"][50], curve["precision"][50], curve["precision"][51]) == (0.5, 1.0, 0.0)
    assert curve["score"][50] == 0.9
    assert "sign" not in whole["pr_curves"]
    assert len(whole["pr_curves"]["all"]["precision"]) == 101


def test_the_curve_of_all_is_the_mean_of_those_with_truth(whole):
    curves = whole["pr_curves"]
    assert list(curves) == ["all", "car", "bus"]
    mean = (curves["car"]["precision"][10] + curves["bus"]["precision"][10]) / 2
    assert curves["all"]["precision"][10] == pytest.approx(mean, abs=1e-4)
    assert sum(curves["all"]["precision"]) / 101 == pytest.approx(whole["figures"]["AP50"], abs=1e-4)
    assert curves["all"]["score"][50] == pytest.approx((0.9 + 0.1) / 2)  # half of the cars at 0.9, of the buses at 0.1
    assert curves["all"]["score"][51] == 0.0  # which none reaches


def test_frames_that_an_attribute_says_nothing_of_are_a_slice_too(whole):
    unknown = whole["slices"]["weather"]["unknown"]
    assert (unknown["frames"], unknown["truths"]) == (3, 3)


def test_nothing_at_all_is_a_report_too():
    nothing = report({"images": [], "annotations": [], "categories": CATEGORIES}, [])
    assert set(nothing["figures"].values()) == {None}
    assert (nothing["frames"], nothing["errors"], nothing["worst_frames"], nothing["pr_curves"]) == (0, [], [], {})


def test_the_report_is_pure_json_and_does_not_depend_on_order(whole):
    text = json.dumps(whole, allow_nan=False)
    shuffled = {**TRUTH, "annotations": TRUTH["annotations"][::-1]}
    attributes = {1: {"drive": "a", "weather": "rain"}, 2: {"drive": "a"}, 3: {"drive": "b"}, 4: {"drive": "b"}}
    again = report(shuffled, RESULTS[::-1], attributes=attributes, threshold=0.3)
    assert json.dumps(again) == text


@pytest.mark.parametrize("truth", [TRUTH, truth_of()])
def test_without_detections_everything_is_missed(truth):
    empty = report(truth, [])
    assert empty["error_counts"]["missed"] == empty["truths"]
    assert empty["figures"]["AP"] == (0.0 if empty["truths"] else None)
    assert empty["threshold"] == 0.5


def test_a_result_on_an_unknown_image_is_named():
    with pytest.raises(BadAnnotations, match="result 0 has image_id 9"):
        report(TRUTH, [result(9, CAR, BOX, 0.5)])


def test_a_region_of_no_category_takes_any_detection():
    truth = truth_of((1, None, [0, 0, 100, 100], 1), (2, CAR, BOX, 0))
    results = [result(1, SIGN, BOX, 0.95), result(1, CAR, BOX, 0.93), result(2, CAR, BOX, 0.9)]
    found = report(truth, results)
    assert found["threshold"] == 0.9
    assert (found["per_category"]["car"]["best_f1"], found["per_category"]["car"]["best_threshold"]) == (1.0, 0.9)
    assert found["errors"] == []
    assert found["confusion"]["matrix"] == [[1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert found["truths"] == 1


def test_a_category_without_truth_has_no_f1_and_one_never_found_has_none_to_set():
    found = report(truth_of((1, CAR, BOX, 0)), [result(1, SIGN, BOX, 0.9)])["per_category"]
    assert (found["sign"]["best_f1"], found["sign"]["best_threshold"]) == (None, None)
    assert (found["car"]["best_f1"], found["car"]["best_threshold"]) == (0.0, None)


def test_a_threshold_takes_all_detections_of_one_score():
    truth = truth_of((1, CAR, BOX, 0), (2, CAR, BOX, 0))
    results = [result(1, CAR, BOX, 0.5), *(result(2, CAR, AWAY, 0.5) for _ in range(3)), result(2, CAR, BOX, 0.4)]
    car = report(truth, results)["per_category"]["car"]
    assert car["best_f1"] == pytest.approx(4 / 7, abs=1e-5)  # 2 right of 2 + 5, not 1 of 2 + 1
    assert car["best_threshold"] == 0.4


def test_slices_have_the_figures_of_their_frames_alone(whole):
    for drive, ids in (("a", {1, 2}), ("b", {3, 4})):
        part = {
            **TRUTH,
            "images": [i for i in TRUTH["images"] if i["id"] in ids],
            "annotations": [a for a in TRUTH["annotations"] if a["image_id"] in ids],
        }
        alone = evaluate(part, [r for r in RESULTS if r["image_id"] in ids])
        row = whole["slices"]["drive"][drive]
        assert (row["AP"], row["AP50"]) == (pytest.approx(alone.ap, abs=1e-5), pytest.approx(alone.ap50, abs=1e-5))
        assert (row["frames"], row["truths"]) == (alone.frames, alone.truths)


def test_sizes_have_their_truths(whole):
    assert whole["slices"]["size"]["medium"]["truths"] == 4
    assert whole["slices"]["size"]["medium"]["AP"] == whole["figures"]["APm"]
    assert whole["slices"]["size"]["small"] == {"AP": None, "AP50": None, "truths": 0}
