"""How far, by one camera: where a box stands on the ground plane, and how wide its kind is known to be, weighed by their errors.

Source: Stein, Mano and Shashua, IV 2003; the numbers: edge.md 5.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, degrees

from ml.schemas import BoxXYWH

# Metres of a rear or front; a body seen from the side is wider, so its prior is trusted less.
WIDTHS_M = {
    "car": 1.8,
    "truck": 2.5,
    "bus": 2.5,
    "car_reg": 1.8,
    "car_front": 1.8,
    "car_big_reg": 2.5,
    "car_big_front": 2.5,
}
FACES = frozenset({"car_reg", "car_front", "car_big_reg", "car_big_front"})
FACE_ERROR, BODY_ERROR = 0.10, 0.25  # standard deviation of the width, as a share of it
FOOT_ERROR_PX = 2.0  # of a box's lower edge, at 720 rows
PITCH_ERROR_RAD = 0.0035  # 0.2°: a car that brakes, a loaded boot
HORIZON_MARGIN_PX = 2.0
FARTHEST_M = 250.0


@dataclass(frozen=True, slots=True)
class Distance:
    """Metres along the road to the nearest part of an object, with their standard deviation."""

    metres: float
    error_m: float


@dataclass(frozen=True, slots=True)
class MountedCamera:
    """A camera behind a windscreen. `focal_px` and `horizon_px` (row of the vanishing point) belong to this picture size."""

    width: int
    height: int
    focal_px: float
    horizon_px: float
    height_m: float = 1.4

    @staticmethod
    def usual(width: int, height: int) -> MountedCamera:
        """What is assumed of a camera that nobody measured: 56° across, level, at 1.4 m."""
        return MountedCamera(width, height, focal_px=0.94 * width, horizon_px=0.5 * height)

    @property
    def vanishing_row(self) -> float:
        """The horizon as a share of the height, kept inside the picture."""
        return min(0.95, max(0.05, self.horizon_px / self.height))

    def bearing_deg(self, u_px: float) -> float:
        """Angle of a column, right of straight ahead when positive."""
        return degrees(atan2(u_px - self.width / 2, self.focal_px))

    def lateral_m(self, u_px: float, distance_m: float) -> float:
        return distance_m * (u_px - self.width / 2) / self.focal_px


def distance_of(box_xywh: BoxXYWH, category: str, camera: MountedCamera) -> Distance | None:
    """By ground and width where both are known; None for what stands above the horizon and has no known width."""
    known = [one for one in (by_ground(box_xywh, camera), by_width(box_xywh, category, camera)) if one]
    return fused(known) if known else None


def by_ground(box_xywh: BoxXYWH, camera: MountedCamera) -> Distance | None:
    """Z = f H / (y - y_h); None where the foot is at the horizon, or below the picture and so unseen."""
    foot = box_xywh[1] + box_xywh[3]
    below = foot - camera.horizon_px
    if below <= HORIZON_MARGIN_PX or foot >= camera.height - 1:
        return None
    metres = camera.focal_px * camera.height_m / below
    by_px = metres**2 / (camera.focal_px * camera.height_m) * FOOT_ERROR_PX * camera.height / 720
    by_pitch = metres**2 / camera.height_m * PITCH_ERROR_RAD
    return Distance(metres, float((by_px**2 + by_pitch**2) ** 0.5)) if metres <= FARTHEST_M else None


def by_width(box_xywh: BoxXYWH, category: str, camera: MountedCamera) -> Distance | None:
    """Z = f W / w; None for kinds without a usual width, and for boxes that the picture's border cuts."""
    x, _, width, _ = box_xywh
    if category not in WIDTHS_M or x <= 1 or x + width >= camera.width - 1 or width <= 0:
        return None
    metres = camera.focal_px * WIDTHS_M[category] / width
    return Distance(metres, metres * (FACE_ERROR if category in FACES else BODY_ERROR))


def fused(known: list[Distance]) -> Distance:
    """Each weighed by the inverse of its variance."""
    weights = [one.error_m**-2 for one in known]
    metres = sum(weight * one.metres for weight, one in zip(weights, known, strict=True)) / sum(weights)
    return Distance(metres, sum(weights) ** -0.5)
