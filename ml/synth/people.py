"""Persons, bicyclists and motorcyclists; a rider and the machine are one box."""

from __future__ import annotations

import math
import random

from ml.synth.camera import Camera
from ml.synth.canvas import Canvas, Colour, shade

SKINS: tuple[Colour, ...] = ((224, 180, 150), (190, 140, 105), (140, 95, 70), (90, 60, 45))
CLOTHES: tuple[Colour, ...] = (
    (30, 32, 40),
    (60, 70, 110),
    (150, 40, 40),
    (200, 200, 195),
    (40, 90, 60),
    (180, 140, 60),
    (90, 90, 95),
    (210, 120, 40),
)
HAIR: tuple[Colour, ...] = ((30, 25, 20), (90, 60, 30), (160, 160, 160))
HELMETS: tuple[Colour, ...] = ((230, 230, 230), (180, 30, 30), (30, 30, 34), (240, 200, 40))
BODIES: tuple[Colour, ...] = ((160, 30, 30), (30, 60, 140), (40, 40, 44), (190, 190, 60))


class Figure:
    """Where a standing thing is in the picture: centre column `u`, `top` and `bottom` rows, height `h` in px."""

    def __init__(self, camera: Camera, x: float, z: float, height_m: float) -> None:
        self.u, self.bottom = camera.project(x, 0, z)
        self.top = camera.project(x, height_m, z)[1]
        self.h = self.bottom - self.top

    def at(self, across: float, down: float) -> tuple[float, float]:
        """A point, both in shares of the height: across from the centre, down from the top."""
        return self.u + across * self.h, self.top + down * self.h


def draw_person(canvas: Canvas, camera: Camera, x: float, z: float, *, seed: int, light: float, stride: float) -> None:
    """`stride` in radians moves the legs and arms."""
    rng = random.Random(seed)
    figure, swing = Figure(camera, x, z, rng.uniform(1.5, 1.9)), math.sin(stride) * 0.13
    canvas.distance_m = z
    skin, top, legs = (shade(rng.choice(choice), light) for choice in (SKINS, CLOTHES, CLOTHES))
    at, half = figure.at, rng.uniform(0.1, 0.14)
    for side in (-1, 1):
        canvas.line([at(side * half * 0.3, 0.5), at(side * (half * 0.5 + swing), 1)], legs, figure.h * 0.085)
        canvas.line(
            [at(side * half * 0.9, 0.2), at(side * (half * 1.1 - swing * 0.8), 0.52)], shade(top, 0.85), figure.h * 0.06
        )
    canvas.polygon([at(-half, 0.17), at(half, 0.17), at(half * 0.8, 0.54), at(-half * 0.8, 0.54)], top)
    canvas.ellipse(*at(-0.065, 0), *at(0.065, 0.15), skin)
    canvas.ellipse(*at(-0.065, 0), *at(0.065, 0.078), shade(rng.choice(HAIR), light))
    if rng.random() < 0.3:
        canvas.rectangle(*at(half * 0.6, 0.2), *at(half * 1.4, 0.45), shade(rng.choice(CLOTHES), light))


def draw_rider(canvas: Canvas, camera: Camera, x: float, z: float, *, seed: int, light: float, motor: bool) -> None:
    """From behind or the front mostly, sometimes crossing."""
    rng = random.Random(seed)
    figure = Figure(camera, x, z, rng.uniform(1.4, 1.65) if motor else rng.uniform(1.55, 1.8))
    canvas.distance_m = z
    skin, top, legs, body = (shade(rng.choice(choice), light) for choice in (SKINS, CLOTHES, CLOTHES, BODIES))
    dark = shade((24, 24, 26), 0.4 + 0.6 * light)
    crossing = rng.random() < 0.3
    lean = (_crossing if crossing else _along)(canvas, figure, rng, motor, top, legs, body, dark)
    helmet = motor or rng.random() < 0.5
    head = shade(rng.choice(HELMETS), light) if helmet else skin
    canvas.ellipse(*figure.at(lean - 0.075, 0), *figure.at(lean + 0.075, 0.17), head)
    if helmet and not crossing:
        canvas.rectangle(*figure.at(lean - 0.05, 0.08), *figure.at(lean + 0.05, 0.12), dark)


def _along(
    canvas: Canvas,
    figure: Figure,
    rng: random.Random,
    motor: bool,
    top: Colour,
    legs: Colour,
    body: Colour,
    dark: Colour,
) -> float:
    at, half = figure.at, 0.075 if motor else 0.035
    canvas.ellipse(*at(-half, 0.58), *at(half, 1), dark)
    if motor:
        canvas.polygon([at(-0.14, 0.5), at(0.14, 0.5), at(0.1, 0.76), at(-0.1, 0.76)], body)
        canvas.ellipse(*at(-0.03, 0.56), *at(0.03, 0.62), rng.choice([(255, 60, 40), (255, 250, 220)]))
    canvas.line([at(-0.2, 0.42), at(0.2, 0.42)], dark, figure.h * 0.03)
    for side in (-1, 1):
        canvas.line([at(side * 0.07, 0.52), at(side * 0.13, 0.7), at(side * 0.07, 0.88)], legs, figure.h * 0.085)
        canvas.line([at(side * 0.1, 0.22), at(side * 0.19, 0.42)], shade(top, 0.85), figure.h * 0.06)
    canvas.polygon([at(-0.13, 0.18), at(0.13, 0.18), at(0.11, 0.55), at(-0.11, 0.55)], top)
    return 0.0


def _crossing(
    canvas: Canvas,
    figure: Figure,
    rng: random.Random,
    motor: bool,
    top: Colour,
    legs: Colour,
    body: Colour,
    dark: Colour,
) -> float:
    at, way = figure.at, rng.choice([-1, 1])
    radius, reach = (0.18, 0.38) if motor else (0.2, 0.32)
    for side in (-1, 1):
        _wheel(canvas, figure, side * reach, radius, dark, solid=motor)
    if motor:
        tank = [
            (-reach, 1 - radius * 1.6),
            (reach, 1 - radius * 1.6),
            (reach * 0.8 * way, 1 - radius * 2.7),
            (-reach * 0.7 * way, 1 - radius * 2.3),
        ]
        canvas.polygon([at(*point) for point in tank], body)
    else:
        bars = [
            (-reach, 1 - radius),
            (-reach * 0.2, 1 - radius * 2.4),
            (reach * 0.8, 1 - radius * 2.4),
            (0.0, 1 - radius),
            (-reach, 1 - radius),
        ]
        canvas.line([at(*point) for point in bars], body, max(1.0, figure.h * 0.03))
    hip, shoulder = at(-way * reach * 0.3, 0.51), at(way * reach * 0.05, 0.18)
    canvas.line([hip, at(way * reach * 0.25, 0.68), at(0, 1 - radius * 0.7)], legs, figure.h * 0.09)
    canvas.line([hip, shoulder], top, figure.h * 0.15)
    canvas.line([at(way * reach * 0.05, 0.24), at(way * reach * 0.7, 0.42)], shade(top, 0.85), figure.h * 0.06)
    return way * reach * 0.12


def _wheel(canvas: Canvas, figure: Figure, across: float, radius: float, dark: Colour, *, solid: bool) -> None:
    if solid:
        canvas.ellipse(*figure.at(across - radius, 1 - 2 * radius), *figure.at(across + radius, 1), dark)
        return
    turn = [k * math.pi / 6 for k in range(13)]
    rim = [figure.at(across + radius * math.cos(a), 1 - radius + radius * math.sin(a)) for a in turn]
    canvas.line(rim, dark, max(1.0, figure.h * 0.025))
