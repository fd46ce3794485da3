"""Cars, buses and trucks: boxes with a near face, a visible side and, on cars, a cabin."""

from __future__ import annotations

import random
from dataclasses import dataclass

from ml.synth.camera import Camera
from ml.synth.canvas import Canvas, Colour, Point, shade
from ml.synth.depth import Slant

SIZES_M = {  # width, height, length
    "car": ((1.65, 1.95), (1.35, 1.75), (3.8, 4.8)),
    "truck": ((2.2, 2.55), (2.4, 3.9), (6.0, 12.0)),
    "bus": ((2.4, 2.55), (2.7, 3.4), (9.0, 13.0)),
}
PAINTS: tuple[Colour, ...] = (
    (235, 235, 232),
    (28, 28, 32),
    (130, 133, 138),
    (188, 190, 194),
    (150, 24, 26),
    (28, 52, 120),
    (52, 74, 60),
    (96, 70, 50),
    (196, 150, 40),
    (70, 100, 140),
    (90, 20, 40),
)
BUS_PAINTS: tuple[Colour, ...] = ((200, 160, 30), (180, 30, 30), (40, 110, 60), (40, 80, 160), (230, 230, 225))
PLATES: tuple[Colour, ...] = ((238, 238, 232), (40, 80, 170), (235, 200, 60), (60, 150, 90))
PLATE_M = (0.52, 0.13)
CABIN = 0.46  # share of a car's height above the bonnet line
Rectangle = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Vehicle:
    """`facing` is the face that the camera sees: "rear" or "front"."""

    kind: str
    facing: str
    width: float
    height: float
    length: float
    paint: Colour
    decor: Colour
    plate: Colour | None
    braking: bool

    @property
    def face_category(self) -> str:
        size = "car" if self.kind == "car" else "car_big"
        return f"{size}_{'reg' if self.facing == 'rear' else 'front'}"


def random_vehicle(rng: random.Random, kind: str, facing: str) -> Vehicle:
    width, height, length = (rng.uniform(*limits) for limits in SIZES_M[kind])
    paint = rng.choice(BUS_PAINTS if kind == "bus" and rng.random() < 0.6 else PAINTS)
    plate = rng.choice(PLATES) if rng.random() < 0.9 else None
    return Vehicle(kind, facing, width, height, length, paint, rng.choice(PAINTS), plate, rng.random() < 0.3)


def draw_vehicle(
    canvas: Canvas, camera: Camera, vehicle: Vehicle, x: float, z: float, *, light: float, night: bool
) -> tuple[Rectangle, Rectangle | None]:
    """Paint it with its near face at distance z; the face and the plate in pixels, whether visible or not."""
    canvas.distance_m = z
    half = vehicle.width / 2
    near = Face(*camera.project(x - half, vehicle.height, z), *camera.project(x + half, 0.0, z))
    far = Face(
        *camera.project(x - half, vehicle.height, z + vehicle.length),
        *camera.project(x + half, 0.0, z + vehicle.length),
    )
    _shadow(canvas, camera, vehicle, x, z, far, light)
    for side in ("left", "right"):
        near_x, far_x = (near.left, far.left) if side == "left" else (near.right, far.right)
        if (far_x < near_x) == (side == "left") and far_x != near_x:
            _side(canvas, vehicle, near, far, near_x, far_x, light)
            canvas.slants.append(Slant(canvas.actor, near_x, z, far_x, z + vehicle.length))
    (_car_face if vehicle.kind == "car" else _large_face)(canvas, vehicle, near, light)
    _lights(canvas, vehicle, near, light, night=night)
    return (near.left, near.top, near.right, near.bottom), _plate(canvas, vehicle, near, light)


@dataclass(frozen=True)
class Face:
    """A face parallel to the picture: a rectangle in pixels, addressed in shares of its size from the top left."""

    left: float
    top: float
    right: float
    bottom: float

    def at(self, across: float, down: float) -> Point:
        return self.left + across * (self.right - self.left), self.top + down * (self.bottom - self.top)

    def part(self, left: float, top: float, right: float, bottom: float) -> Rectangle:
        return (*self.at(left, top), *self.at(right, bottom))


def _shadow(canvas: Canvas, camera: Camera, vehicle: Vehicle, x: float, z: float, far: Face, light: float) -> None:
    with canvas.unmarked():
        reach, near_z = vehicle.width * 0.55, max(z - 0.3, 0.5)
        left, right = camera.project(x - reach, 0, near_z), camera.project(x + reach, 0, near_z)
        canvas.polygon(
            [left, right, (far.right, far.bottom), (far.left, far.bottom)], shade((30, 30, 32), 0.5 + 0.5 * light)
        )


def _side(canvas: Canvas, vehicle: Vehicle, near: Face, far: Face, near_x: float, far_x: float, light: float) -> None:
    def at(along: float, down: float) -> Point:
        top = near.top + (far.top - near.top) * along
        bottom = near.bottom + (far.bottom - near.bottom) * along
        return near_x + (far_x - near_x) * along, top + (bottom - top) * down

    car = vehicle.kind == "car"
    roof = CABIN if car else 0.0
    glass, dark = _glass(light), _dark(light)
    canvas.polygon([at(0, roof), at(1, roof), at(1, 1), at(0, 1)], shade(vehicle.paint, light * 0.72))
    for along in (0.2, 0.78):
        (x, y), radius = at(along, 0.86), (at(along, 1)[1] - at(along, 0)[1]) * (0.156 if car else 0.104)
        canvas.ellipse(x - radius * 0.6, y - radius, x + radius * 0.6, y + radius, dark)
    if car:
        canvas.polygon(
            [at(0.12, roof), at(0.22, 0.03), at(0.62, 0.03), at(0.8, roof)], shade(vehicle.paint, light * 0.6)
        )
        canvas.polygon([at(0.18, roof), at(0.25, 0.08), at(0.6, 0.08), at(0.74, roof)], glass)
    elif vehicle.kind == "bus":
        canvas.polygon([at(0.03, 0.2), at(0.97, 0.2), at(0.97, 0.5), at(0.03, 0.5)], glass)


def _car_face(canvas: Canvas, vehicle: Vehicle, face: Face, light: float) -> None:
    paint, at = shade(vehicle.paint, light), face.at
    canvas.polygon([at(0.02, CABIN), at(0.16, 0), at(0.84, 0), at(0.98, CABIN)], shade(vehicle.paint, light * 0.95))
    canvas.polygon([at(0.1, CABIN), at(0.2, 0.06), at(0.8, 0.06), at(0.9, CABIN)], _glass(light))
    body = [(0, CABIN + 0.04), (0.03, CABIN - 0.02), (0.97, CABIN - 0.02), (1, CABIN + 0.04), (1, 0.88), (0, 0.88)]
    canvas.polygon([at(*point) for point in body], paint)
    _wheels(canvas, face, light)
    canvas.rectangle(*face.part(0, 0.78, 1, 0.9), shade(vehicle.paint, light * 0.8))
    if vehicle.facing == "front":
        canvas.rectangle(*face.part(0.3, 0.56, 0.7, 0.7), _dark(light))


def _large_face(canvas: Canvas, vehicle: Vehicle, face: Face, light: float) -> None:
    canvas.rectangle(*face.part(0, 0, 1, 0.9), shade(vehicle.paint, light))
    if vehicle.kind == "bus":
        canvas.rectangle(*face.part(0.06, 0.08, 0.94, 0.45), _glass(light))
        if vehicle.facing == "front":
            canvas.rectangle(*face.part(0.2, 0.01, 0.8, 0.07), (220, 150, 40))
    elif vehicle.facing == "rear":
        canvas.rectangle(*face.part(0.04, 0.03, 0.96, 0.8), shade(vehicle.paint, light * 0.92))
        canvas.rectangle(*face.part(0.495, 0.03, 0.505, 0.8), shade(vehicle.paint, light * 0.6))
        canvas.rectangle(*face.part(0.15, 0.2, 0.85, 0.4), shade(vehicle.decor, light))
    else:
        canvas.rectangle(*face.part(0.06, 0.25, 0.94, 0.52), _glass(light))
        canvas.rectangle(*face.part(0.2, 0.6, 0.8, 0.78), _dark(light))
    _wheels(canvas, face, light)
    canvas.rectangle(*face.part(0, 0.78, 1, 0.9), _dark(light))


def _wheels(canvas: Canvas, face: Face, light: float) -> None:
    for left in (0.02, 0.78):
        canvas.rectangle(*face.part(left, 0.86, left + 0.2, 1), _dark(light))


def _lights(canvas: Canvas, vehicle: Vehicle, face: Face, light: float, *, night: bool) -> None:
    top, bottom = (0.5, 0.62) if vehicle.kind == "car" else (0.8, 0.86)
    if vehicle.facing == "rear":
        lit = (255, 40, 30) if vehicle.braking else (220, 30, 30)
        colour = lit if vehicle.braking or night else shade((170, 22, 24), 0.4 + 0.6 * light)
    else:
        colour = (255, 252, 235) if night else shade((225, 228, 230), 0.5 + 0.5 * light)
    for left in (0.02, 0.8):
        canvas.rectangle(*face.part(left, top, left + 0.18, bottom), colour)


def _plate(canvas: Canvas, vehicle: Vehicle, face: Face, light: float) -> Rectangle | None:
    if vehicle.plate is None:
        return None
    width, height = PLATE_M[0] / vehicle.width, PLATE_M[1] / vehicle.height
    top = 0.66 if vehicle.kind == "car" and vehicle.facing == "rear" else 0.76 if vehicle.kind == "car" else 0.86
    left = 0.5 - width / 2
    plate = face.part(left, top, left + width, top + height)
    canvas.rectangle(*plate, shade(vehicle.plate, 0.35 + 0.65 * light))
    if plate[2] - plate[0] > 8:
        text = face.part(left + width * 0.12, top + height * 0.25, left + width * 0.88, top + height * 0.75)
        canvas.rectangle(*text, shade((40, 40, 46), 0.6 + 0.4 * light))
    return plate


def _glass(light: float) -> Colour:
    return shade((48, 58, 68), 0.4 + 0.6 * light)


def _dark(light: float) -> Colour:
    return shade((20, 20, 24), 0.5 + light / 2)
