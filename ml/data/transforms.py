"""Changes of a training picture: mirror, zoom and what cameras do to colour and sharpness. Every one is drawn from the generator it is given."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.floating[Any]]
LUMA = np.array([0.299, 0.587, 0.114], np.float32)
LEAST_SHARE = 0.35  # of a box must be left inside a window, or it is no label there


@dataclass(frozen=True)
class Sample:
    """`image` (H, W, 3) uint8 RGB; `boxes_xywh` (N, 4) in its pixels; `names` N categories."""

    image: Pixels
    boxes_xywh: Floats
    names: tuple[str, ...]


def flipped(sample: Sample) -> Sample:
    """Mirrored left to right."""
    boxes = sample.boxes_xywh.copy()
    boxes[:, 0] = sample.image.shape[1] - boxes[:, 0] - boxes[:, 2]
    return Sample(np.ascontiguousarray(sample.image[:, ::-1]), boxes, sample.names)


def window(sample: Sample, x: int, y: int, width: int, height: int) -> Sample:
    """What lies in a window of the picture; boxes are cut at its edge and go when little of them is left."""
    boxes = sample.boxes_xywh
    start = np.clip(boxes[:, :2], (x, y), (x + width, y + height))
    end = np.clip(boxes[:, :2] + boxes[:, 2:], (x, y), (x + width, y + height))
    kept = (end - start).prod(1) >= LEAST_SHARE * boxes[:, 2:].prod(1)
    cut = np.concatenate([start - (x, y), end - start], 1)[kept].astype(np.float32)
    names = tuple(name for name, keep in zip(sample.names, kept, strict=True) if keep)
    return Sample(np.ascontiguousarray(sample.image[y : y + height, x : x + width]), cut, names)


def as_another_camera(image: Pixels, rng: random.Random, strength: float) -> Pixels:
    """The same scene through another camera: exposure, gamma, colour, texture, blur, compression.

    Args:
        strength: 0 leaves the picture as it is, 1 is what bridges some of the way from rendered to real footage.
    """
    if strength <= 0:
        return image
    seen = image.astype(np.float32)
    seen = _textured(seen, rng, strength)
    seen = _coloured(seen, rng, strength)
    return _recorded(seen.clip(0, 255).astype(np.uint8), rng, strength)


def _textured(image: Floats, rng: random.Random, strength: float) -> Floats:
    """Multiplied by noise of a random grain: rendered faces are flatter than any real one."""
    height, width = image.shape[:2]
    noise = np.random.default_rng(rng.getrandbits(32))
    for grain in (3, 16):
        coarse = noise.normal(0, 1, (height // grain + 1, width // grain + 1)).astype(np.float32)
        fine = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
        image = image * (1 + strength * rng.uniform(0, 0.12) * np.asarray(fine)[..., None])
    return image


def _coloured(image: Floats, rng: random.Random, strength: float) -> Floats:
    def around_one(spread: float) -> float:
        return 1 + strength * rng.uniform(-spread, spread)

    image = 255 * (image.clip(0, 255) / 255) ** around_one(0.35)
    grey = (image @ LUMA)[..., None]
    saturation = 0.0 if rng.random() < 0.08 * strength else around_one(0.6)
    image = grey + (image - grey) * saturation
    image = (image - grey.mean()) * around_one(0.35) + grey.mean() * around_one(0.3)
    return image * np.array([around_one(0.15) for _ in range(3)], np.float32)


def _recorded(image: Pixels, rng: random.Random, strength: float) -> Pixels:
    picture = Image.fromarray(image)
    if rng.random() < 0.3 * strength:
        picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.2)))
    if rng.random() < 0.4 * strength:
        packed = io.BytesIO()
        picture.save(packed, "JPEG", quality=rng.randrange(25, 90))
        picture = Image.open(packed)
    return np.asarray(picture)
