"""Box geometry on numpy arrays: formats, overlap, suppression. Boxes are pixels of one frame, floats."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ml.schemas import BoxXYWH

Floats = NDArray[np.float64]


def xywh_to_xyxy(boxes_xywh: ArrayLike) -> Floats:
    """[x, y, width, height] to [x1, y1, x2, y2]; any leading shape, (..., 4)."""
    boxes = as_boxes(boxes_xywh)
    return np.concatenate([boxes[..., :2], boxes[..., :2] + boxes[..., 2:]], axis=-1)


def xyxy_to_xywh(boxes_xyxy: ArrayLike) -> Floats:
    """[x1, y1, x2, y2] to [x, y, width, height]; any leading shape, (..., 4)."""
    boxes = as_boxes(boxes_xyxy)
    return np.concatenate([boxes[..., :2], boxes[..., 2:] - boxes[..., :2]], axis=-1)


def area_xyxy(boxes_xyxy: ArrayLike) -> Floats:
    """Area in px² of each box, (...); 0 where a box is inside out."""
    boxes = as_boxes(boxes_xyxy)
    return np.asarray(np.prod(np.maximum(boxes[..., 2:] - boxes[..., :2], 0.0), axis=-1))


def iou_matrix(a_xyxy: ArrayLike, b_xyxy: ArrayLike) -> Floats:
    """Intersection over union of every pair, (N, M) in [0, 1]; 0 where both boxes are empty."""
    a, b = as_boxes(a_xyxy), as_boxes(b_xyxy)
    inside = intersection_matrix(a, b)
    union = area_xyxy(a)[:, None] + area_xyxy(b)[None, :] - inside
    return np.divide(inside, union, out=np.zeros_like(inside), where=union > 0)


def intersection_matrix(a_xyxy: ArrayLike, b_xyxy: ArrayLike) -> Floats:
    """Area in px² that every pair shares, (N, M)."""
    a, b = as_boxes(a_xyxy), as_boxes(b_xyxy)
    top_left = np.maximum(a[:, None, :2], b[None, :, :2])
    bottom_right = np.minimum(a[:, None, 2:], b[None, :, 2:])
    return area_xyxy(np.concatenate([top_left, bottom_right], axis=-1))


def nms(boxes_xyxy: ArrayLike, scores: ArrayLike, iou: float) -> NDArray[np.int64]:
    """Greedy suppression: indices of the kept boxes by descending score; a box goes when its overlap exceeds `iou`.

    Equal scores keep their order, so that the result is a function of the input alone. For NMS per class, call it per class.
    """
    boxes = as_boxes(boxes_xyxy)
    order = np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable")
    kept: list[int] = []
    while order.size:
        best, rest = order[0], order[1:]
        kept.append(int(best))
        order = rest[iou_matrix(boxes[best : best + 1], boxes[rest])[0] <= iou]
    return np.asarray(kept, dtype=np.int64)


def clip_xywh(box_xywh: BoxXYWH, width: float, height: float) -> BoxXYWH | None:
    """The part of a box inside a width x height frame, or None when nothing (or nothing finite) is left."""
    if not np.isfinite(box_xywh).all():
        return None
    x, y, w, h = box_xywh
    x1, y1 = max(x, 0.0), max(y, 0.0)
    x2, y2 = min(x + w, width), min(y + h, height)
    if x2 <= x1 or y2 <= y1:
        return None
    # x + (x2 - x1) may round past the edge; a box inside the frame is a constraint in the database.
    return float(x1), float(y1), _side(x1, x2), _side(y1, y2)


def as_boxes(boxes: ArrayLike) -> Floats:
    """Any list of boxes as float64 (..., 4); an empty list becomes (0, 4)."""
    array = np.asarray(boxes, dtype=np.float64)
    return array.reshape(0, 4) if array.ndim == 1 and array.size == 0 else array


def _side(start: float, end: float) -> float:
    side = end - start
    while start + side > end:
        side = float(np.nextafter(side, 0.0))
    return float(side)
