"""An answer against a frame whose labels are known: what was right, what was found, how closely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml.boxes import iou_matrix, xywh_to_xyxy
from ml.risk.planted import SAME_IOU
from ml.schemas import BoxXYWH

Label = tuple[str, BoxXYWH]  # category and box


@dataclass(frozen=True, slots=True)
class Agreement:
    """`matched` of the `given` labels are among the `known` ones; `iou` is the sum over the matched."""

    given: int
    known: int
    matched: int
    iou: float


def agreement(given: Sequence[Label], known: Sequence[Label]) -> Agreement:
    """Matched one to one within a category, the closest pair first, from IoU 0.5 on."""
    pairs = matches(given, known)
    return Agreement(len(given), len(known), len(pairs), float(sum(iou for *_, iou in pairs)))


def errors_among(shown: Sequence[Label], known: Sequence[Label]) -> list[int]:
    """Which of the labels shown are none of the known ones."""
    right = {place for place, *_ in matches(shown, known)}
    return [place for place in range(len(shown)) if place not in right]


def matches(given: Sequence[Label], known: Sequence[Label]) -> list[tuple[int, int, float]]:
    """(place in given, place in known, IoU) of each pair."""
    if not given or not known:
        return []
    ious = iou_matrix(xywh_to_xyxy([box for _, box in given]), xywh_to_xyxy([box for _, box in known]))
    same = np.array([[a == b for b, _ in known] for a, _ in given])
    ious = np.where(same, ious, 0.0)
    pairs: list[tuple[int, int, float]] = []
    for flat in np.argsort(-ious, axis=None, kind="stable"):
        i, j = divmod(int(flat), len(known))
        if ious[i, j] < SAME_IOU:
            break
        if all(i != a and j != b for a, b, _ in pairs):
            pairs.append((i, j, float(ious[i, j])))
    return pairs
