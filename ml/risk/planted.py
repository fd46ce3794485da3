"""Errors put into right labels on purpose, to learn how many errors an auditor overlooks (audit-desk.md 5, M5).

Every choice comes from the random generator that is handed in, so that a recorded seed gives the same error again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random

from ml.boxes import iou_matrix, xywh_to_xyxy
from ml.schemas import BoxXYWH

SHIFTED, RELABELLED, GHOST, HIDDEN = ERRORS = ("shifted", "relabelled", "ghost", "hidden")
SAME_IOU = 0.5  # below it a box is at a wrong place, as outcomes of audits are read
TOUCHING_IOU = 0.1
ATTEMPTS = 60


def shifted(box_xywh: BoxXYWH, frame_width: int, frame_height: int, chance: Random) -> BoxXYWH | None:
    """The box elsewhere and of another size, inside the frame, still touching its object; None where there is no room for that.

    Its IoU with the right one lies in [0.15, 0.5): plainly wrong, and as a detector may do it.
    """
    x, y, width, height = box_xywh
    for _ in range(ATTEMPTS):
        w, h = width * chance.uniform(0.7, 1.3), height * chance.uniform(0.7, 1.3)
        moved = (x + width * chance.uniform(-0.6, 0.6), y + height * chance.uniform(-0.4, 0.4), w, h)
        if _inside(moved, frame_width, frame_height) and 0.15 <= overlap(moved, [box_xywh]) < SAME_IOU:
            return moved
    return None


def other_category(name: str, groups: Mapping[str, str], chance: Random) -> str | None:
    """A category that this one is taken for: one of its group where there is one. `groups` are those of all categories by name."""
    others = [other for other in groups if other != name]
    kin = [other for other in others if groups[other] == groups[name]]
    return chance.choice(sorted(kin or others)) if others else None


def ghost_place(
    donors: Sequence[BoxXYWH], taken: Sequence[BoxXYWH], frame_width: int, frame_height: int, chance: Random
) -> int | None:
    """Which of the donors, labels of other frames, lies where this frame has nothing; None where each touches something."""
    order = list(range(len(donors)))
    chance.shuffle(order)
    for place in order:
        if _inside(donors[place], frame_width, frame_height) and overlap(donors[place], taken) < TOUCHING_IOU:
            return place
    return None


def renamed(sentence: str, one: str, other: str) -> str:
    """The sentence with two category names swapped, whole words alone: what told the right category tells the wrong one."""
    swap = {one: other, other: one}
    either = "|".join(re.escape(name) for name in sorted(swap, key=len, reverse=True))
    return re.sub(rf"(?<!\w)({either})(?!\w)", lambda found: swap[found[1]], sentence)


def overlap(box_xywh: BoxXYWH, others_xywh: Sequence[BoxXYWH]) -> float:
    """The largest IoU with any of the others; 0 without any."""
    if not others_xywh:
        return 0.0
    return float(iou_matrix(xywh_to_xyxy([box_xywh]), xywh_to_xyxy(list(others_xywh))).max())


def _inside(box_xywh: BoxXYWH, frame_width: int, frame_height: int) -> bool:
    x, y, width, height = box_xywh
    return x >= 0 and y >= 0 and x + width <= frame_width and y + height <= frame_height
