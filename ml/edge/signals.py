"""What the vehicle says of itself: speed, wipers, indicator and place, by time. Recorded as CSV or JSON lines beside a drive, or told by the agent's options.

Fields: `time_ms`, `speed_mps`, and where known `wipers` (0 or 1), `indicator` (left or right), `lat`, `lon`.
"""

from __future__ import annotations

import csv
import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

STALE_MS = 2000.0


@dataclass(frozen=True, slots=True)
class Signal:
    """Speed is None when nobody knows it."""

    time_ms: float
    speed_mps: float | None = None
    wipers: bool = False
    lat: float | None = None
    lon: float | None = None
    indicator: str = ""


class VehicleSignals:
    """`constant_mps` stands in where nothing was recorded."""

    def __init__(self, recorded: Sequence[Signal] = (), *, constant_mps: float | None = None) -> None:
        self._recorded = sorted(recorded, key=lambda signal: signal.time_ms)
        self._constant = constant_mps

    def at(self, time_ms: float) -> Signal:
        """The last one up to that time; nothing is known once it is stale."""
        end = bisect_right(self._recorded, time_ms, key=lambda signal: signal.time_ms)
        if end and time_ms - self._recorded[end - 1].time_ms <= STALE_MS:
            return self._recorded[end - 1]
        return Signal(time_ms, self._constant)


def read_signals(path: Path) -> VehicleSignals:
    """A whole recording.

    Raises:
        ValueError: a line lacks `time_ms`, or a value is no number; the message names the line.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file) if path.suffix == ".csv" else (json.loads(row) for row in file if row.strip())
        return VehicleSignals([_signal(row, number) for number, row in enumerate(rows, 1)])


def _signal(row: dict[str, str], number: int) -> Signal:
    def value(name: str) -> float | None:
        return float(row[name]) if row.get(name) not in (None, "") else None

    try:
        indicator = row.get("indicator") or ""
        if indicator not in ("", "left", "right"):
            raise ValueError(f"an indicator is left or right, not {indicator!r}")
        return Signal(
            float(row["time_ms"]), value("speed_mps"), bool(value("wipers")), value("lat"), value("lon"), indicator
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"signals record {number}: time_ms is wanted, and numbers ({error})") from error
