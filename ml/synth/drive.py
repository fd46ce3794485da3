"""Whole drives: one world seen from a moving, slightly shaking camera."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ml.synth.camera import Camera
from ml.synth.scene import FARTHEST_M, SynthFrame, random_camera, render
from ml.synth.weather import Lens
from ml.synth.world import LANE_M, World, advance, random_world

SHAKE_PX = 1.2  # of the horizon, at 720 rows


@dataclass(frozen=True)
class DriveSpec:
    """What to render. None for `time_of_day` or `weather` leaves it to the seed."""

    seed: int
    width: int = 1280
    height: int = 720
    fps: float = 10.0
    seconds: float = 10.0
    time_of_day: str | None = None
    weather: str | None = None


def render_drive(spec: DriveSpec) -> Iterator[SynthFrame]:
    """The frames in order; tracks keep their number over the whole drive. The same spec gives the same bytes."""
    rng = random.Random(spec.seed)
    speed = rng.uniform(6, 18)
    length = speed * spec.seconds + FARTHEST_M
    world = random_world(rng, length_m=length, time_of_day=spec.time_of_day, weather=spec.weather)
    camera, lens = random_camera(rng, world, spec.width, spec.height), Lens(rng, world)
    ego, step = 0.0, 1 / spec.fps
    for index in range(round(spec.seconds * spec.fps)):
        shaken = _shaken(camera, rng)
        yield render(
            world, shaken, lens, ego_m=ego, seed=spec.seed * 100_003 + index, index=index, time_ms=index * step * 1000
        )
        advance(world, step)
        ego += _ego_speed(world, ego, speed) * step


def _shaken(camera: Camera, rng: random.Random) -> Camera:
    return replace(camera, horizon_px=camera.horizon_px + rng.gauss(0, SHAKE_PX * camera.height / 720))


def _ego_speed(world: World, ego_m: float, speed: float) -> float:
    """Slow down behind whoever is close ahead in the lane."""
    ahead = [a for a in world.actors if a.vehicle and 0 < a.s - ego_m < 12 and abs(a.x) < LANE_M / 2]
    return min([speed, *(max(a.v, 0.0) for a in ahead)])
