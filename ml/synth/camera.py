"""A pinhole camera over a flat, curving road.

World: X metres to the right of the ego lane's centre, Y up from the ground, Z forward from the camera. The road's curve is added to X
with distance, so that actors are placed in road coordinates.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Camera:
    """`focal_px` and `horizon_px` (row of the vanishing point) belong to this image size; `height_m` over the ground."""

    width: int
    height: int
    focal_px: float
    horizon_px: float
    height_m: float = 1.4
    offset_m: float = 0.0  # lateral place of the camera in its lane
    curvature: float = 0.0  # 1/m; the road bends to the right when positive
    yaw_px: float = 0.0  # column of the vanishing point, right of the middle

    def project(self, x_m: float, y_m: float, z_m: float) -> tuple[float, float]:
        """Pixel (u, v) of a road point; z must be positive."""
        bend = 0.5 * self.curvature * z_m * z_m
        u = self.width / 2 + self.yaw_px + self.focal_px * (x_m + bend - self.offset_m) / z_m
        return u, self.horizon_px + self.focal_px * (self.height_m - y_m) / z_m

    def ground_distance(self, v_px: float) -> float:
        """Distance of the ground seen at a row below the horizon: Z = f * H / (y - y_h)."""
        return self.focal_px * self.height_m / (v_px - self.horizon_px)
