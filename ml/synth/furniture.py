"""What stands at the road: traffic lights (the housing is the box), signs (the plate is the box), and clutter that is nothing."""

from __future__ import annotations

import math
import random

from ml.synth.camera import Camera
from ml.synth.canvas import Canvas, Colour, shade

LAMPS: tuple[tuple[str, Colour], ...] = (("red", (255, 50, 40)), ("yellow", (255, 200, 40)), ("green", (60, 255, 150)))
SIGNS = ("limit", "blue", "warning", "stop", "diamond", "board", "gantry")
CLUTTER_M = ((0.6, 1.1), (0.2, 3.0), (2.5, 1.8), (0.4, 0.7), (1.2, 2.2))
CLUTTER_COLOURS: tuple[Colour, ...] = ((60, 90, 60), (200, 90, 30), (110, 112, 116), (150, 60, 60), (210, 210, 205))


def draw_traffic_light(canvas: Canvas, camera: Camera, x: float, z: float, *, seed: int, light: float) -> None:
    rng = random.Random(seed)
    canvas.distance_m = z
    top_m, housing_m = rng.uniform(3.0, 5.5), rng.uniform(0.8, 1.1)
    px = camera.focal_px / z
    (u, top), ground = camera.project(x, top_m, z), camera.project(x, 0, z)[1]
    bottom, half = top + housing_m * px, housing_m * 0.18 * px
    with canvas.unlabelled():
        arm = rng.choice([0.0, 0.0, 1.5, -1.5]) * px
        pole = [(u + arm, ground), (u + arm, top), (u, top)] if arm else [(u, bottom), (u, ground)]
        canvas.line(pole, shade((90, 92, 96), light), max(1.0, 0.12 * px))
    canvas.rectangle(u - half, top, u + half, bottom, shade((28, 30, 28), 0.5 + 0.5 * light))
    burning, radius = rng.choice(LAMPS)[0], min(half * 0.75, housing_m * px * 0.14)
    canvas.distance_m = 0.0  # a lamp shines through the haze
    for place, (name, colour) in enumerate(LAMPS):
        y = top + (place + 0.5) / 3 * (bottom - top)
        canvas.ellipse(
            u - radius, y - radius, u + radius, y + radius, colour if name == burning else shade(colour, 0.18)
        )


def draw_sign(canvas: Canvas, camera: Camera, x: float, z: float, *, seed: int, light: float) -> None:
    rng = random.Random(seed)
    kind = rng.choice(SIGNS)
    canvas.distance_m = z
    size_m, top_m = (
        (rng.uniform(1.2, 2.2), rng.uniform(4.5, 6)) if kind == "gantry" else (rng.uniform(0.6, 1), rng.uniform(2, 3.2))
    )
    px = camera.focal_px / z
    (u, top), ground, size = camera.project(x, top_m, z), camera.project(x, 0, z)[1], size_m * px
    with canvas.unlabelled():
        canvas.line([(u, top), (u, ground)], shade((120, 122, 126), light), max(1.0, 0.08 * px))
    _plate(canvas, rng, kind, u, top, size, 0.3 + 0.7 * light)


def _plate(canvas: Canvas, rng: random.Random, kind: str, u: float, top: float, size: float, light: float) -> None:
    left, right, bottom, middle = u - size / 2, u + size / 2, top + size, top + size / 2
    red, white, blue = shade((196, 24, 30), light), shade((240, 240, 236), light), shade((24, 70, 170), light)
    if kind == "limit":
        edge = size * 0.15
        canvas.ellipse(left, top, right, bottom, red)
        canvas.ellipse(left + edge, top + edge, right - edge, bottom - edge, white)
        canvas.rectangle(u - size * 0.12, top + size * 0.35, u + size * 0.12, top + size * 0.65, (40, 40, 40))
    elif kind == "blue":
        canvas.ellipse(left, top, right, bottom, blue)
        canvas.polygon([(u, top + size * 0.2), (u + size * 0.2, middle), (u - size * 0.2, middle)], white)
    elif kind == "warning":
        canvas.polygon([(u, top), (right, bottom), (left, bottom)], red)
        inner = [
            (u, top + size * 0.28),
            (right - size * 0.2, bottom - size * 0.12),
            (left + size * 0.2, bottom - size * 0.12),
        ]
        canvas.polygon(inner, white)
    elif kind == "diamond":
        canvas.polygon([(u, top), (right, middle), (u, bottom), (left, middle)], shade((240, 190, 30), light))
    elif kind == "stop":
        corners = [math.pi / 8 + k * math.pi / 4 for k in range(8)]
        canvas.polygon([(u + size / 2 * math.cos(a), middle + size / 2 * math.sin(a)) for a in corners], red)
        canvas.rectangle(left + size * 0.2, top + size * 0.42, right - size * 0.2, top + size * 0.58, white)
    else:
        half = size * (0.8 if kind == "gantry" else 0.38)
        ground = rng.choice([blue, shade((20, 110, 70), light), white])
        canvas.rectangle(u - half, top, u + half, bottom, ground)
        ink = shade((60, 60, 64), light) if ground == white else white
        for row in range(2):
            y = top + size * (0.25 + 0.3 * row)
            canvas.rectangle(u - half * 0.7, y, u + half * (0.2 + 0.5 * row), y + size * 0.12, ink)


def draw_clutter(canvas: Canvas, camera: Camera, x: float, z: float, *, seed: int, light: float) -> None:
    """Bins, posts, boxes, shelters: the detector has to learn that they are none of its categories."""
    rng = random.Random(seed)
    canvas.distance_m = z
    width, height = rng.choice(CLUTTER_M)
    left_top, right_bottom = camera.project(x - width / 2, height, z), camera.project(x + width / 2, 0, z)
    canvas.rectangle(*left_top, *right_bottom, shade(rng.choice(CLUTTER_COLOURS), light))
