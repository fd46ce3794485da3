"""Changes of a training picture: mirror, zoom, mosaic and what cameras do to colour and sharpness. Every one is drawn from the generator it is given."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.floating[Any]]
LUMA = np.array([0.299, 0.587, 0.114], np.float32)
GREY = 114  # of borders, as the YOLO family pads
LEAST_SHARE = 0.35  # of a box must be left inside a window, or it is no label there


@dataclass(frozen=True)
class Sample:
    """`image` (H, W, 3) uint8 RGB; `boxes_xywh` (N, 4) in its pixels; `names` N categories.

    `risk`, `severity` and `score` (N,) go wherever their box goes: 0, 1 and 1 for a label that nobody doubts.
    """

    image: Pixels
    boxes_xywh: Floats
    names: tuple[str, ...]
    risk: Floats
    severity: Floats
    score: Floats

    @classmethod
    def certain(cls, image: Pixels, boxes_xywh: Floats, names: tuple[str, ...]) -> Sample:
        """A sample whose labels are known to be right."""
        ones = np.ones(len(names), np.float32)
        return cls(image, boxes_xywh, names, np.zeros(len(names), np.float32), ones, ones)

    def kept(self, image: Pixels, boxes_xywh: Floats, which: npt.NDArray[np.bool_]) -> Sample:
        """Another picture with some of the boxes, moved to `boxes_xywh` (N, 4)."""
        names = tuple(name for name, keep in zip(self.names, which, strict=True) if keep)
        worth = (self.risk[which], self.severity[which], self.score[which])
        return Sample(image, boxes_xywh[which].astype(np.float32), names, *worth)


def flipped(sample: Sample) -> Sample:
    """Mirrored left to right."""
    boxes = sample.boxes_xywh.copy()
    boxes[:, 0] = sample.image.shape[1] - boxes[:, 0] - boxes[:, 2]
    return replace(sample, image=np.ascontiguousarray(sample.image[:, ::-1]), boxes_xywh=boxes)


def window(sample: Sample, x: int, y: int, width: int, height: int) -> Sample:
    """What lies in a window of the picture; boxes are cut at its edge and go when little of them is left."""
    boxes = sample.boxes_xywh
    start = np.clip(boxes[:, :2], (x, y), (x + width, y + height))
    end = np.clip(boxes[:, :2] + boxes[:, 2:], (x, y), (x + width, y + height))
    sides = end - start
    which = (sides.prod(1) >= LEAST_SHARE * boxes[:, 2:].prod(1)) & (sides > 0).all(1)
    image = np.ascontiguousarray(sample.image[y : y + height, x : x + width])
    return sample.kept(image, np.concatenate([start - (x, y), sides], 1), which)


def fitted(sample: Sample, width: int, height: int, zoom: float, rng: random.Random) -> Sample:
    """Resized with its shape kept until it just fits, times `zoom`; then a random window, or grey borders, of exactly that size."""
    rows, columns = sample.image.shape[:2]
    scale = zoom * min(width / columns, height / rows)
    size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    image = np.asarray(Image.fromarray(sample.image).resize(size, Image.Resampling.BILINEAR))
    factors = np.array([size[0] / columns, size[1] / rows] * 2, np.float32)
    resized = replace(sample, image=image, boxes_xywh=(sample.boxes_xywh * factors).astype(np.float32))
    x, y = (rng.randint(0, max(0, have - want)) for have, want in zip(size, (width, height), strict=True))
    return _bordered(window(resized, x, y, min(width, size[0]), min(height, size[1])), width, height)


def mosaic(tiles: Sequence[Sample], rng: random.Random) -> Sample:
    """Windows of four pictures of one size around a random centre, in a picture of that size (Bochkovskiy et al., 2020)."""
    height, width = tiles[0].image.shape[:2]
    x, y = (round(side * rng.uniform(0.3, 0.7)) for side in (width, height))
    image = np.empty_like(tiles[0].image)
    parts: list[Sample] = []
    corners = ((0, 0, x, y), (x, 0, width - x, y), (0, y, x, height - y), (x, y, width - x, height - y))
    for tile, (left, top, wide, high) in zip(tiles, corners, strict=True):
        part = window(tile, rng.randint(0, width - wide), rng.randint(0, height - high), wide, high)
        image[top : top + high, left : left + wide] = part.image
        parts.append(replace(part, boxes_xywh=part.boxes_xywh + np.array([left, top, 0, 0], np.float32)))
    return Sample(
        image,
        np.concatenate([part.boxes_xywh for part in parts]),
        tuple(name for part in parts for name in part.names),
        np.concatenate([part.risk for part in parts]),
        np.concatenate([part.severity for part in parts]),
        np.concatenate([part.score for part in parts]),
    )


def _bordered(sample: Sample, width: int, height: int) -> Sample:
    """In the middle of a grey picture."""
    rows, columns = sample.image.shape[:2]
    if (columns, rows) == (width, height):
        return sample
    left, top = (width - columns) // 2, (height - rows) // 2
    image = np.full((height, width, 3), GREY, np.uint8)
    image[top : top + rows, left : left + columns] = sample.image
    return replace(sample, image=image, boxes_xywh=sample.boxes_xywh + np.array([left, top, 0, 0], np.float32))


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
