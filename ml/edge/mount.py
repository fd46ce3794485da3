"""How a device's camera is built in, as a person measured it: what distance and time to collision are reckoned by."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import isfinite, radians, tan
from typing import Any

from ml.edge.distance import MountedCamera

# name -> lowest, highest. Pitch is downward.
LIMITS = {
    "width": (64, 20_000),
    "height": (64, 20_000),
    "focal_px": (50, 50_000),
    "height_m": (0.3, 5.0),
    "pitch_deg": (-20.0, 20.0),
    "horizon_px": (-5_000, 20_000),
}
NEEDED = ("width", "height", "focal_px")


@dataclass(frozen=True, slots=True)
class Mount:
    """`focal_px` and `horizon_px` belong to pictures of `width` x `height`. The row of the horizon, where known, says more than the pitch."""

    width: float
    height: float
    focal_px: float
    height_m: float = 1.4
    pitch_deg: float = 0.0
    horizon_px: float | None = None

    @staticmethod
    def from_json(asked: dict[str, Any]) -> Mount:
        """Raises: ValueError: an unknown name, one that is missing, or a value out of range."""
        for name in NEEDED:
            if name not in asked:
                raise ValueError(f"{name} is wanted")
        for name, value in asked.items():
            if name not in LIMITS:
                raise ValueError(f"'{name}' is nothing of a camera; known: {', '.join(LIMITS)}")
            low, high = LIMITS[name]
            number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
            if not (name == "horizon_px" and value is None) and not (number and low <= value <= high):
                raise ValueError(f"{name} must lie in {low:g} to {high:g}, not {value!r}")
        return Mount(**asked)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def camera(self, width: int, height: int) -> MountedCamera:
        """In the pixels of a picture of this size."""
        across, down = width / self.width, height / self.height
        focal = self.focal_px * across
        horizon = self.horizon_px
        if horizon is None:
            horizon = self.height / 2 - self.focal_px * tan(radians(self.pitch_deg))
        return MountedCamera(width, height, focal, horizon * down, self.height_m)


def camera_of(mount: Mount | None, width: int, height: int) -> MountedCamera:
    """The measured one, or what is usual."""
    return mount.camera(width, height) if mount else MountedCamera.usual(width, height)
