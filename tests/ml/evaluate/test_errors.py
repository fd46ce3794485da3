"""Kinds of errors, the matrix and the lists of them, on boxes whose overlaps are known."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.evaluate import errors as module
from ml.evaluate.confusion import confusion
from ml.evaluate.detection import accumulated
from ml.evaluate.errors import KINDS, DetectionError, error_rows, errors_of, worst_frames
from ml.evaluate.matching import matches_by_image
from ml.evaluate.report import report
from tests.ml.evaluate.drawn import drawn

CAR, BUS = 1, 2
NAMES = {CAR: "car", BUS: "bus"}
BOX = [0, 0, 40, 40]
SHIFTED = {0.6: [0, 0, 40, 24], 0.3: [0, 0, 40, 12], 0.05: [0, 0, 40, 2]}  # by their IoU with BOX


def found(truths, results, threshold=0.0):
    """Matches and errors of one image: truths as (category, box), results as (category, box, score)."""
    truth = {
        "images": [{"id": 1, "file_name": "1.jpg", "width": 200, "height": 200}],
        "categories": [{"id": id, "name": name} for id, name in NAMES.items()],
        "annotations": [{"id": n, "image_id": 1, "category_id": c, "bbox": b} for n, (c, b) in enumerate(truths, 1)],
    }
    rows = [{"image_id": 1, "category_id": c, "bbox": b, "score": s} for c, b, s in results]
    matches = matches_by_image(accumulated(truth, rows), threshold)
    return matches, errors_of(matches)


@pytest.mark.parametrize(
    ("truths", "results", "kinds"),
    [
        ([(CAR, BOX)], [(CAR, SHIFTED[0.6], 0.9)], []),
        ([(CAR, BOX)], [(CAR, BOX, 0.9), (CAR, SHIFTED[0.6], 0.8)], ["duplicate"]),
        ([(CAR, BOX)], [(BUS, SHIFTED[0.6], 0.9)], ["confused"]),
        ([(CAR, BOX)], [(CAR, BOX, 0.9), (BUS, BOX, 0.8)], ["confused"]),
        ([(CAR, BOX)], [(CAR, SHIFTED[0.3], 0.9)], ["mislocalised"]),
        ([(CAR, BOX)], [(CAR, BOX, 0.9), (CAR, SHIFTED[0.3], 0.8)], ["mislocalised"]),
        ([(CAR, BOX)], [(CAR, SHIFTED[0.05], 0.9)], ["false", "missed"]),
        ([(CAR, BOX)], [(BUS, SHIFTED[0.3], 0.9)], ["false", "missed"]),  # TIDE's "both"
        ([], [(CAR, BOX, 0.9)], ["false"]),
        ([(CAR, BOX)], [], ["missed"]),
        ([(CAR, BOX), (BUS, BOX)], [(CAR, BOX, 0.9), (CAR, SHIFTED[0.6], 0.8)], ["duplicate", "missed"]),
    ],
)
def test_each_kind(truths, results, kinds):
    _, errors = found(truths, results)
    assert [error.kind for error in errors] == kinds


def test_under_the_threshold_a_detection_is_none():
    _, errors = found([(CAR, BOX)], [(CAR, BOX, 0.4)], threshold=0.5)
    assert [error.kind for error in errors] == ["missed"]


def test_a_truth_taken_for_two_others_stands_in_the_matrix_once():
    matches, errors = found([(CAR, BOX)], [(BUS, BOX, 0.9), (BUS, SHIFTED[0.6], 0.8)])
    assert [error.kind for error in errors] == ["confused", "confused"]
    assert confusion(matches, errors, NAMES, 0.0)["matrix"] == [[0, 1, 0], [0, 0, 0], [0, 1, 0]]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), threshold=st.floats(0, 1))
def test_rows_sum_to_truths_and_columns_to_detections(seed, threshold):
    truth, results = drawn(images=4, seed=seed)
    matches = matches_by_image(accumulated(truth, results), threshold)
    matrix = confusion(matches, errors_of(matches), NAMES, threshold)["matrix"]
    for place, id in enumerate(NAMES):
        truths = [a for a in truth["annotations"] if a["category_id"] == id and not a["iscrowd"]]
        counted = sum(t["category_id"] == id for m in matches for t in (*m.wrong, *(r for _, r in m.right)))
        assert sum(matrix[place]) == len(truths)
        assert sum(row[place] for row in matrix) == counted
        assert matrix[place][place] == sum(t["category_id"] == id for m in matches for t, _ in m.right)
    assert min(min(row) for row in matrix) >= 0


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), equal_scores=st.booleans())
def test_the_order_of_records_changes_nothing(seed, equal_scores):
    truth, results = drawn(images=4, seed=seed)
    if equal_scores:
        results = [{**result, "score": round(result["score"], 1)} for result in results]
    rng = random.Random(seed)
    mixed = {key: rng.sample(rows, len(rows)) for key, rows in truth.items()}
    attributes = {image["id"]: {"drive": str(image["id"] % 2)} for image in truth["images"]}
    again = report(mixed, rng.sample(results, len(results)), attributes=attributes)
    assert again == report(truth, results, attributes=attributes)


def many(kind, number, score):
    box = {"category_id": CAR, "bbox": [0, 0, 10, 10]}
    scored = {**box, "score": score}
    return [DetectionError(kind, n, box, None if kind == "missed" else scored) for n in range(number)]


def test_missed_truths_keep_their_room_in_the_list():
    rows = error_rows([*many("false", 3000, 0.9), *many("missed", 900, None)], NAMES)
    assert len(rows) == module.MOST_ERRORS
    kinds = [row["kind"] for row in rows]
    assert kinds == ["false"] * 1600 + ["missed"] * 400


def test_frames_rank_by_cost_and_end_at_fifty():
    errors = [*many("false", 60, 0.9), *many("duplicate", 1, 0.8), *many("mislocalised", 2, 0.7)]
    rows = worst_frames(errors, {n: f"{n}.jpg" for n in range(60)})
    assert len(rows) == module.MOST_FRAMES
    assert [row["cost"] for row in rows[:3]] == [2.0, 1.5, 1.0]
    assert {kind: rows[0][kind] for kind in KINDS} == {
        "missed": 0,
        "false": 1,
        "confused": 0,
        "mislocalised": 1,
        "duplicate": 1,
    }
