"""The drawing surface: colour at twice the size for smooth edges, and an id for every pixel, from which boxes and visibility are read."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from ml.synth.depth import Slant

Point = tuple[float, float]
Colour = tuple[int, int, int]
Repaint = Callable[[Colour], Colour] | None
SUPERSAMPLE = 2


class Canvas:
    """Painter's algorithm: what is drawn later covers what was drawn before, in colour and in ids alike.

    Ids are tracks above 0; below 0 stands what hides others and is nobody's label: `-track` for the pole of a sign, and with `dense` the
    scenery too. 0 is sky and ground.
    """

    def __init__(
        self,
        width: int,
        height: int,
        haze: Colour,
        visibility_m: float,
        *,
        dense: bool = False,
        repaint: Repaint = None,
    ) -> None:
        self.width, self.height = width, height
        self.haze, self.visibility_m = haze, visibility_m
        self.actor, self.dense, self.repaint = 0, dense, repaint
        self.distance_m = 0.0
        self._colours = Image.new("RGB", (width * SUPERSAMPLE, height * SUPERSAMPLE), haze)
        self._ids = Image.new("I", (width, height), 0)
        self._paint = ImageDraw.Draw(self._colours)
        self._mark = ImageDraw.Draw(self._ids)
        self._touched: list[Point] = []
        self.distances: dict[int, float] = {}  # metres, of every id
        self.slants: list[Slant] = []  # what of them recedes

    @property
    def distance_m(self) -> float:
        """How far away the next strokes are: the haze before them grows with it."""
        return self._distance_m

    @distance_m.setter
    def distance_m(self, metres: float) -> None:
        self._distance_m, self._clear = metres, math.exp(-metres / self.visibility_m)

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        """A filled polygon in pixels of the frame, at the distance and for the actor set last."""
        self._paint.polygon([(x * SUPERSAMPLE, y * SUPERSAMPLE) for x, y in points], fill=self.hazed(colour))
        if self.actor or self.dense:
            self._mark.polygon(list(points), fill=self.actor)
            self._touched.extend(points)

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
        if self.actor or self.dense:
            self._mark.ellipse((left, top, max(right, left), max(bottom, top)), fill=self.actor)
            self._touched += [(left, top), (right, bottom)]

    def line(self, points: Sequence[Point], colour: Colour, width_px: float) -> None:
        scaled = [(x * SUPERSAMPLE, y * SUPERSAMPLE) for x, y in points]
        self._paint.line(scaled, fill=self.hazed(colour), width=max(1, round(width_px * SUPERSAMPLE)), joint="curve")
        if self.actor or self.dense:
            width = max(1, round(width_px))
            self._mark.line(list(points), fill=self.actor, width=width)
            self._touched += [(x + side * width, y + side * width) for x, y in points for side in (-1, 1)]

    def begin(self, actor: int, distance_m: float) -> None:
        """What follows belongs to this actor."""
        self.actor, self.distance_m = actor, distance_m
        self.distances[actor] = self.distances[-actor] = distance_m
        self._touched.clear()

    def marked(self) -> Stamp:
        """The pixels of the actor begun last, as long as nothing has been painted over it."""
        if not self._touched:
            return Stamp(self.actor, 0, 0, np.zeros((0, 0), bool))
        columns, rows = zip(*self._touched, strict=True)
        left, top = max(0, math.floor(min(columns)) - 1), max(0, math.floor(min(rows)) - 1)
        right, bottom = min(self.width, math.ceil(max(columns)) + 2), min(self.height, math.ceil(max(rows)) + 2)
        if right <= left or bottom <= top:
            return Stamp(self.actor, 0, 0, np.zeros((0, 0), bool))
        # A copy of the whole id image for each actor was a fifth of a frame's time.
        return Stamp(self.actor, left, top, np.asarray(self._ids.crop((left, top, right, bottom))) == self.actor)

    @contextmanager
    def unmarked(self) -> Iterator[None]:
        """What is painted here lies on the ground: shadows."""
        with self._as(0):
            yield

    @contextmanager
    def unlabelled(self) -> Iterator[None]:
        """What is painted here stands with the actor and hides others, but is no part of its box: poles."""
        with self._as(-self.actor):
            yield

    @contextmanager
    def _as(self, actor: int) -> Iterator[None]:
        self.actor, owner = actor, self.actor
        try:
            yield
        finally:
            self.actor = owner

    def hazed(self, colour: Colour) -> Colour:
        """The colour as seen through the air at the present distance (exponential extinction)."""
        red, green, blue = self.repaint(colour) if self.repaint else colour
        share, rest = self._clear, 1 - self._clear
        haze_red, haze_green, haze_blue = self.haze
        return (
            round(red * share + haze_red * rest),
            round(green * share + haze_green * rest),
            round(blue * share + haze_blue * rest),
        )

    def ids(self) -> np.ndarray:
        """(H, W) int32: which actor each pixel shows."""
        return np.asarray(self._ids)

    def image(self) -> np.ndarray:
        """(H, W, 3) uint8, smoothed down."""
        return np.asarray(self._colours.reduce(SUPERSAMPLE))


@dataclass(frozen=True)
class Stamp:
    """The pixels of one actor: `mask` lies at (left, top) of the frame."""

    actor: int
    left: int
    top: int
    mask: np.ndarray

    @property
    def pixels(self) -> int:
        return int(self.mask.sum())

    def extent(self) -> tuple[int, int, int, int] | None:
        """In pixels of the frame; None when nothing of it is inside."""
        inner = extent(self.mask)
        return inner and (self.left + inner[0], self.top + inner[1], self.left + inner[2], self.top + inner[3])

    def within(self, left: int, top: int, right: int, bottom: int) -> int:
        """How many of its pixels lie in a rectangle of the frame."""
        rows = slice(max(0, top - self.top), max(0, bottom - self.top))
        return int(self.mask[rows, max(0, left - self.left) : max(0, right - self.left)].sum())


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
