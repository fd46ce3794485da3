"""The drawing surface: colour at twice the size for smooth edges, and an id for every pixel, from which boxes and visibility are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from PIL import Image, ImageDraw

Point = tuple[float, float]
Colour = tuple[int, int, int]
SUPERSAMPLE = 2


class Canvas:
    """Painter's algorithm: what is drawn later covers what was drawn before, in colour and in ids alike."""

    def __init__(self, width: int, height: int, haze: Colour, visibility_m: float) -> None:
        self.width, self.height = width, height
        self.haze, self.visibility_m = haze, visibility_m
        self._colours = Image.new("RGB", (width * SUPERSAMPLE, height * SUPERSAMPLE), haze)
        self._ids = Image.new("I", (width, height), 0)
        self._paint = ImageDraw.Draw(self._colours)
        self._mark = ImageDraw.Draw(self._ids)
        self.distance_m = 0.0
        self.actor = 0

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        """A filled polygon in pixels of the frame, at the distance and for the actor set last."""
        self._paint.polygon([(x * SUPERSAMPLE, y * SUPERSAMPLE) for x, y in points], fill=self.hazed(colour))
        if self.actor:
            self._mark.polygon(list(points), fill=self.actor)

    def rectangle(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], colour)

    def ellipse(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        box = (
            left * SUPERSAMPLE,
            top * SUPERSAMPLE,
            max(right, left + 0.5) * SUPERSAMPLE,
            max(bottom, top + 0.5) * SUPERSAMPLE,
        )
        self._paint.ellipse(box, fill=self.hazed(colour))
        if self.actor:
            self._mark.ellipse((left, top, max(right, left), max(bottom, top)), fill=self.actor)

    def line(self, points: Sequence[Point], colour: Colour, width_px: float) -> None:
        scaled = [(x * SUPERSAMPLE, y * SUPERSAMPLE) for x, y in points]
        self._paint.line(scaled, fill=self.hazed(colour), width=max(1, round(width_px * SUPERSAMPLE)), joint="curve")
        if self.actor:
            self._mark.line(list(points), fill=self.actor, width=max(1, round(width_px)))

    @contextmanager
    def background(self) -> Iterator[None]:
        """What is painted here belongs to no actor: shadows, poles, pictures on a sign."""
        actor, self.actor = self.actor, 0
        try:
            yield
        finally:
            self.actor = actor

    def hazed(self, colour: Colour) -> Colour:
        """The colour as seen through the air at the present distance (exponential extinction)."""
        share = float(np.exp(-self.distance_m / self.visibility_m))
        red, green, blue = (round(c * share + h * (1 - share)) for c, h in zip(colour, self.haze, strict=True))
        return red, green, blue

    def ids(self) -> np.ndarray:
        """(H, W) int32: which actor each pixel shows, 0 for none."""
        return np.asarray(self._ids)

    def image(self) -> np.ndarray:
        """(H, W, 3) uint8, smoothed down."""
        return np.asarray(self._colours.reduce(SUPERSAMPLE))


def shade(colour: Colour, factor: float) -> Colour:
    """The colour under more or less light."""
    red, green, blue = (max(0, min(255, round(value * factor))) for value in colour)
    return red, green, blue


def extent(mask: np.ndarray) -> tuple[int, int, int, int] | None:
    """(left, top, right, bottom), right and bottom exclusive, of the true pixels; None when there are none."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not rows.size:
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
