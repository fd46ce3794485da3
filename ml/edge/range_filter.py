"""One object's gap over time: a Kalman filter on gap, its rate and its acceleration, fed by camera and radar."""

from __future__ import annotations

import numpy as np

JERK = 4.0  # m/s³, what other traffic may surprise with
FIRST_RATE_ERROR, FIRST_ACCELERATION_ERROR = 8.0, 2.0


class RangeFilter:
    """`gap_m`, `rate_mps` (negative: closing) and `acceleration_mps2` of the gap at `time_ms`."""

    def __init__(self, time_ms: float, gap_m: float, error_m: float) -> None:
        self.time_ms = time_ms
        self._x = np.array([gap_m, 0.0, 0.0])
        self._p = np.diag([error_m**2, FIRST_RATE_ERROR**2, FIRST_ACCELERATION_ERROR**2])

    @property
    def gap_m(self) -> float:
        return max(0.1, float(self._x[0]))

    @property
    def rate_mps(self) -> float:
        return float(self._x[1])

    @property
    def acceleration_mps2(self) -> float:
        return float(self._x[2])

    @property
    def rate_error_mps(self) -> float:
        return float(self._p[1, 1] ** 0.5)

    def predict(self, time_ms: float) -> None:
        """Go to a later time; an earlier one changes nothing."""
        t = (time_ms - self.time_ms) / 1000
        if t <= 0:
            return
        step = np.array([[1, t, t * t / 2], [0, 1, t], [0, 0, 1]])
        noise = np.array([t**3 / 6, t * t / 2, t]) * JERK
        self._x = step @ self._x
        self._p = step @ self._p @ step.T + np.outer(noise, noise)
        self.time_ms = time_ms

    def see_gap(self, gap_m: float, error_m: float) -> None:
        self._update(0, gap_m, error_m)

    def see_rate(self, rate_mps: float, error_mps: float) -> None:
        self._update(1, rate_mps, error_mps)

    def _update(self, index: int, value: float, error: float) -> None:
        gain = self._p[:, index] / (self._p[index, index] + error**2)
        self._x = self._x + gain * (value - self._x[index])
        self._p = self._p - np.outer(gain, self._p[index])
        self._p = (self._p + self._p.T) / 2
