"""ObjectLab, the published detector of label errors that the audit curve is measured against. numpy alone.

Similarity of two boxes is .9 IoU + .1 exp(-.1 d), d the distance of their centres in px of a frame scaled to a fixed size. Source: Tkachenko et al.,
"ObjectLab", arXiv 2309.00832, by its description in distillation.md 2.5.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ml.boxes import Floats, iou_matrix, xywh_to_xyxy
from ml.schemas import Detection

LONGER_SIDE_PX = 640.0
SURE, VERY_SURE = 0.5, 0.95  # predictions that count for location; for another class or an overlooked object
LEAST = 1e-6  # similarity of boxes that have nothing in common
TEMPERATURE = 0.1  # of the soft minimum


def badly_located(labels: Sequence[Detection], predictions: Sequence[Detection], longer_side: float) -> Floats:
    """(N,) in [0, 1], 1 = good: how near the nearest sure prediction of the label's class is; 1 where there is none."""
    return _nearest(labels, [p for p in predictions if p.score > SURE], longer_side, same=True)


def swapped(labels: Sequence[Detection], predictions: Sequence[Detection], longer_side: float) -> Floats:
    """(N,): how far the nearest very sure prediction of another class is; 1 where there is none."""
    sure = [p for p in predictions if p.score > VERY_SURE]
    near = _nearest(labels, sure, longer_side, same=False, none=0.0)
    return np.maximum(LEAST, 1 - near)


def overlooked(labels: Sequence[Detection], predictions: Sequence[Detection], longer_side: float) -> Floats:
    """For each very sure prediction, in order, how near the nearest label of its class is; next to nothing where there is none."""
    sure = [p for p in predictions if p.score >= VERY_SURE]
    near = _nearest(sure, labels, longer_side, same=True, none=np.nan)
    return np.where(np.isnan(near), [LEAST * (1 - p.score) for p in sure], near)


def label_doubts(labels: Sequence[Detection], predictions: Sequence[Detection], longer_side: float) -> Floats:
    """(N,) 1 - the soft minimum of location and class: what a queue of labels is ranked by. Overlooked objects have no label to rank."""
    scores = np.stack(
        [badly_located(labels, predictions, longer_side), swapped(labels, predictions, longer_side)], axis=-1
    )
    return 1 - soft_minimum(scores)


def image_quality(labels: Sequence[Detection], predictions: Sequence[Detection], longer_side: float) -> float:
    """In [0, 1]: the geometric mean of the soft minima of the three."""
    parts = [part(labels, predictions, longer_side) for part in (overlooked, badly_located, swapped)]
    pooled = [float(soft_minimum(part[None])[0]) if part.size else 1.0 for part in parts]
    return float(np.prod(pooled) ** (1 / len(pooled)))


def soft_minimum(scores: Floats) -> Floats:
    """Over the last axis: the mean weighed by softmax(-score / TEMPERATURE)."""
    weights = np.exp(-(scores - scores.min(-1, keepdims=True)) / TEMPERATURE)
    pooled: Floats = (weights * scores).sum(-1) / weights.sum(-1)
    return pooled


def similarity(a: Sequence[Detection], b: Sequence[Detection], longer_side: float) -> Floats:
    """(N, M) in [0, 1]; `longer_side` of the frame in px."""
    first, second = (xywh_to_xyxy([d.box_xywh for d in boxes]) * (LONGER_SIDE_PX / longer_side) for boxes in (a, b))
    centres = [(boxes[:, :2] + boxes[:, 2:]) / 2 for boxes in (first, second)]
    distance = np.linalg.norm(centres[0][:, None] - centres[1][None], axis=-1)
    alike: Floats = 0.9 * iou_matrix(first, second) + 0.1 * np.exp(-0.1 * distance)
    return alike


def _nearest(
    ours: Sequence[Detection], theirs: Sequence[Detection], longer_side: float, *, same: bool, none: float = 1.0
) -> Floats:
    """The greatest similarity of each of `ours` with one of `theirs` of the same class, or of another."""
    wanted = np.array([[(o.category == t.category) == same for t in theirs] for o in ours], bool)
    near = np.where(wanted.reshape(len(ours), len(theirs)), similarity(ours, theirs, longer_side), -1.0)
    best = near.max(1, initial=-1.0)
    return np.where(best < 0, none, best)
