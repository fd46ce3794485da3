"""Geometry that every room relies on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.boxes import area_xyxy, clip_xywh, iou_matrix, nms, xywh_to_xyxy, xyxy_to_xywh

coordinate = st.floats(-500, 2500, allow_nan=False)
length = st.floats(0.01, 900, allow_nan=False)
box = st.tuples(coordinate, coordinate, length, length)


def test_formats_convert_there_and_back():
    boxes = [[10.0, 20.0, 30.0, 40.0], [0.0, 0.0, 1.5, 2.5]]
    assert xywh_to_xyxy(boxes).tolist() == [[10, 20, 40, 60], [0, 0, 1.5, 2.5]]
    assert xyxy_to_xywh(xywh_to_xyxy(boxes)).tolist() == boxes
    assert xywh_to_xyxy(boxes[0]).tolist() == [10, 20, 40, 60]


def test_iou_of_known_pairs():
    a = [[0, 0, 10, 10], [20, 20, 30, 30]]
    b = [[5, 0, 15, 10], [0, 0, 10, 10], [0, 0, 0, 0]]
    assert iou_matrix(a, b) == pytest.approx(np.array([[1 / 3, 1, 0], [0, 0, 0]]))


def test_empty_lists_keep_their_shape():
    assert iou_matrix([], [[0, 0, 1, 1]]).shape == (0, 1)
    assert iou_matrix([[0, 0, 1, 1]], []).shape == (1, 0)
    assert nms([], [], 0.5).tolist() == []
    assert xywh_to_xyxy([]).shape == (0, 4)


@given(st.lists(box, min_size=1, max_size=6), st.lists(box, min_size=1, max_size=6))
def test_iou_is_symmetric_and_in_range(a, b):
    forward = iou_matrix(xywh_to_xyxy(a), xywh_to_xyxy(b))
    assert np.all((forward >= 0) & (forward <= 1 + 1e-9))
    assert np.allclose(forward, iou_matrix(xywh_to_xyxy(b), xywh_to_xyxy(a)).T)


def test_nms_keeps_the_best_of_each_heap_in_order_of_score():
    boxes = [[0, 0, 10, 10], [1, 0, 11, 10], [50, 50, 60, 60], [0, 0, 10, 5]]
    assert nms(boxes, [0.5, 0.9, 0.7, 0.4], 0.42).tolist() == [1, 2]
    assert nms(boxes, [0.5, 0.9, 0.7, 0.4], 0.43).tolist() == [1, 2, 3]


def test_nms_breaks_ties_by_order_of_input():
    assert nms([[0, 0, 10, 10]] * 3, [0.5, 0.5, 0.5], 0.5).tolist() == [0]


@given(st.lists(st.tuples(box, st.floats(0, 1)), max_size=12), st.floats(0.1, 0.9))
def test_nms_leaves_no_pair_above_the_threshold_and_drops_only_covered_boxes(scored, threshold):
    boxes = xywh_to_xyxy([b for b, _ in scored])
    scores = [s for _, s in scored]
    kept = nms(boxes, scores, threshold)
    overlap = iou_matrix(boxes, boxes)
    between = overlap[np.ix_(kept, kept)] - np.eye(len(kept)) * 2
    assert np.all(between <= threshold)
    for dropped in set(range(len(scored))) - set(kept.tolist()):
        assert any(overlap[dropped, k] > threshold and scores[k] >= scores[dropped] for k in kept)


@given(box)
def test_clipping_never_leaves_the_frame_nor_grows_the_box(xywh):
    clipped = clip_xywh(xywh, 1920, 1080)
    if clipped is None:
        x1, y1, x2, y2 = xywh_to_xyxy(xywh)
        assert min(x2, 1920) <= max(x1, 0) or min(y2, 1080) <= max(y1, 0)
        return
    x, y, w, h = clipped
    assert min(x, y) >= 0
    assert min(w, h) > 0
    assert x + w <= 1920
    assert y + h <= 1080
    assert area_xyxy(xywh_to_xyxy(clipped)) <= area_xyxy(xywh_to_xyxy(xywh)) * (1 + 1e-9)


@pytest.mark.parametrize("bad", [(float("nan"), 0, 1, 1), (0, 0, float("inf"), 1), (5, 5, 0, 3), (2000, 0, 5, 5)])
def test_clipping_gives_none_where_nothing_is_left(bad):
    assert clip_xywh(bad, 1920, 1080) is None
