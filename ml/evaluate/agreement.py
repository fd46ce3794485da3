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


def pair_boxes(first: Labelled, second: Labelled, iou: float = SAME_IOU) -> list[Pair]:
    """The objects of a frame that two people labelled: boxes one to one so that the overlap in sum is largest, whatever their categories.

    Boxes that overlap less than `iou` are two objects, of which each person has only one.
    """
    overlap = iou_matrix(xywh_to_xyxy([box for box, _ in first]), xywh_to_xyxy([box for box, _ in second]))
    rows, columns = linear_sum_assignment(overlap * (overlap >= iou), maximize=True)
    both = {int(r): int(c) for r, c in zip(rows, columns, strict=True) if overlap[r, c] >= iou}
    shared = [Pair(first[r][1], second[c][1], float(overlap[r, c])) for r, c in both.items()]
    alone = [Pair(name, NO_BOX, None) for r, (_, name) in enumerate(first) if r not in both]
    taken = set(both.values())
    return [*shared, *alone, *(Pair(NO_BOX, name, None) for c, (_, name) in enumerate(second) if c not in taken)]


def category_alpha(pairs: Sequence[Pair]) -> float | None:
    """Alpha of the categories, "no box" being one."""
    return krippendorff_alpha([(pair.first, pair.second) for pair in pairs])


def mean_iou(pairs: Sequence[Pair]) -> float | None:
    """Over the objects that both drew; None where there is none."""
    overlaps = [pair.iou for pair in pairs if pair.iou is not None]
    return sum(overlaps) / len(overlaps) if overlaps else None
