"""From the pixels that each actor was painted to the boxes that a labeller would draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ml.schemas import BoxXYWH
from ml.synth.canvas import Stamp
from ml.synth.vehicles import Rectangle
from ml.synth.world import CLUTTER, LANE_M, ROAD_USERS, Actor

MIN_VISIBILITY = 0.3  # less of it to be seen, and it is no label
MIN_SIDE_PX = 4.0
MIN_PLATE_PX = (5.0, 2.0)
Ids = npt.NDArray[np.int32]


@dataclass(frozen=True)
class SynthBox:
    """Truth: the part of the frame that the object spans, occluded parts included; `visibility` is the share of it that shows.

    Objects that show less than 30 %, or a side under 4 px, are left out. A vehicle's face and plate have its `track`. `distance_m` runs
    along the road to the nearest part ahead of the camera. `truncated`: the frame's border cuts it. `cipo`: the closest in-path object.
    """

    box_xywh: BoxXYWH
    category: str
    track: int
    visibility: float
    distance_m: float
    cipo: bool = False
    truncated: bool = False


@dataclass(frozen=True)
class Part:
    """The whole of an actor, its face or its plate: `corners` may leave the frame, `pixels` are its own before nearer things covered it."""

    category: str
    corners: Rectangle
    pixels: int
    min_px: tuple[float, float] = (MIN_SIDE_PX, MIN_SIDE_PX)

    def visibility(self, ids: Ids, track: int) -> float:
        left, top, right, bottom = rounded(self.corners)
        return float((ids[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] == track).sum()) / max(
            1, self.pixels
        )


@dataclass(frozen=True)
class Drawn:
    """An actor on the canvas and its labelled parts, the whole first."""

    actor: Actor
    track: int
    distance_m: float
    stamp: Stamp
    parts: tuple[Part, ...]

    def boxes(self, ids: Ids) -> list[SynthBox]:
        found = (self._box(part, ids) for part in self.parts)
        return [box for box in found if box is not None]

    @property
    def in_path(self) -> bool:
        """The middle of its foot stands between the borders of the ego lane."""
        return self.actor.kind in ROAD_USERS and abs(self.actor.x) < LANE_M / 2

    def lamps(self) -> list[tuple[float, float, float]]:
        """What shines at night, (x, y, radius) in px: headlights, and lamps of traffic lights."""
        if not self.parts:
            return []
        if self.actor.kind == "trafficlight":
            left, top, right, bottom = self.parts[0].corners
            return [((left + right) / 2, (top + bottom) / 2, max(2.0, (right - left) / 2))]
        if self.actor.vehicle is None or self.actor.vehicle.facing == "rear":
            return []
        left, top, right, bottom = self.parts[1].corners
        radius, y = max(2.0, (right - left) / 8), bottom - (bottom - top) * 0.4
        return [(left + (right - left) * share, y, radius) for share in (0.12, 0.88)]

    def _box(self, part: Part, ids: Ids) -> SynthBox | None:
        """A face or a plate never leaves its vehicle's box, whose sides are whole pixels."""
        inside, whole = _clipped(part.corners, self.parts[0].corners), part.corners
        left, top, right, bottom = inside
        width, height = right - left, bottom - top
        if width < part.min_px[0] or height < part.min_px[1]:
            return None
        cut = width * height < MIN_VISIBILITY * (whole[2] - whole[0]) * (whole[3] - whole[1])
        seen = min(1.0, part.visibility(ids, self.track))
        if cut or seen < MIN_VISIBILITY:
            return None
        rows, columns = ids.shape
        at_border = left <= 0 or top <= 0 or right >= columns or bottom >= rows
        return SynthBox(
            (float(left), float(top), float(width), float(height)),
            part.category,
            self.track,
            seen,
            max(0.0, self.distance_m),
            truncated=at_border,
        )


def parts_of(actor: Actor, stamp: Stamp, face: Rectangle | None, plate: Rectangle | None) -> tuple[Part, ...]:
    """What of an actor is labelled; nothing of clutter, or of what lies outside the frame."""
    whole = stamp.extent()
    if whole is None or actor.kind in CLUTTER:
        return ()
    parts = [Part(actor.kind, whole, stamp.pixels)]
    if face is not None and actor.vehicle is not None:
        parts.append(Part(actor.vehicle.face_category, face, stamp.within(*rounded(face))))
    if plate is not None:
        parts.append(Part("licence", plate, stamp.within(*rounded(plate)), MIN_PLATE_PX))
    return tuple(parts)


def boxes_of(drawn: Sequence[Drawn], ids: Ids) -> tuple[SynthBox, ...]:
    """All boxes, with the closest in-path object and its parts marked: of the labelled road users in the ego lane the nearest one."""
    boxes = [box for one in drawn for box in one.boxes(ids)]
    shown = {box.track for box in boxes if box.category in ROAD_USERS}
    in_path = [one for one in drawn if one.in_path and one.track in shown]
    if not in_path:
        return tuple(boxes)
    closest = min(in_path, key=lambda one: one.distance_m).track
    return tuple(replace(box, cipo=box.track == closest) for box in boxes)


def rounded(corners: Rectangle) -> tuple[int, int, int, int]:
    left, top, right, bottom = corners
    return round(left), round(top), round(right), round(bottom)


def _clipped(inner: Rectangle, outer: Rectangle) -> Rectangle:
    return max(inner[0], outer[0]), max(inner[1], outer[1]), min(inner[2], outer[2]), min(inner[3], outer[3])
