"""One picture of a world with its exact truth, and independent random scenes for training sets."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ml.synth.camera import Camera
from ml.synth.canvas import Canvas
from ml.synth.depth import depth_map
from ml.synth.furniture import draw_clutter, draw_sign, draw_traffic_light
from ml.synth.people import draw_person, draw_rider
from ml.synth.randomised import Domain, draw_shape
from ml.synth.scenery import draw_scenery
from ml.synth.truth import Drawn, SynthBox, boxes_of, parts_of
from ml.synth.vehicles import draw_vehicle
from ml.synth.weather import Lens
from ml.synth.world import LANE_M, Actor, World, apart, random_world

NEAREST_M, FARTHEST_M = 1.5, 110.0
CUT_M = 0.5  # a vehicle beside the camera is drawn from here on
BESIDE_M = 2.2
HEADLIGHTS_M = 35.0
EXPOSURES = 6  # pictures averaged while the shutter is open
LANE_POINTS_M = tuple(2.5 * 40 ** (k / 24) for k in range(25))  # 2.5 .. 100 m

Lane = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class SynthFrame:
    """`image` (H, W, 3) uint8 RGB; `lanes` are the ego lane's left and right border as pixel points from near to far.

    Of a dense frame also `depth` (H, W) metres along the camera's axis, infinite in the sky, and `ids` (H, W): the track that each pixel
    shows, 0 for sky and ground, negative for poles, houses, trees and shapes. Both show the world, without the bonnet and the weather.
    """

    image: npt.NDArray[np.uint8]
    boxes: tuple[SynthBox, ...]
    scene: dict[str, str]
    index: int = 0
    time_ms: float = 0.0
    lanes: tuple[Lane, ...] = ()
    depth: npt.NDArray[np.float32] | None = None
    ids: npt.NDArray[np.int32] | None = None


@dataclass(frozen=True)
class Shot:
    """Where and how one picture is taken. `seed` is for the frame's noise alone; `shutter_s` open at `ego_mps` blurs what moves."""

    seed: int
    ego_m: float = 0.0
    ego_mps: float = 0.0
    shutter_s: float = 0.0
    index: int = 0
    time_ms: float = 0.0
    dense: bool = False
    domain: Domain | None = None


def random_scene(seed: int, width: int, height: int, *, randomised: bool = False, dense: bool = False) -> SynthFrame:
    """An independent scene with its own world, camera and lens; the same seed gives the same bytes.

    Args:
        randomised: random colours, textures, lights, cameras, shapes and damage, so that a model learns shape rather than our palette.
    """
    rng = random.Random(seed)
    world = random_world(rng, length_m=FARTHEST_M)
    world.actors = apart(world.actors)
    camera, lens = random_camera(rng, world, width, height), Lens(rng, world)
    shot = Shot(seed, dense=dense)
    if randomised:
        domain = Domain(rng)
        shot = replace(shot, domain=domain, ego_mps=rng.uniform(0, 30), shutter_s=domain.shutter_s)
        camera, lens, world.actors = domain.camera(camera), domain.lens(lens), domain.among(world.actors, FARTHEST_M)
    return render(world, camera, lens, shot)


def random_camera(rng: random.Random, world: World, width: int, height: int) -> Camera:
    return Camera(
        width=width,
        height=height,
        focal_px=rng.uniform(0.75, 1.35) * width,
        horizon_px=height * rng.uniform(0.42, 0.62),
        height_m=rng.uniform(1.2, 1.9),
        offset_m=rng.uniform(-0.5, 0.5),
        curvature=world.curvature,
    )


def render(world: World, camera: Camera, lens: Lens, shot: Shot) -> SynthFrame:
    """The world as this camera records it, and its truth at the middle of the exposure."""
    canvas, drawn = _painted(world, camera, shot)
    ids = canvas.ids()
    image = _exposed(canvas, world, camera, shot) if shot.shutter_s else canvas.image()
    if shot.domain is not None:
        image = shot.domain.textured(image, ids, camera, [one.stamp for one in drawn], shot.ego_m)
    return SynthFrame(
        image=lens.see(image, [lamp for one in drawn for lamp in one.lamps()], camera.horizon_px, shot.seed),
        boxes=boxes_of(drawn, lens.before(ids)),
        scene={"time_of_day": world.time_of_day, "weather": world.weather},
        index=shot.index,
        time_ms=shot.time_ms,
        lanes=tuple(_lane(camera, side * LANE_M / 2) for side in (-1, 1)),
        depth=depth_map(ids, camera, canvas.distances, canvas.slants) if shot.dense else None,
        ids=ids if shot.dense else None,
    )


def _painted(world: World, camera: Camera, shot: Shot) -> tuple[Canvas, list[Drawn]]:
    canvas = Canvas(camera.width, camera.height, world.haze, world.visibility_m, dense=shot.dense)
    if shot.domain is not None:
        canvas.repaint = shot.domain.paint_of(0)
    draw_scenery(canvas, camera, world, shot.ego_m)
    drawn = [_draw(canvas, camera, world, actor, track, shot) for track, actor in _in_view(world, shot.ego_m)]
    return canvas, drawn


def _exposed(middle: Canvas, world: World, camera: Camera, shot: Shot) -> npt.NDArray[np.uint8]:
    """The mean of the pictures while the shutter is open, `middle` among them."""
    light = middle.image().astype(np.float32)
    times = [(k / EXPOSURES - 0.5) * shot.shutter_s for k in range(EXPOSURES + 1) if k != EXPOSURES // 2]
    for late_s in times:
        moved = replace(world, actors=[a.after(late_s) for a in world.actors])
        seen = replace(
            shot, ego_m=shot.ego_m + shot.ego_mps * late_s, time_ms=shot.time_ms + 1000 * late_s, dense=False
        )
        light += _painted(moved, camera, seen)[0].image()
    return (light / (len(times) + 1)).round().astype(np.uint8)


def _in_view(world: World, ego_m: float) -> Sequence[tuple[int, Actor]]:
    """(track, actor) from far to near; tracks are places in the world's list, from 1."""
    shown = [(track, actor) for track, actor in enumerate(world.actors, 1) if _reaches(actor, actor.s - ego_m)]
    return sorted(shown, key=lambda item: -item[1].s)


def _reaches(actor: Actor, z: float) -> bool:
    """Ahead of the camera, or a vehicle beside it whose front is still to be seen."""
    if actor.vehicle is not None and abs(actor.x) > BESIDE_M:
        return z + actor.vehicle.length > NEAREST_M and z < FARTHEST_M
    return NEAREST_M < z < FARTHEST_M


def _draw(canvas: Canvas, camera: Camera, world: World, actor: Actor, track: int, shot: Shot) -> Drawn:
    z = actor.s - shot.ego_m
    canvas.begin(track, max(z, CUT_M))
    if shot.domain is not None:
        canvas.repaint = shot.domain.paint_of(actor.seed)
    light = world.light + (0.35 * min(1.0, max(0.0, 1 - z / HEADLIGHTS_M)) if world.night else 0.0)
    face = plate = None
    if actor.vehicle is not None:
        cut = max(0.0, CUT_M - z)
        vehicle = replace(actor.vehicle, length=actor.vehicle.length - cut) if cut else actor.vehicle
        face, plate = draw_vehicle(canvas, camera, vehicle, actor.x, z + cut, light=light, night=world.night)
    elif actor.kind == "person":
        stride = actor.seed % 7 + shot.time_ms / 1000 * 6 * (abs(actor.vx) + abs(actor.v))
        draw_person(canvas, camera, actor.x, z, seed=actor.seed, light=light, stride=stride)
    elif actor.kind in ("bicyclist", "motorcyclist"):
        draw_rider(canvas, camera, actor.x, z, seed=actor.seed, light=light, motor=actor.kind == "motorcyclist")
    elif actor.kind == "trafficlight":
        draw_traffic_light(canvas, camera, actor.x, z, seed=actor.seed, light=world.light)
    elif actor.kind == "sign":
        draw_sign(canvas, camera, actor.x, z, seed=actor.seed, light=max(light, 0.5))
    elif actor.kind == "shape":
        draw_shape(canvas, camera, actor.x, z, seed=actor.seed)
    else:
        draw_clutter(canvas, camera, actor.x, z, seed=actor.seed, light=light)
    stamp = canvas.marked()
    canvas.actor = 0
    return Drawn(actor, track, z, stamp, parts_of(actor, stamp, face, plate))


def _lane(camera: Camera, x: float) -> Lane:
    return tuple(camera.project(x, 0, z) for z in LANE_POINTS_M)
