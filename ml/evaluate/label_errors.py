"""Which pseudo-labels are wrong, by a truth: what an audit would have found. numpy alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from ml.boxes import Floats, area_xyxy, intersection_matrix, iou_matrix, xywh_to_xyxy
from ml.schemas import BoxXYWH, Detection

Verdict = Literal["right", "class", "location", "duplicate", "spurious", "ignored"]
SAME_IOU = 0.5
NEAR_IOU = 0.1
IGNORED_SHARE = 0.5  # of a label's area inside a region that nobody labelled


def verdicts(
    labels: Sequence[Detection],
    truths: Sequence[tuple[BoxXYWH, str]],
    ignored: Sequence[BoxXYWH] = (),
) -> list[Verdict]:
    """What each label of a frame is, by the truths (box and category) of that frame.

    Labels take truths one to one, the surest first, each the one that it overlaps most: `right` at the same category and IoU >= 0.5.
    What is left is the first that fits: `class` (a truth of another category at IoU >= 0.5), `location` (one of its own at 0.1 to
    0.5), `duplicate` (one of its own at 0.5 or more that is taken), `spurious`. It is `ignored`, neither right nor wrong, where half of
    it or more lies in one of the `ignored` regions. Source: distillation.md 2.5.
    """
    boxes = xywh_to_xyxy([label.box_xywh for label in labels])
    known = xywh_to_xyxy([box for box, _ in truths])
    iou = iou_matrix(boxes, known)
    same = np.array([[label.category == name for _, name in truths] for label in labels], bool).reshape(iou.shape)
    right = _taken(labels, iou * same)
    outside = _outside(boxes, ignored)
    return ["right" if right[k] else _wrong(iou[k], same[k]) if outside[k] else "ignored" for k in range(len(labels))]


def _taken(labels: Sequence[Detection], iou: Floats) -> list[bool]:
    free = np.ones(iou.shape[1], bool)
    right = [False] * len(labels)
    for k in sorted(range(len(labels)), key=lambda k: -labels[k].score):
        reach = np.where(free, iou[k], 0.0)
        if reach.size and reach.max() >= SAME_IOU:
            right[k], free[reach.argmax()] = True, False
    return right


def _outside(boxes: Floats, ignored: Sequence[BoxXYWH]) -> list[bool]:
    if not ignored:
        return [True] * len(boxes)
    inside = intersection_matrix(boxes, xywh_to_xyxy(list(ignored))).max(1) / np.maximum(area_xyxy(boxes), 1e-9)
    return [bool(share < IGNORED_SHARE) for share in inside]


def _wrong(iou: Floats, same: np.ndarray) -> Verdict:
    if (iou[~same] >= SAME_IOU).any():
        return "class"
    if (iou[same] >= SAME_IOU).any():
        return "duplicate"
    return "location" if (iou[same] >= NEAR_IOU).any() else "spurious"
