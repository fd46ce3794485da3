"""What lies between the scene and the file: glare, rain, snow, the bonnet, exposure, noise, blur."""

from __future__ import annotations

import random

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from ml.synth.world import World

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
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
        self.world = world

    def see(self, image: Pixels, lamps: list[tuple[float, float, float]], horizon_px: float, seed: int) -> Pixels:
        """The scene as this camera records it. `lamps`: (x, y, radius) in px of what shines at night."""
        rng, noise = random.Random(seed), np.random.default_rng(seed)
        seen = image.astype(np.float32)
        seen *= 1 + 0.05 * _clouds(noise, image.shape[1], image.shape[0])[..., None]
        seen += self._glow(lamps, horizon_px, image.shape[1], image.shape[0])[..., None]
        seen += self._drops(rng, image.shape[1], image.shape[0])[..., None]
        row = int(image.shape[0] * self.bonnet)
        seen[row:] = seen[row:] * 0.15 + self.bonnet_colour * (0.34 if self.world.night else 0.85)
        mean = seen.mean()
        seen = ((seen - mean) * self.contrast + mean * self.brightness) * self.balance
        seen += noise.normal(0, self.noise, seen.shape).astype(np.float32)
        recorded = Image.fromarray(seen.clip(0, 255).astype(np.uint8))
        return np.asarray(recorded.filter(ImageFilter.GaussianBlur(self.blur_px)) if self.blur_px else recorded)

    def _glow(self, lamps: list[tuple[float, float, float]], horizon_px: float, width: int, height: int) -> Floats:
        spots = list(lamps) if self.world.night else []
        if self.world.weather == "glare" and not self.world.night:
            x, y, size = self.sun
            spots.append((x * width, y * horizon_px, size * width))
        if not spots:
            return np.zeros((height, width), np.float32)
        layer = Image.new("L", (width // GLOW_SCALE, height // GLOW_SCALE))
        paint = ImageDraw.Draw(layer)
        for x, y, radius in spots:
            box = [value / GLOW_SCALE for value in (x - radius, y - radius, x + radius, y + radius)]
            paint.ellipse(box, fill=220)
        soft = layer.filter(ImageFilter.GaussianBlur(width / 200)).resize((width, height), Image.Resampling.BILINEAR)
        return np.asarray(soft, np.float32)

    def _drops(self, rng: random.Random, width: int, height: int) -> Floats:
        if self.world.weather not in ("rain", "snow"):
            return np.zeros((height, width), np.float32)
        layer = Image.new("L", (width, height))
        paint = ImageDraw.Draw(layer)
        for _ in range(rng.randrange(60, 300)):
            x, y, length = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(0.005, 0.045) * height
            if self.world.weather == "rain":
                paint.line((x, y, x + length * 0.2, y + length), fill=90)
            else:
                paint.ellipse((x, y, x + length * 0.25, y + length * 0.25), fill=220)
        return np.asarray(layer.filter(ImageFilter.GaussianBlur(0.7)), np.float32) * 0.6


def _clouds(noise: np.random.Generator, width: int, height: int) -> Floats:
    """Smooth noise of unit deviation, (H, W): asphalt and walls are never of one colour."""
    coarse = Image.fromarray(noise.normal(0, 1, (height // 8 + 2, width // 8 + 2)).astype(np.float32))
    return np.asarray(coarse.resize((width, height), Image.Resampling.BILINEAR), np.float32)
