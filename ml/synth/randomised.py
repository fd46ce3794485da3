"""Domain randomisation: everything that is not shape is drawn at random, so that a model cannot learn our palette, light or lens.

Source of the idea: Tobin et al., IROS 2017, arXiv 1703.06907; distractor shapes: Tremblay et al., CVPRW 2018, arXiv 1804.06516.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from ml.synth.camera import Camera
from ml.synth.canvas import Canvas, Colour, Repaint, Stamp
from ml.synth.weather import Lens
from ml.synth.world import Actor

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
TILE = 256  # of a texture, in texels
TILE_SETS = 32  # drawn once a process: a set for every scene took half of its time
TEXELS_PER_M = 6.0
REPAINTED = 0.7  # share of actors in colours that they never have in the usual scenes
SHAPES_PER_100_M = 8


class Domain:
    """The random look of one scene or drive; it holds still from frame to frame."""

    def __init__(self, rng: random.Random) -> None:
        self.seed = rng.randrange(1 << 30)
        self.shutter_s = rng.choice([0.0, 0.0, 0.0, rng.uniform(0.005, 0.05)])
        self.slope = (rng.gauss(0, 0.25), rng.gauss(0, 0.25))  # of the light across the picture
        self.roughness = rng.uniform(0.02, 0.3)
        self._tiles = _tiles(rng.randrange(TILE_SETS))

    def camera(self, camera: Camera) -> Camera:
        """Mounted higher or lower, pitched and turned further, with another lens."""
        rng = self._rng("camera")
        return replace(
            camera,
            focal_px=rng.uniform(0.55, 2.0) * camera.width,
            horizon_px=rng.uniform(0.32, 0.68) * camera.height,
            yaw_px=rng.gauss(0, 0.04) * camera.width,
            height_m=rng.uniform(0.9, 3.2),
        )

    def lens(self, lens: Lens) -> Lens:
        """Exposure, colours, noise, blur and compression beyond what one camera does; changes the lens it is given."""
        rng = self._rng("lens")
        lens.contrast, lens.brightness = rng.uniform(0.6, 1.4), rng.uniform(0.65, 1.3)
        lens.balance = np.array([rng.uniform(0.7, 1.3) for _ in range(3)], np.float32)
        lens.noise = rng.choice([rng.uniform(0, 4), rng.uniform(0, 22)])
        lens.blur_px = rng.choice([0.0, 0.0, rng.uniform(0.3, 1.8)])
        lens.jpeg_quality = rng.choice([None, rng.randrange(15, 95)])
        return lens

    def among(self, actors: Iterable[Actor], length_m: float) -> list[Actor]:
        """The actors and, between them, shapes that are nothing."""
        rng = self._rng("shapes")
        count = rng.randrange(1 + round(SHAPES_PER_100_M * length_m / 100))
        shapes = [
            Actor("shape", rng.uniform(8, length_m), rng.uniform(-12, 12), rng.randrange(1 << 30)) for _ in range(count)
        ]
        return [*actors, *shapes]

    def paint_of(self, seed: int) -> Repaint:
        """How the colours of one actor are exchanged: channels swapped or turned over, then tinted; None leaves them."""
        rng = self._rng(f"paint {seed}")
        if rng.random() > REPAINTED:
            return None
        order, turned = rng.sample(range(3), 3), rng.random() < 0.25
        gains, lift = [rng.uniform(0.55, 1.2) for _ in range(3)], [rng.uniform(-20, 30) for _ in range(3)]

        def repaint(colour: Colour) -> Colour:
            red, green, blue = (
                max(0, min(255, round((255 - colour[place] if turned else colour[place]) * gain + add)))
                for place, gain, add in zip(order, gains, lift, strict=True)
            )
            return red, green, blue

        return repaint

    def textured(
        self, image: Pixels, ids: npt.NDArray[np.int32], camera: Camera, stamps: Sequence[Stamp], ego_m: float
    ) -> Pixels:
        """A grain for the ground, fixed to the road, and one for every actor, fixed to it; then a slope of light over all."""
        grain = np.zeros(ids.shape, np.float32)
        self._on_ground(grain, camera, ego_m)
        for stamp in stamps:
            self._on_actor(grain, ids, stamp)
        rows, columns = (np.linspace(-1, 1, size, dtype=np.float32) for size in ids.shape)
        light = np.clip(1 + self.slope[0] * columns[None, :] + self.slope[1] * rows[:, None], 0.3, 2.0)
        lit: Floats = image * ((1 + self.roughness * grain) * light)[..., None]
        return lit.clip(0, 255).astype(np.uint8)

    def _on_ground(self, grain: Floats, camera: Camera, ego_m: float) -> None:
        top = max(0, math.ceil(camera.horizon_px + 1))
        below = np.arange(top, camera.height) + 0.5 - camera.horizon_px
        z = camera.focal_px * camera.height_m / below  # (rows,)
        centre = camera.width / 2 + camera.yaw_px
        x = (np.arange(camera.width)[None, :] + 0.5 - centre) / camera.focal_px * z[:, None]
        x += camera.offset_m - 0.5 * camera.curvature * z[:, None] ** 2
        along, across = (_mirrored(metres * TEXELS_PER_M) for metres in (z + ego_m, x + TILE))
        fade = np.clip(12 / z, 0, 1)  # far away a texel is smaller than a pixel
        grain[top:] = self._tiles[0][along[:, None], across] * fade[:, None]

    def _on_actor(self, grain: Floats, ids: npt.NDArray[np.int32], stamp: Stamp) -> None:
        extent = stamp.extent()
        if extent is None:
            return
        rng = self._rng(f"texture {stamp.actor}")
        tile, size = self._tiles[rng.randrange(1, len(self._tiles))], rng.choice([24, 64, 160])
        corner = rng.randrange(TILE - size), rng.randrange(TILE - size)
        piece = Image.fromarray(tile[corner[0] : corner[0] + size, corner[1] : corner[1] + size])
        left, top, right, bottom = extent
        scaled = np.asarray(piece.resize((right - left, bottom - top), Image.Resampling.BILINEAR))
        at = (slice(top, bottom), slice(left, right))
        grain[at] = np.where(ids[at] == stamp.actor, scaled, grain[at])

    def _rng(self, what: str) -> random.Random:
        return random.Random(f"{self.seed} {what}")


def draw_shape(canvas: Canvas, camera: Camera, x: float, z: float, *, seed: int) -> None:
    """A polygon, an ellipse or a bar of any colour, on the ground or in the air."""
    rng = random.Random(seed)
    canvas.distance_m = z
    (u, v), px = camera.project(x, rng.choice([0.5, rng.uniform(0, 6)]), z), camera.focal_px / z
    colour = (rng.randrange(256), rng.randrange(256), rng.randrange(256))
    wide, high = rng.uniform(0.2, 1.2) * px, rng.uniform(0.2, 1.2) * px
    kind = rng.choice(["polygon", "ellipse", "bar"])
    if kind == "ellipse":
        canvas.ellipse(u - wide, v - high, u + wide, v + high, colour)
    elif kind == "bar":
        turn, reach = rng.uniform(0, math.pi), rng.uniform(0.5, 2.5) * px
        ends = [(u + side * reach * math.cos(turn), v + side * reach * math.sin(turn)) for side in (-1, 1)]
        canvas.line(ends, colour, max(1.0, 0.15 * px))
    else:
        turns = sorted(rng.uniform(0, 2 * math.pi) for _ in range(rng.randrange(3, 8)))
        canvas.polygon([(u + wide * math.cos(a), v + high * math.sin(a)) for a in turns], colour)


@cache
def _tiles(seed: int) -> list[Floats]:
    """The ground's and six others, (TILE, TILE), of about unit deviation: grain of several sizes, stripes, checks, nothing."""
    noise = np.random.default_rng(seed)
    return [_tile(noise, kind) for kind in ("grain", "grain", "fine", "stripes", "stripes", "checks", "plain")]


def _tile(noise: np.random.Generator, kind: str) -> Floats:
    rows, columns = np.mgrid[0:TILE, 0:TILE].astype(np.float32)
    if kind == "plain":
        return np.zeros((TILE, TILE), np.float32)
    if kind == "stripes":
        turn, length = noise.uniform(0, np.pi), noise.uniform(4, 40)
        phase = (columns * np.cos(turn) + rows * np.sin(turn)) / length
        return np.asarray(np.sign(np.sin(2 * np.pi * phase)), np.float32)
    if kind == "checks":
        side = int(noise.integers(3, 24))
        return np.asarray((rows // side + columns // side) % 2 * 2 - 1, np.float32)
    layers = (_noise(noise, size) for size in ((64, 256) if kind == "fine" else (8, 32, 128)))
    mixed = np.sum(list(layers), axis=0)
    return np.asarray(mixed / mixed.std(), np.float32)


def _mirrored(texels: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.int64]:
    """Indices into a tile that repeats forth and back, so that it has no seam."""
    place = np.floor(texels).astype(np.int64) % (2 * TILE)
    return np.asarray(np.minimum(place, 2 * TILE - 1 - place))


def _noise(noise: np.random.Generator, size: int) -> Floats:
    coarse = Image.fromarray(noise.normal(0, 1, (size, size)).astype(np.float32))
    return np.asarray(coarse.resize((TILE, TILE), Image.Resampling.BILINEAR), np.float32)
