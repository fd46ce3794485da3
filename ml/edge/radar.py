"""A radar's targets beside the camera's boxes: read, brought to the picture's time, and put on the boxes that they belong to.

The input is CSV with a header, or JSON lines, with `time_ms`, `range_m`, `angle_deg` (right is positive) and `speed_mps` (how fast the
range changes: negative when it shrinks). A radar that is missing or late only leaves the camera alone: nothing waits for it.
"""

from __future__ import annotations

import csv
import json
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log
from pathlib import Path

RANGE_ERROR_M, SPEED_ERROR_MPS, ANGLE_ERROR_DEG = 0.25, 0.1, 1.0
GATE_DEG = 3 * ANGLE_ERROR_DEG
GATE_LOG_RANGE = 0.35
CHI_SQUARE_2 = 9.21  # 99 % of two degrees of freedom
OLDEST_MS = 150.0  # what is older says nothing about this picture


@dataclass(frozen=True, slots=True)
class RadarTarget:
    time_ms: float
    range_m: float
    angle_deg: float
    speed_mps: float

    def at(self, time_ms: float) -> RadarTarget:
        """Where it is at another time, at constant speed."""
        return replace(self, time_ms=time_ms, range_m=self.range_m + self.speed_mps * (time_ms - self.time_ms) / 1000)


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the camera says of one object, to be matched."""

    angle_deg: float
    range_m: float
    error_m: float


class RadarFeed:
    """The targets by time; they may arrive late and out of order."""

    def __init__(self, targets: Sequence[RadarTarget] = ()) -> None:
        self._targets = sorted(targets, key=lambda target: target.time_ms)

    def add(self, target: RadarTarget) -> None:
        at = bisect_right(self._targets, target.time_ms, key=lambda known: known.time_ms)
        self._targets.insert(at, target)
        del self._targets[: bisect_left(self._targets, target.time_ms - 5000, key=lambda known: known.time_ms)]

    def at(self, time_ms: float) -> list[RadarTarget] | None:
        """The newest sweep up to `time_ms`, moved to that time; None when there is none fresh enough: missing is not empty road."""
        end = bisect_right(self._targets, time_ms, key=lambda target: target.time_ms)
        if end == 0 or time_ms - self._targets[end - 1].time_ms > OLDEST_MS:
            return None
        newest = self._targets[end - 1].time_ms
        start = bisect_left(self._targets, newest, key=lambda target: target.time_ms)
        return [target.at(time_ms) for target in self._targets[start:end]]


def associate(sightings: Sequence[Sighting], targets: Sequence[RadarTarget]) -> dict[int, RadarTarget]:
    """Sighting -> target, one to one, nearest first, inside the gates."""
    pairs = [
        (distance, s, t)
        for s, sighting in enumerate(sightings)
        for t, target in enumerate(targets)
        if (distance := _distance(sighting, target)) is not None
    ]
    matched: dict[int, RadarTarget] = {}
    taken: set[int] = set()
    for _, s, t in sorted(pairs):
        if s not in matched and t not in taken:
            matched[s] = targets[t]
            taken.add(t)
    return matched


def _distance(sighting: Sighting, target: RadarTarget) -> float | None:
    """Squared Mahalanobis distance, or None outside a gate."""
    angle = target.angle_deg - sighting.angle_deg
    if target.range_m <= 0 or abs(angle) > GATE_DEG or abs(log(sighting.range_m / target.range_m)) > GATE_LOG_RANGE:
        return None
    gap_variance = sighting.error_m**2 + RANGE_ERROR_M**2
    squared = angle**2 / ANGLE_ERROR_DEG**2 + (target.range_m - sighting.range_m) ** 2 / gap_variance
    return squared if squared <= CHI_SQUARE_2 else None


def read_radar(path: Path) -> RadarFeed:
    """A whole recording.

    Raises:
        ValueError: a line lacks a field or holds no number; the message names the line.
    """
    with path.open(encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            return RadarFeed([_target(row, line) for line, row in enumerate(csv.DictReader(file), 2)])
        return RadarFeed([_target(json.loads(row), line) for line, row in enumerate(file, 1) if row.strip()])


def _target(row: dict[str, str], line: int) -> RadarTarget:
    try:
        return RadarTarget(*(float(row[field]) for field in ("time_ms", "range_m", "angle_deg", "speed_mps")))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"radar line {line}: time_ms, range_m, angle_deg and speed_mps are wanted ({error})"
        ) from error
