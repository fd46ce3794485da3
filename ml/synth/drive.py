"""Whole drives: one world seen from a moving, slightly shaking camera."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ml.synth.camera import Camera
from ml.synth.randomised import Domain
from ml.synth.scene import FARTHEST_M, Shot, SynthFrame, random_camera, render
from ml.synth.traffic import Ego, advance, settle
from ml.synth.weather import Lens
from ml.synth.world import random_world

SHAKE_PX = (0.6, 1.2)  # deviation of the picture sideways and up, at 720 rows


@dataclass(frozen=True)
class DriveSpec:
    """What to render. None for `time_of_day` or `weather` leaves it to the seed.

    `shutter_s` is the exposure time and blurs what moves; `shake` multiplies the camera's usual trembling; `randomised` as in
    `random_scene`; `dense` adds depth and ids to every frame.
    """

    seed: int
    width: int = 1280
    height: int = 720
    fps: float = 10.0
    seconds: float = 10.0
    time_of_day: str | None = None
    weather: str | None = None
    shutter_s: float = 0.0
    shake: float = 1.0
    randomised: bool = False
    dense: bool = False


def render_drive(spec: DriveSpec) -> Iterator[SynthFrame]:
    """The frames in order; tracks keep their number over the whole drive. The same spec gives the same bytes."""
    rng = random.Random(spec.seed)
    ego = Ego(rng.uniform(6, 18))
    length_m = ego.cruise_mps * spec.seconds + FARTHEST_M
    world = random_world(rng, length_m=length_m, time_of_day=spec.time_of_day, weather=spec.weather)
    settle(world)
    camera, lens = random_camera(rng, world, spec.width, spec.height), Lens(rng, world)
    domain = Domain(rng) if spec.randomised else None
    if domain is not None:
        camera, lens, world.actors = domain.camera(camera), domain.lens(lens), domain.among(world.actors, length_m)
    step_s, shutter_s = 1 / spec.fps, spec.shutter_s or (domain.shutter_s if domain else 0.0)
    for index in range(round(spec.seconds * spec.fps)):
        shot = Shot(
            seed=spec.seed * 100_003 + index,
            ego_m=ego.s,
            ego_mps=ego.v,
            shutter_s=shutter_s,
            index=index,
            time_ms=index * step_s * 1000,
            dense=spec.dense,
            domain=domain,
        )
        yield render(world, _shaken(camera, rng, spec.shake), lens, shot)
        advance(world, ego, step_s)


def _shaken(camera: Camera, rng: random.Random, shake: float) -> Camera:
    sideways, up = (rng.gauss(0, shake * px * camera.height / 720) for px in SHAKE_PX)
    return replace(camera, horizon_px=camera.horizon_px + up, yaw_px=camera.yaw_px + sideways)
