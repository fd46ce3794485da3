"""How far people who labelled the same frames agree: on what is there (alpha) and on where it is (IoU). numpy alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from scipy.optimize import linear_sum_assignment

from ml.boxes import iou_matrix, xywh_to_xyxy
from ml.schemas import BoxXYWH

SAME_IOU = 0.5
NO_BOX = "no box"

Labelled = Sequence[tuple[BoxXYWH, str]]


@dataclass(frozen=True)
class Pair:
    """One object as two people see it: its category for each, or `NO_BOX`; the overlap where both drew it."""

    first: str
    second: str
    iou: float | None


def krippendorff_alpha(units: Sequence[Sequence[Hashable]]) -> float | None:
    """Krippendorff's alpha for nominal values: 1 perfect, 0 as by chance, below 0 worse than chance.

    Args:
        units: what each observer said of each unit; an observer who said nothing is left out, so that units may differ in length.
    Returns:
        None where it is undefined: no unit with two values, or only one value in all of them.
    Source: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section C.
    """
    pairable = [Counter(unit) for unit in units if len(unit) > 1]
    sizes = [counts.total() for counts in pairable]
    n = sum(sizes)
    overall = sum(pairable, Counter())
    by_chance = n * n - sum(count * count for count in overall.values())
    if by_chance == 0:
        return None
    differing = sum(
        (size * size - sum(count * count for count in counts.values())) / (size - 1)
        for counts, size in zip(pairable, sizes, strict=True)
    )
    return 1 - (n - 1) * differing / by_chance


def matches(
    first: Sequence[BoxXYWH], second: Sequence[BoxXYWH], iou: float = SAME_IOU
) -> list[tuple[int | None, int | None, float | None]]:
    """Places in both lists of what is one object, one to one so that the overlap in sum is largest, and its IoU; None where one list has it alone."""
    overlap = iou_matrix(xywh_to_xyxy(first), xywh_to_xyxy(second))
    rows, columns = linear_sum_assignment(overlap * (overlap >= iou), maximize=True)
    both = {int(r): int(c) for r, c in zip(rows, columns, strict=True) if overlap[r, c] >= iou}
    taken = set(both.values())
    return [
        *((r, c, float(overlap[r, c])) for r, c in both.items()),
        *((r, None, None) for r in range(len(first)) if r not in both),
        *((None, c, None) for c in range(len(second)) if c not in taken),
    ]


def pair_boxes(first: Labelled, second: Labelled, iou: float = SAME_IOU) -> list[Pair]:
    """The objects of a frame that two people labelled: boxes one to one so that the overlap in sum is largest, whatever their categories.

    Boxes that overlap less than `iou` are two objects, of which each person has only one.
    """
    found = matches([box for box, _ in first], [box for box, _ in second], iou)
    return [
        Pair(NO_BOX if r is None else first[r][1], NO_BOX if c is None else second[c][1], overlap)
        for r, c, overlap in found
    ]


def category_alpha(pairs: Sequence[Pair]) -> float | None:
    """Alpha of the categories, "no box" being one."""
    return krippendorff_alpha([(pair.first, pair.second) for pair in pairs])


def one_against_rest(pairs: Sequence[Pair], category: str) -> float | None:
    """Alpha of "it is this category" and "it is not", over all objects."""
    return krippendorff_alpha([(pair.first == category, pair.second == category) for pair in pairs])


def mean_iou(pairs: Sequence[Pair]) -> float | None:
    """Over the objects that both drew; None where there is none."""
    overlaps = [pair.iou for pair in pairs if pair.iou is not None]
    return sum(overlaps) / len(overlaps) if overlaps else None
