"""The scene behind the actors: sky, ground, houses, trees, asphalt and its markings. Fixed to the road, so that it passes by as the camera drives."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from itertools import pairwise

from ml.synth.camera import Camera
from ml.synth.canvas import Canvas, Colour, shade
from ml.synth.depth import Slant
from ml.synth.world import LANE_M, World

GROUNDS: tuple[Colour, ...] = (
    (96, 120, 66),
    (130, 125, 95),
    (110, 105, 98),
    (150, 140, 110),
    (80, 98, 60),
    (140, 140, 138),
)
ASPHALTS: tuple[Colour, ...] = ((92, 92, 94), (110, 108, 104), (74, 76, 80), (130, 128, 122), (100, 98, 92))
WALLS: tuple[Colour, ...] = ((150, 130, 115), (175, 170, 160), (120, 110, 110), (160, 120, 100), (100, 110, 125))
LEAVES: tuple[Colour, ...] = ((50, 84, 40), (70, 100, 50), (40, 66, 42), (110, 100, 50))
NEAREST_M, FARTHEST_M = 1.2, 200.0
DASH_M, GAP_M = 3.0, 5.0
HOUSES, RAIL = 1_000_000, 2_000_000  # ids of scenery, negated, begin here


def draw_scenery(canvas: Canvas, camera: Camera, world: World, ego_m: float) -> None:
    """Everything that is nobody's label, as seen from `ego_m` metres along the road."""
    rng = random.Random(world.seed)
    _sky(canvas, camera, world, rng)
    canvas.rectangle(0, camera.horizon_px, canvas.width, canvas.height, shade(rng.choice(GROUNDS), world.light))
    asphalt = shade(rng.choice(ASPHALTS), world.light)
    for place, (z, side, seed) in enumerate(_roadside_places(world, ego_m)):
        _stands(canvas, HOUSES + place, z)
        _house_or_tree(canvas, camera, world, z, side, random.Random(seed))
    canvas.actor = 0
    _asphalt(canvas, camera, world, asphalt)
    _markings(canvas, camera, world, rng, ego_m)
    if rng.random() < 0.4:
        _guard_rail(canvas, camera, world, rng.choice([world.left - 0.2, world.right + 0.2]))
    canvas.actor = 0


def _stands(canvas: Canvas, owner: int, z: float) -> None:
    """Scenery has ids only where somebody asks for them: marking it costs a tenth of a frame's time."""
    if canvas.dense:
        canvas.begin(-owner, z)


def _sky(canvas: Canvas, camera: Camera, world: World, rng: random.Random) -> None:
    zenith, bands = shade(world.haze, rng.uniform(0.55, 1.0)), 14
    for band in range(bands):
        share = band / bands
        red, green, blue = (round(a * (1 - share) + b * share) for a, b in zip(zenith, world.haze, strict=True))
        top = camera.horizon_px * band / bands
        canvas.rectangle(0, top - 1, canvas.width, top + camera.horizon_px / bands + 1, (red, green, blue))
    for _ in range(rng.randrange(5)):
        x, y, size = (
            rng.uniform(0, canvas.width),
            rng.uniform(0, camera.horizon_px * 0.7),
            rng.uniform(0.1, 0.3) * canvas.width,
        )
        canvas.ellipse(x, y, x + size, y + size * 0.25, shade(world.haze, 1.06))


def _roadside_places(world: World, ego_m: float) -> Iterator[tuple[float, int, int]]:
    """(distance, side, seed) from far to near, every 5 m on both sides, three out of four taken."""
    first, last = math.ceil((ego_m + 12) / 5), int((ego_m + 190) / 5)
    for place in range(last, first - 1, -1):
        for side in (-1, 1):
            seed = world.seed * 31 + place * 2 + (side > 0)
            if random.Random(seed).random() < 0.75:
                yield place * 5 - ego_m, side, seed + 1


def _house_or_tree(canvas: Canvas, camera: Camera, world: World, z: float, side: int, rng: random.Random) -> None:
    canvas.distance_m = z
    edge = world.left - 1.5 if side < 0 else world.right + 1.5
    x = edge + side * rng.uniform(0, 14)
    if world.urban and rng.random() < 0.4:
        _house(canvas, camera, world, x, side, z, rng)
    else:
        _tree(canvas, camera, world, x, z, rng)


def _house(canvas: Canvas, camera: Camera, world: World, x: float, side: int, z: float, rng: random.Random) -> None:
    width, height = rng.uniform(6, 18), rng.uniform(5, 28)
    x += side * width / 2
    left, top = camera.project(x - width / 2, height, z)
    right, bottom = camera.project(x + width / 2, 0, z)
    if right < 0 or left > canvas.width:
        return
    canvas.rectangle(left, top, right, bottom, shade(rng.choice(WALLS), world.light * rng.uniform(0.8, 1)))
    px = camera.focal_px / z
    if px < 3:
        return
    for row in range(int((height - 3) / 3)):
        for column in range(int((width - 1.5) / 3)):
            lit = world.night and rng.random() < 0.4
            colour = (230, 200, 130) if lit else shade((70, 80, 90), world.light)
            wx, wy = left + px * (1 + 3 * column), top + px * (1 + 3 * row)
            canvas.rectangle(wx, wy, wx + 1.3 * px, wy + 1.5 * px, colour)


def _tree(canvas: Canvas, camera: Camera, world: World, x: float, z: float, rng: random.Random) -> None:
    height = rng.uniform(3, 11)
    (u, top), ground, px = camera.project(x, height, z), camera.project(x, 0, z)[1], camera.focal_px / z
    if not -canvas.width * 0.3 < u < canvas.width * 1.3:
        return
    canvas.rectangle(u - 0.15 * px, top + (ground - top) * 0.4, u + 0.15 * px, ground, shade((80, 60, 45), world.light))
    width, leaves = height * rng.uniform(0.3, 0.6), shade(rng.choice(LEAVES), world.light * rng.uniform(0.7, 1.1))
    for _ in range(5):
        dx, dy, radius = (
            rng.uniform(-0.4, 0.4) * width * px,
            rng.uniform(0.05, 0.45) * (ground - top),
            width * px * rng.uniform(0.3, 0.55),
        )
        canvas.ellipse(
            u + dx - radius,
            top + dy - radius * 0.5,
            u + dx + radius,
            top + dy + radius,
            shade(leaves, rng.uniform(0.85, 1.15)),
        )


def _distances() -> list[float]:
    steps = [FARTHEST_M / 1.13**k for k in range(40)]
    return [z for z in steps if z > NEAREST_M] + [NEAREST_M]


def _asphalt(canvas: Canvas, camera: Camera, world: World, colour: Colour) -> None:
    distances = _distances()
    for far, near in pairwise(distances):
        canvas.distance_m = far
        corners = [(world.left, far), (world.right, far), (world.right, near), (world.left, near)]
        canvas.polygon([camera.project(x, 0, z) for x, z in corners], colour)


def _markings(canvas: Canvas, camera: Camera, world: World, rng: random.Random, ego_m: float) -> None:
    white, yellow = shade((228, 228, 222), 0.3 + 0.7 * world.light), shade((220, 180, 60), 0.3 + 0.7 * world.light)
    borders = range(-world.lanes_left, world.lanes_right + 2)
    for border in borders:
        edge = border in (borders[0], borders[-1])
        colour = yellow if edge and border < 0 and rng.random() < 0.5 else white
        if rng.random() < 0.9:
            _stripe(canvas, camera, (border - 0.5) * LANE_M, colour, ego_m, dashed=not edge)
    if rng.random() < 0.15:
        _crossing(canvas, camera, world, rng.uniform(8, 60), white, ego_m)


def _stripe(canvas: Canvas, camera: Camera, x: float, colour: Colour, ego_m: float, *, dashed: bool) -> None:
    period = DASH_M + GAP_M if dashed else 4.0
    z = -(ego_m % period)
    while z < 150:
        near, far = max(z, 1.3), z + (DASH_M if dashed else period)
        if far > near:
            canvas.distance_m = near
            corners = [(x - 0.07, far), (x + 0.07, far), (x + 0.07, near), (x - 0.07, near)]
            canvas.polygon([camera.project(u, 0, w) for u, w in corners], colour)
        z += period


def _crossing(canvas: Canvas, camera: Camera, world: World, s: float, colour: Colour, ego_m: float) -> None:
    near = s - ego_m
    if near < 1.5:
        return
    canvas.distance_m = near
    for step in range(int(world.right - world.left - 1)):
        x = world.left + 0.5 + step
        corners = [(x, near + 3), (x + 0.5, near + 3), (x + 0.5, near), (x, near)]
        canvas.polygon([camera.project(u, 0, w) for u, w in corners], colour)


def _guard_rail(canvas: Canvas, camera: Camera, world: World, x: float) -> None:
    for piece, (far, near) in enumerate(pairwise(_distances())):
        _stands(canvas, RAIL + piece, far)
        canvas.distance_m = far
        canvas.slants.append(
            Slant(canvas.actor, camera.project(x, 0, near)[0], near, camera.project(x, 0, far)[0], far)
        )
        corners = [(0.75, far), (0.75, near), (0.45, near), (0.45, far)]
        canvas.polygon([camera.project(x, y, z) for y, z in corners], shade((160, 162, 165), world.light))
