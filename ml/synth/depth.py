"""How far away every pixel's surface is: the ground is a plane, standing things are flat at their distance, sides of vehicles recede."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.synth.camera import Camera

Metres = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Slant:
    """A wall along the road: the pixels of `owner` between two columns, at `near_m` in the first and `far_m` in the second."""

    owner: int
    near_px: float
    near_m: float
    far_px: float
    far_m: float


def depth_map(
    ids: npt.NDArray[np.int32], camera: Camera, distances: Mapping[int, float], slants: Iterable[Slant]
) -> Metres:
    """(H, W) metres along the camera's axis, at pixel centres; infinite in the sky.

    Args:
        ids: (H, W), as `Canvas.ids` of a dense canvas.
        distances: metres of every id but 0, which is sky and ground.
    """
    owners = np.array(sorted({0, *distances}), np.int32)
    of_owner = np.array([distances.get(int(owner), np.inf) for owner in owners], np.float32)
    depth = of_owner[np.searchsorted(owners, ids)]
    depth = np.where(ids == 0, _ground(camera)[:, None], depth)
    for slant in slants:
        _recede(depth, ids, slant)
    return depth


def _ground(camera: Camera) -> Metres:
    below = np.arange(camera.height) + 0.5 - camera.horizon_px
    with np.errstate(divide="ignore"):
        return np.where(below > 0, camera.focal_px * camera.height_m / below, np.inf).astype(np.float32)


def _recede(depth: Metres, ids: npt.NDArray[np.int32], slant: Slant) -> None:
    """On a plane, 1/Z is linear in the column."""
    left, right = sorted((slant.near_px, slant.far_px))
    columns = slice(max(0, round(left)), max(0, round(right)))
    at = np.arange(depth.shape[1])[columns] + 0.5
    along = (at - slant.near_px) / (slant.far_px - slant.near_px)
    inverse = (1 - along) / slant.near_m + along / slant.far_m
    depth[:, columns] = np.where(ids[:, columns] == slant.owner, 1 / inverse, depth[:, columns])
