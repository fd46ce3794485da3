"""Boxes of the frames between two that a better model labelled: matched one to one, and moved from the one to the other.

A frame that stayed on the device is so labelled by its neighbours that went up, afterwards, and by the device's own boxes where the neighbours have none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, inf, sqrt
from typing import Literal

import numpy as np
from scipy.optimize import linear_sum_assignment

from ml.boxes import Floats, iou_matrix, xywh_to_xyxy
from ml.schemas import BoxXYWH, CategoryGroup, Detection

# Cost above which two boxes are two objects: how far in their own sizes, by how much they grew, and what they are. What stands at the road's
# edge grows to twice its size in half a second: 6 was best of 2.2 to 6 on rendered drives 9700 to 9705.
FARTHEST = 6.0
OTHER_CATEGORY, SCORE = 0.7, 1.0  # car and truck of one thing are one thing; a sure box is hardly a doubtful one
ALONE = 0.5  # what the score is worth of a box that only one neighbour has
OWN = 0.3  # and of one of the device's own that no neighbour has
SAME_OBJECT = 0.5  # IoU
# Whose word a box is: the better model's own, of both its neighbours, of one of them, or of the device alone.
Origin = Literal["cloud", "both", "one", "device"]
# Log-odds that a box is right: at score 0, and for a score of 1 more. Fitted by bench/doubt_weights.py on six rendered drives (seeds 9700 to 9705)
# with a key frame a second: of 278 boxes of the cloud 84 % were right, of 1,053 between two labelled frames 79, of 2,277 of one 21, of 12,593 of the device 5.
RIGHT: dict[Origin, tuple[float, float]] = {
    "cloud": (-1.17, 4.36),
    "both": (-1.55, 4.26),
    "one": (-2.06, 3.18),
    "device": (-3.05, 0.65),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the better model found in the frame at `time_ms`."""

    time_ms: float
    detections: Sequence[Detection]


@dataclass(frozen=True, slots=True)
class Known:
    """A box of a frame, and whose word it is."""

    detection: Detection
    origin: Origin


def filled(
    times_ms: Sequence[float],
    own: Sequence[Sequence[Detection]],
    answers: Mapping[int, Sequence[Detection]],
    groups: Mapping[str, CategoryGroup],
) -> list[Sequence[Detection]]:
    """The labels of every frame of one drive: `known` without whose word they are."""
    return [[one.detection for one in frame] for frame in known(times_ms, own, answers, groups)]


def known(
    times_ms: Sequence[float],
    own: Sequence[Sequence[Detection]],
    answers: Mapping[int, Sequence[Detection]],
    groups: Mapping[str, CategoryGroup],
    *,
    reach_ms: float = inf,
) -> list[list[Known]]:
    """The labels of every frame of one drive.

    Args:
        times_ms: of the frames, rising.
        own: the device's boxes of every frame, absolute px.
        answers: place of a frame -> the better model's boxes.
        groups: category -> group; a vehicle never becomes a person on its way.
        reach_ms: a neighbour farther away is none.
    """
    places = sorted(answers)
    asked = [Answer(times_ms[place], answers[place]) for place in places]
    found: list[list[Known]] = []
    for place, (time_ms, seen) in enumerate(zip(times_ms, own, strict=True)):
        if place in answers:
            found.append([Known(one, "cloud") for one in answers[place]])
            continue
        after = bisect_right(places, place)
        before, behind = (
            one if one and abs(one.time_ms - time_ms) <= reach_ms else None
            for one in (asked[after - 1] if after else None, asked[after] if after < len(asked) else None)
        )
        near = before or behind
        found.append(_with_own(_between(before, behind, time_ms, groups), seen, groups) if near else _alone(seen))
    return found


def _alone(own: Sequence[Detection]) -> list[Known]:
    """Without a neighbour the device's word stands as it is."""
    return [Known(one, "device") for one in own]


def _between(
    before: Answer | None, after: Answer | None, time_ms: float, groups: Mapping[str, CategoryGroup]
) -> list[Known]:
    if before is None or after is None:
        only = before or after
        return [_worth(one, ALONE) for one in only.detections] if only else []
    share = (time_ms - before.time_ms) / (after.time_ms - before.time_ms)
    pairs = _pairs(before.detections, after.detections, groups)
    moved = [Known(_moved(before, after, first, second, share), "both") for first, second in pairs]
    gone, come = {first for first, _ in pairs}, {second for _, second in pairs}
    for answer, matched, worth in ((before, gone, 1 - share), (after, come, share)):
        moved += [_worth(one, worth * ALONE) for place, one in enumerate(answer.detections) if place not in matched]
    return moved


def _worth(one: Detection, share: float) -> Known:
    return Known(replace(one, score=one.score * share), "one")


def on_its_way(start: BoxXYWH, end: BoxXYWH, share: float) -> BoxXYWH:
    """The box of something that moves straight and evenly on the road, at `share` of the way.

    A picture's size goes as 1 / distance, and its corners are P / distance: distances and P go evenly, pixels do not.
    """
    near, far = (1 / sqrt(max(1.0, box[2] * box[3])) for box in (start, end))
    distance = (1 - share) * near + share * far
    left, top, right, bottom = (
        ((1 - share) * a * near + share * b * far) / distance
        for a, b in zip(_corners(start), _corners(end), strict=True)
    )
    return left, top, right - left, bottom - top


def _corners(box: BoxXYWH) -> tuple[float, float, float, float]:
    x, y, width, height = box
    return x, y, x + width, y + height


def _moved(before: Answer, after: Answer, first: int, second: int, share: float) -> Detection:
    one, other = before.detections[first], after.detections[second]
    box = on_its_way(one.box_xywh, other.box_xywh, share)
    score = (1 - share) * one.score + share * other.score
    return replace(one if one.score >= other.score else other, box_xywh=box, score=score)


def _pairs(
    before: Sequence[Detection], after: Sequence[Detection], groups: Mapping[str, CategoryGroup]
) -> list[tuple[int, int]]:
    """Places of one object in both, by the assignment that costs least."""
    if not before or not after:
        return []
    (centres, sizes), (next_centres, next_sizes) = _geometry(before), _geometry(after)
    scale = np.sqrt(np.sqrt(sizes.prod(axis=1))[:, None] * np.sqrt(next_sizes.prod(axis=1)))
    cost = np.linalg.norm(centres[:, None] - next_centres, axis=-1) / scale
    cost += np.abs(np.log(sizes[:, None] / next_sizes)).sum(axis=-1)
    cost += SCORE * np.abs(np.subtract.outer([one.score for one in before], [one.score for one in after]))
    cost += OTHER_CATEGORY * np.array([[one.category != other.category for other in after] for one in before])
    cost[np.array([[groups.get(o.category) != groups.get(p.category) for p in after] for o in before])] = np.inf
    rows, columns = linear_sum_assignment(np.minimum(cost, FARTHEST))
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True) if cost[row, column] < FARTHEST]


def _geometry(detections: Sequence[Detection]) -> tuple[Floats, Floats]:
    """Centres and sizes, (N, 2) px each."""
    boxes = np.array([one.box_xywh for one in detections])
    return boxes[:, :2] + boxes[:, 2:] / 2, np.maximum(boxes[:, 2:], 1.0)


def _with_own(carried: list[Known], own: Sequence[Detection], groups: Mapping[str, CategoryGroup]) -> list[Known]:
    """And what the device alone saw, for less."""
    left = [one for one in own if not any(_same(one, other.detection, groups) for other in carried)]
    return carried + [Known(replace(one, score=one.score * OWN), "device") for one in left]


def _same(one: Detection, other: Detection, groups: Mapping[str, CategoryGroup]) -> bool:
    if groups.get(one.category) != groups.get(other.category):
        return False
    return bool(iou_matrix(xywh_to_xyxy([one.box_xywh]), xywh_to_xyxy([other.box_xywh]))[0, 0] >= SAME_OBJECT)


def risk_of(one: Known) -> float:
    """How likely the box is wrong, by whose word it is and how sure that was."""
    start, slope = RIGHT[one.origin]
    return 1 / (1 + exp(start + slope * one.detection.score))
