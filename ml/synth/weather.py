"""What lies between the scene and the file: glare, rain, snow, the bonnet, exposure, noise, blur."""

from __future__ import annotations

import random
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from ml.synth.world import World

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
ROWS_AT_ONCE = 16
GLOW_SCALE = 4  # glows are drawn small: they are soft anyway


class Lens:
    """The camera of one drive: its bonnet, exposure, noise and sharpness do not change from frame to frame."""

    def __init__(self, rng: random.Random, world: World) -> None:
        self.contrast, self.brightness = rng.uniform(0.75, 1.25), rng.uniform(0.8, 1.2)
        self.balance = np.array([rng.uniform(0.9, 1.1) for _ in range(3)], np.float32)
        self.noise = rng.uniform(1, 9)
        self.blur_px = rng.uniform(0.3, 1.1) if rng.random() < 0.4 else 0.0
        self.bonnet = rng.uniform(0.88, 0.97) if rng.random() < 0.3 else 1.0
        self.bonnet_colour = np.array(rng.choice([(40, 42, 46), (120, 120, 122), (20, 20, 22)]), np.float32)
        self.sun = (rng.uniform(0, 1), rng.uniform(-0.1, 0.5), rng.uniform(0.05, 0.2))
        self.jpeg_quality: int | None = None
        self.world = world
        self._dirt: Floats | None = None

    def before(self, ids: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """What of an id image the bonnet leaves to be seen."""
        row = int(len(ids) * self.bonnet)
        return ids if row == len(ids) else np.concatenate([ids[:row], np.zeros_like(ids[row:])])

    def see(self, image: Pixels, lamps: list[tuple[float, float, float]], horizon_px: float, seed: int) -> Pixels:
        """The scene as this camera records it. `lamps`: (x, y, radius) in px of what shines at night."""
        height, width = image.shape[:2]
        rng, noise = random.Random(seed), np.random.default_rng(seed)
        if self._dirt is None:
            self._dirt = 1 + 0.05 * _clouds(noise, width, height)
        seen = image.astype(np.float32)
        seen *= self._dirt[..., None]
        for layer in (self._glow(lamps, horizon_px, width, height), self._drops(rng, width, height)):
            if layer is not None:
                seen += layer[..., None]
        row = int(height * self.bonnet)
        seen[row:] = seen[row:] * 0.15 + self.bonnet_colour * (0.34 if self.world.night else 0.85)
        recorded = Image.fromarray(self._developed(seen, noise))
        if self.blur_px:
            recorded = recorded.filter(ImageFilter.GaussianBlur(self.blur_px))
        return np.asarray(recorded if self.jpeg_quality is None else _compressed(recorded, self.jpeg_quality))

    def _developed(self, seen: Floats, noise: np.random.Generator) -> Pixels:
        """Contrast, exposure, white balance and noise, a few rows at a time: it stays in the processor's cache, twice as fast."""
        mean, developed = seen.mean(), np.empty(seen.shape, np.uint8)
        normal, grain = np.empty((ROWS_AT_ONCE, *seen.shape[1:])), np.empty((ROWS_AT_ONCE, *seen.shape[1:]), np.float32)
        for start in range(0, len(seen), ROWS_AT_ONCE):
            rows = seen[start : start + ROWS_AT_ONCE]
            rows -= mean
            rows *= self.contrast
            rows += mean * self.brightness
            rows *= self.balance
            noise.standard_normal(out=normal[: len(rows)])
            np.multiply(normal, self.noise, out=grain, casting="same_kind")
            rows += grain[: len(rows)]
            np.clip(rows, 0, 255, out=rows)
            developed[start : start + ROWS_AT_ONCE] = rows
        return developed

    def _glow(
        self, lamps: list[tuple[float, float, float]], horizon_px: float, width: int, height: int
    ) -> Floats | None:
        glare = self.world.weather == "glare"
        spots = [(x, y, radius * (2.5 if glare else 1)) for x, y, radius in lamps] if self.world.night else []
        if glare and not self.world.night:
            x, y, size = self.sun
            spots.append((x * width, y * horizon_px, size * width))
        if not spots:
            return None
        layer = Image.new("L", (width // GLOW_SCALE, height // GLOW_SCALE))
        paint = ImageDraw.Draw(layer)
        for x, y, radius in spots:
            box = [value / GLOW_SCALE for value in (x - radius, y - radius, x + radius, y + radius)]
            paint.ellipse(box, fill=220)
        soft = layer.filter(ImageFilter.GaussianBlur(width / 200)).resize((width, height), Image.Resampling.BILINEAR)
        return np.asarray(soft, np.float32)

    def _drops(self, rng: random.Random, width: int, height: int) -> Floats | None:
        if self.world.weather not in ("rain", "snow"):
            return None
        layer = Image.new("L", (width, height))
        paint = ImageDraw.Draw(layer)
        for _ in range(rng.randrange(60, 300)):
            x, y, length = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(0.005, 0.045) * height
            if self.world.weather == "rain":
                paint.line((x, y, x + length * 0.2, y + length), fill=90)
            else:
                paint.ellipse((x, y, x + length * 0.25, y + length * 0.25), fill=220)
        return np.asarray(layer.filter(ImageFilter.GaussianBlur(0.7)), np.float32) * 0.6


def _compressed(image: Image.Image, quality: int) -> Image.Image:
    file = BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


def _clouds(noise: np.random.Generator, width: int, height: int) -> Floats:
    """Smooth noise of unit deviation, (H, W): asphalt and walls are never of one colour."""
    coarse = Image.fromarray(noise.normal(0, 1, (height // 8 + 2, width // 8 + 2)).astype(np.float32))
    return np.asarray(coarse.resize((width, height), Image.Resampling.BILINEAR), np.float32)
