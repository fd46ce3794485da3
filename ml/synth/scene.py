"""One picture of a world with its exact truth, and independent random scenes for training sets."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ml.schemas import BoxXYWH
from ml.synth.camera import Camera
from ml.synth.canvas import Canvas, extent
from ml.synth.furniture import draw_clutter, draw_sign, draw_traffic_light
from ml.synth.people import draw_person, draw_rider
from ml.synth.scenery import draw_scenery
from ml.synth.vehicles import Rectangle, draw_vehicle
from ml.synth.weather import Lens
from ml.synth.world import LANE_M, VEHICLES, Actor, World, random_world

MIN_VISIBILITY = 0.3  # less of it to be seen, and it is no label
MIN_SIDE_PX = 4.0
MIN_PLATE_PX = (5.0, 2.0)
NEAREST_M, FARTHEST_M = 4.0, 110.0
HEADLIGHTS_M = 35.0


@dataclass(frozen=True)
class SynthBox:
    """Truth: the visible part of the frame that the object spans, occluded parts included; `visibility` is the share of it that shows.

    Objects that show less than 30 %, or a side under 4 px, are left out. A vehicle's face and plate have its `track`.
    """

    box_xywh: BoxXYWH
    category: str
    track: int
    visibility: float
    distance_m: float
    cipo: bool = False


@dataclass(frozen=True)
class SynthFrame:
    """`image` (H, W, 3) uint8 RGB; `lanes` are the ego lane's borders as pixel points from near to far."""

    image: npt.NDArray[np.uint8]
    boxes: tuple[SynthBox, ...]
    scene: dict[str, str]
    index: int = 0
    time_ms: float = 0.0
    lanes: tuple[tuple[tuple[float, float], ...], ...] = field(default=())


def random_scene(seed: int, width: int, height: int) -> SynthFrame:
    """An independent scene with its own world, camera and lens; the same seed gives the same bytes."""
    rng = random.Random(seed)
    world = random_world(rng, length_m=FARTHEST_M)
    return render(world, random_camera(rng, world, width, height), Lens(rng, world), ego_m=0.0, seed=seed)


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


def render(
    world: World, camera: Camera, lens: Lens, *, ego_m: float, seed: int, index: int = 0, time_ms: float = 0.0
) -> SynthFrame:
    """The world from `ego_m` along the road. `seed` is for the frame's noise alone."""
    canvas = Canvas(camera.width, camera.height, world.haze, world.visibility_m)
    draw_scenery(canvas, camera, world, ego_m)
    drawn = [_draw(canvas, camera, world, actor, track, ego_m, time_ms) for track, actor in _in_view(world, ego_m)]
    ids = canvas.ids()
    boxes = [box for one in drawn for box in one.boxes(ids, camera)]
    lamps = [lamp for one in drawn for lamp in one.lamps()]
    return SynthFrame(
        image=lens.see(canvas.image(), lamps, camera.horizon_px, seed),
        boxes=tuple(_with_cipo(boxes, camera)),
        scene={"time_of_day": world.time_of_day, "weather": world.weather},
        index=index,
        time_ms=time_ms,
        lanes=tuple(_lane(camera, side * LANE_M / 2) for side in (-1, 1)),
    )


@dataclass(frozen=True)
class _Drawn:
    """An actor on the canvas: its extent and pixels when it was painted, before nearer ones covered it."""

    actor: Actor
    track: int
    distance_m: float
    extent: tuple[int, int, int, int] | None
    pixels: int
    face: Rectangle | None = None
    plate: Rectangle | None = None

    def boxes(self, ids: npt.NDArray[np.int32], camera: Camera) -> list[SynthBox]:
        if self.extent is None or self.actor.kind == "clutter":
            return []
        left, top, right, bottom = self.extent
        seen = float((ids[top:bottom, left:right] == self.track).sum()) / self.pixels
        found = [self._box(self.actor.kind, self.extent, seen, camera, MIN_SIDE_PX, MIN_SIDE_PX)]
        if self.face is not None and self.actor.vehicle is not None:
            category = self.actor.vehicle.face_category
            found.append(self._box(category, self.face, self._seen(ids, self.face), camera, MIN_SIDE_PX, MIN_SIDE_PX))
        if self.plate is not None:
            found.append(self._box("licence", self.plate, self._seen(ids, self.plate), camera, *MIN_PLATE_PX))
        return [box for box in found if box is not None]

    def lamps(self) -> list[tuple[float, float, float]]:
        """What shines at night: headlights, and lamps of traffic lights."""
        if self.extent is None:
            return []
        left, top, right, bottom = self.extent
        if self.actor.kind == "trafficlight":
            return [((left + right) / 2, (top + bottom) / 2, max(2.0, (right - left) / 2))]
        if self.actor.vehicle is None or self.actor.vehicle.facing == "rear" or self.face is None:
            return []
        left_px, top_px, right_px, bottom_px = self.face
        radius, y = max(2.0, (right_px - left_px) / 8), bottom_px - (bottom_px - top_px) * 0.4
        return [(left_px + (right_px - left_px) * share, y, radius) for share in (0.12, 0.88)]

    def _seen(self, ids: npt.NDArray[np.int32], part: Rectangle) -> float:
        """Share of a part's rectangle, inside the frame, that shows this actor; corners that are cut count as seen."""
        height, width = ids.shape
        left, top = max(0, round(part[0])), max(0, round(part[1]))
        right, bottom = min(width, round(part[2])), min(height, round(part[3]))
        if right <= left or bottom <= top:
            return 0.0
        inside = (right - left) * (bottom - top) / max(1.0, (part[2] - part[0]) * (part[3] - part[1]))
        return (
            min(1.0, float((ids[top:bottom, left:right] == self.track).mean()) * 1.1)
            if inside > MIN_VISIBILITY
            else 0.0
        )

    def _box(
        self, category: str, corners: Rectangle, seen: float, camera: Camera, min_width: float, min_height: float
    ) -> SynthBox | None:
        left, top = max(0.0, corners[0]), max(0.0, corners[1])
        width, height = min(float(camera.width), corners[2]) - left, min(float(camera.height), corners[3]) - top
        if seen < MIN_VISIBILITY or width < min_width or height < min_height:
            return None
        return SynthBox(
            (float(left), float(top), float(width), float(height)),
            category,
            self.track,
            min(1.0, seen),
            self.distance_m,
        )


def _in_view(world: World, ego_m: float) -> list[tuple[int, Actor]]:
    """(track, actor) from far to near; tracks are places in the world's list, from 1. Vehicles that would stand in one another are passed over."""
    shown: list[tuple[int, Actor]] = []
    for track, actor in sorted(enumerate(world.actors, 1), key=lambda item: -item[1].s):
        if NEAREST_M < actor.s - ego_m < FARTHEST_M and not any(_collide(actor, other) for _, other in shown):
            shown.append((track, actor))
    return shown


def _collide(nearer: Actor, farther: Actor) -> bool:
    if nearer.vehicle is None:
        return False
    return (
        abs(nearer.x - farther.x) < 2.2
        and farther.s - nearer.s < nearer.vehicle.length + 1.5
        and farther.kind != "clutter"
    )


def _draw(
    canvas: Canvas, camera: Camera, world: World, actor: Actor, track: int, ego_m: float, time_ms: float
) -> _Drawn:
    z = actor.s - ego_m
    canvas.actor = track
    light = world.light + (0.35 * max(0.0, 1 - z / HEADLIGHTS_M) if world.night else 0.0)
    face = plate = None
    if actor.vehicle is not None:
        face, plate = draw_vehicle(canvas, camera, actor.vehicle, actor.x, z, light=light, night=world.night)
    elif actor.kind == "person":
        stride = actor.seed % 7 + time_ms / 1000 * 6 * (abs(actor.vx) + abs(actor.v))
        draw_person(canvas, camera, actor.x, z, seed=actor.seed, light=light, stride=stride)
    elif actor.kind in ("bicyclist", "motorcyclist"):
        draw_rider(canvas, camera, actor.x, z, seed=actor.seed, light=light, motor=actor.kind == "motorcyclist")
    elif actor.kind == "trafficlight":
        draw_traffic_light(canvas, camera, actor.x, z, seed=actor.seed, light=world.light)
    elif actor.kind == "sign":
        draw_sign(canvas, camera, actor.x, z, seed=actor.seed, light=max(light, 0.5))
    else:
        draw_clutter(canvas, camera, actor.x, z, seed=actor.seed, light=light)
    canvas.actor = 0
    mask = canvas.ids() == track
    return _Drawn(actor, track, z, extent(mask), max(1, int(mask.sum())), face, plate)


def _with_cipo(boxes: list[SynthBox], camera: Camera) -> list[SynthBox]:
    """Mark the closest object whose foot stands in the ego lane, and its parts."""
    inside = [
        box
        for box in boxes
        if box.category in (*VEHICLES, "person", "bicyclist", "motorcyclist") and _in_lane(box, camera)
    ]
    if not inside:
        return boxes
    closest = min(inside, key=lambda box: box.distance_m).track
    return [SynthBox(b.box_xywh, b.category, b.track, b.visibility, b.distance_m, b.track == closest) for b in boxes]


def _in_lane(box: SynthBox, camera: Camera) -> bool:
    left, right = (camera.project(side * LANE_M / 2, 0, box.distance_m)[0] for side in (-1, 1))
    return left <= box.box_xywh[0] + box.box_xywh[2] / 2 < right


def _lane(camera: Camera, x: float) -> tuple[tuple[float, float], ...]:
    return tuple(camera.project(x, 0, z) for z in (3, 5, 8, 12, 20, 35, 60, 100))
