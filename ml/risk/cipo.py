"""The closest in-path object (CIPO): which box the own vehicle would reach first.

By lane curves where they are known, else by a triangle from the bottom third of the frame to the vanishing point. Every length is a
share of the frame, so that resolution does not matter. The published rule is there too, as `official`. Source: distillation.md section 9.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ml.boxes import Floats, area_xyxy, intersection_matrix, xywh_to_xyxy
from ml.schemas import BoxXYWH, CategoryGroup

PART_INSIDE = 0.9  # share of a face's area inside a vehicle from which on the two are one object
IN_TRIANGLE = 0.2  # share of the bottom edge
VULNERABLE_MARGIN = 0.15  # people beside the path step into it: their path is this much wider
PLATES = frozenset({"licence"})  # parts that stand for no vehicle


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane line x = a y³ + b y² + c y + d in px, believed only in the rows y_min to y_max that it was fitted on."""

    a: float
    b: float
    c: float
    d: float
    y_min: float
    y_max: float

    def x(self, y: float) -> float | None:
        """Where the line crosses row y, or None outside its fitted rows."""
        if not self.y_min <= y <= self.y_max:
            return None
        return self.extended(y)

    def extended(self, y: float) -> float:
        """Where the curve crosses row y, however far from the rows that it was fitted on."""
        return ((self.a * y + self.b) * y + self.c) * y + self.d

    @staticmethod
    def through(points: Sequence[Sequence[float]]) -> Lane:
        """The curve nearest to points [x, y] in px, of as high a degree as they allow. Two points at least, not in one row."""
        x, y = np.asarray(points, np.float64).T
        degree = min(3, len(np.unique(y)) - 1)
        fitted = (
            np.polynomial.Polynomial.fit(y, x, degree).convert().coef
        )  # from d up; shorter where high powers vanish
        d, c, b, a = (float(value) for value in np.pad(fitted, (0, 4 - len(fitted))))
        return Lane(a, b, c, d, float(y.min()), float(y.max()))


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lines left and right of the own lane; either may be unknown."""

    left: Lane | None = None
    right: Lane | None = None

    @staticmethod
    def from_json(stored: Sequence[Sequence[Sequence[float]]] | None) -> Lanes | None:
        """Of `[left, right]`, each a list of points [x, y] in px, as rendered drives have them; a line of fewer than two is unknown."""
        if not stored:
            return None
        lines = [Lane.through(points) if len({point[1] for point in points}) > 1 else None for points in stored[:2]]
        return Lanes(*lines)


@dataclass(frozen=True, slots=True)
class InPath:
    """The closest in-path object: positions of its boxes (a face and its vehicle are one object), how it was judged, and the next
    one."""

    boxes: tuple[int, ...]
    reason: Literal["lanes", "triangle"]
    runner_up: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Object:
    boxes: tuple[int, ...]
    ground_xyxy: Floats  # the face where there is one: it stands on the road nearest to us
    whole_xyxy: Floats
    vulnerable: bool


def closest_in_path(
    boxes_xywh: Sequence[BoxXYWH],
    categories: Sequence[str],
    groups: Mapping[str, CategoryGroup],
    width: float,
    height: float,
    *,
    vanishing_row: float = 0.5,
    lanes: Lanes | None = None,
    official: bool = False,
) -> InPath | None:
    """The in-path object whose foot is lowest in the frame, or None. Of equals, the first.

    Args:
        vanishing_row: row of the vanishing point as a share of the height, in (0, 1).
        official: by the published rule: a single line bounds one side alone, curves count outside their rows and objects above the
            horizon too, and people's path is no wider.
    Raises:
        ValueError: `vanishing_row` is outside (0, 1).
    """
    if not 0 < vanishing_row < 1:
        raise ValueError(f"vanishing_row is a share of the height in (0, 1), not {vanishing_row}")
    path = (_OfficialPath if official else _Path)(width, height, vanishing_row, lanes or Lanes())
    found = []
    for thing in _objects(boxes_xywh, categories, groups):
        if reason := path.holds(thing):
            found.append((thing, reason))
    found.sort(key=lambda pair: -pair[0].ground_xyxy[3])
    if not found:
        return None
    return InPath(found[0][0].boxes, found[0][1], found[1][0].boxes if len(found) > 1 else None)


class _Path:
    """The strip of road that the own vehicle is about to use."""

    def __init__(self, width: float, height: float, vanishing_row: float, lanes: Lanes) -> None:
        self.width, self.height, self.lanes = width, height, lanes
        self.horizon = vanishing_row * height

    def holds(self, thing: _Object) -> Literal["lanes", "triangle"] | None:
        """How an object was found in the path; None when it is not."""
        x1, _, x2, y = thing.ground_xyxy
        if y <= self.horizon:
            return None
        margin = VULNERABLE_MARGIN if thing.vulnerable else 0.0
        between = self._between_lanes(y, margin)
        if between:
            return "lanes" if between[0] <= (x1 + x2) / 2 < between[1] else None
        return self._in_triangle(thing, margin)

    def _in_triangle(self, thing: _Object, margin: float) -> Literal["triangle"] | None:
        left, _, right, row = thing.whole_xyxy
        start, end = self._triangle(min(row, self.height), margin)
        inside = min(right, end) - max(left, start)
        return "triangle" if inside > IN_TRIANGLE * (right - left) else None

    def _between_lanes(self, y: float, margin: float) -> tuple[float, float] | None:
        """The own lane at row y. A missing line is put at the usual lane width from the other; None when both are missing."""
        left = self.lanes.left.x(y) if self.lanes.left else None
        right = self.lanes.right.x(y) if self.lanes.right else None
        usual = self.width / 3 * (y - self.horizon) / (self.height - self.horizon)
        if left is None:
            if right is None:
                return None
            left = right - usual
        if right is None:
            right = left + usual
        widened = (right - left) * margin / 2
        return left - widened, right + widened

    def _triangle(self, y: float, margin: float) -> tuple[float, float]:
        half = self.width / 6 * (y - self.horizon) / (self.height - self.horizon) * (1 + margin)
        return self.width / 2 - half, self.width / 2 + half


class _OfficialPath(_Path):
    """The strip by the published rule."""

    def holds(self, thing: _Object) -> Literal["lanes", "triangle"] | None:
        x1, _, x2, y = thing.ground_xyxy
        if self.lanes.left is None and self.lanes.right is None:
            return self._in_triangle(thing, margin=0.0)
        middle = (x1 + x2) / 2
        right_of_left = self.lanes.left is None or self.lanes.left.extended(y) <= middle
        left_of_right = self.lanes.right is None or middle < self.lanes.right.extended(y)
        return "lanes" if right_of_left and left_of_right else None


def _objects(
    boxes_xywh: Sequence[BoxXYWH], categories: Sequence[str], groups: Mapping[str, CategoryGroup]
) -> list[_Object]:
    """Vehicles, their faces and vulnerable road users; each vehicle is one with the first free face inside it."""
    boxes = xywh_to_xyxy(boxes_xywh)
    of_group: dict[CategoryGroup | None, list[int]] = {}
    for position, category in enumerate(categories):
        if category not in PLATES:
            of_group.setdefault(groups.get(category), []).append(position)
    vehicles, faces = of_group.get("vehicle", []), of_group.get("part", [])
    face_of = _faces_of(boxes, vehicles, faces)
    objects = []
    for position in sorted([*vehicles, *faces, *of_group.get("vulnerable", [])]):
        if position in face_of.values():
            continue
        face = face_of.get(position)
        members = (position,) if face is None else (face, position)
        vulnerable = groups.get(categories[position]) == "vulnerable"
        objects.append(_Object(members, boxes[members[0]], boxes[position], vulnerable))
    return objects


def _faces_of(boxes: Floats, vehicles: list[int], faces: list[int]) -> dict[int, int]:
    """Vehicle -> the first face, not yet taken, that lies inside it."""
    if not vehicles or not faces:
        return {}
    areas = area_xyxy(boxes[faces])
    inside = intersection_matrix(boxes[vehicles], boxes[faces]) > PART_INSIDE * np.maximum(areas, 1e-9)
    face_of: dict[int, int] = {}
    for vehicle, row in zip(vehicles, inside, strict=True):
        for face, is_inside in zip(faces, row, strict=True):
            if is_inside and face not in face_of.values():
                face_of[vehicle] = face
                break
    return face_of
