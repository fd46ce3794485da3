"""Leaving the own lane without meaning to: how far the wheels are from the lines, how fast they near them, and when the driver is warned.

In a picture a straight line on level ground runs as x - cx = X / H (y - y_h) + f tan(heading): its slope times the camera's height is how far
beside the camera it lies, whatever the heading. The camera is taken to sit in the vehicle's middle. Source of the thresholds: edge.md 5.5.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Literal

import numpy as np

from ml.edge.alarms import NEEDED, RELEASE_S, Alarm, Danger, Thresholds
from ml.edge.distance import MountedCamera
from ml.edge.signals import Signal
from ml.risk.cipo import Lane, Lanes

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")
HALF_WIDTH_M = 0.9  # from the middle to the wheels' outer edge
NEAR_M, RELEASE_M = 0.3, 0.1  # a wheel so near to a line is leaving; released so much farther off
ARMS_KMH, DISARMS_KMH = 60.0, 55.0
OVER_M = 1.5  # beyond a line by more the vehicle is in another lane: that line is not its own any more
JUMP_M = 0.6  # a line that moves so far from frame to frame is another line
SLOPE_MS, LEAST_MS = 600.0, 150.0  # speeds are fitted over so long, and not over less
LEAST_ROWS = 0.1  # of the picture's height; a slope of fewer rows says nothing
INDICATED_MS = 3000.0  # after the indicator stops; it ends by itself as the wheel turns back
SLOWEST_MPS = 0.05


def line_m(lane: Lane | None, camera: MountedCamera) -> float | None:
    """How far to the right of the camera a line lies beside the vehicle, metres; None where too little of it is seen."""
    if lane is None:
        return None
    low = min(lane.y_max, camera.height - 1.0)
    high = max(lane.y_min, (low + camera.horizon_px) / 2)  # the near half of the road: far rows bend with the curve
    if low - high < LEAST_ROWS * camera.height or low <= camera.horizon_px:
        return None
    return (lane.extended(low) - lane.extended(high)) / (low - high) * camera.height_m


def margin_m(lanes: Lanes, side: Side, camera: MountedCamera) -> float | None:
    """From the wheels of one side to their line, metres; negative beyond it."""
    line = line_m(lanes.left if side == "left" else lanes.right, camera)
    if line is None:
        return None
    margin = (line if side == "right" else -line) - HALF_WIDTH_M
    return margin if margin >= -OVER_M else None


def nearing_mps(margins: Sequence[tuple[float, float]]) -> float | None:
    """How fast a margin shrinks, by the line of least squares through (ms, metres); None where there is too little to tell."""
    if len(margins) < NEEDED or margins[-1][0] - margins[0][0] < LEAST_MS:
        return None
    time_s = np.array([at for at, _ in margins]) / 1000
    time_s -= time_s.mean()
    return -float(time_s @ np.array([margin for _, margin in margins]) / (time_s @ time_s))


def time_to_line(margin: float, nearing: float) -> float:
    """Seconds until the wheels are on the line: 0 on it and beyond, never when it is not neared."""
    if margin <= 0:
        return 0.0
    return margin / nearing if nearing > SLOWEST_MPS else inf


@dataclass(slots=True)
class _Edge(Danger):
    """Of one side, and what is known of it."""

    margins: deque[tuple[float, float]] = field(default_factory=deque)
    indicated_ms: float = -INDICATED_MS

    def add(self, time_ms: float, margin: float) -> None:
        if self.margins and (abs(margin - self.margins[-1][1]) > JUMP_M or time_ms - self.margins[-1][0] > SLOPE_MS):
            self.margins.clear()
            self.seen.clear()
        self.margins.append((time_ms, margin))
        while time_ms - self.margins[0][0] > SLOPE_MS:
            self.margins.popleft()


class LaneDeparture:
    """Steps with the frames. Nothing sounds without lines, without a speed, below 55 km/h (60 to begin with) or towards an indicated side."""

    def __init__(self) -> None:
        self._armed = False
        self._edges: dict[Side, _Edge] = {side: _Edge() for side in SIDES}

    def step(
        self, time_ms: float, signal: Signal, lanes: Lanes | None, camera: MountedCamera, thresholds: Thresholds
    ) -> list[Alarm]:
        """The alarms that begin now, of either side."""
        kmh = signal.speed_mps * 3.6 if signal.speed_mps is not None else 0.0
        self._armed = kmh > DISARMS_KMH if self._armed else kmh >= ARMS_KMH
        alarms = []
        for side, edge in self._edges.items():
            if signal.indicator == side:
                edge.indicated_ms = time_ms
            margin = margin_m(lanes, side, camera) if lanes else None
            if margin is None:
                continue
            edge.add(time_ms, margin)
            nearing = nearing_mps(edge.margins)
            seconds = time_to_line(margin, nearing or 0.0)
            # What moves away is no danger: after a lane change the line that was crossed lies under the other wheels.
            away = nearing is None or nearing < -SLOWEST_MPS
            near = not away and (seconds <= thresholds.ldw_s or margin <= NEAR_M)
            meant = time_ms - edge.indicated_ms < INDICATED_MS
            safe = seconds > thresholds.ldw_s + RELEASE_S and margin > NEAR_M + RELEASE_M
            if edge.sounds(time_ms, dangerous=near and self._armed and not meant, safe=safe):
                level = 2 if kmh > thresholds.level_two_kmh else 1
                alarms.append(Alarm("ldw", level, time_ms, 0, max(0.0, margin), seconds, kmh, side))
        return alarms
