"""The own lane's lines by time, where somebody finds them: JSON lines with `time_ms` and `lanes`, [left, right], each points [x, y] px from near to far."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

from ml.risk.cipo import Lanes

STALE_MS = 150.0


class LaneFeed:
    """What is older than `STALE_MS` is not known any more."""

    def __init__(self, recorded: Sequence[tuple[float, Lanes | None]]) -> None:
        self._recorded = sorted(recorded, key=lambda one: one[0])

    def at(self, time_ms: float) -> Lanes | None:
        end = bisect_right(self._recorded, time_ms, key=lambda one: one[0])
        if not end or time_ms - self._recorded[end - 1][0] > STALE_MS:
            return None
        return self._recorded[end - 1][1]


def read_lanes(path: Path) -> LaneFeed:
    """A whole recording.

    Raises:
        ValueError: a line has no `time_ms` or no lanes; the message names the line.
    """
    with path.open(encoding="utf-8") as file:
        return LaneFeed([_lanes(row, number) for number, row in enumerate(file, 1) if row.strip()])


def _lanes(row: str, number: int) -> tuple[float, Lanes | None]:
    try:
        said = json.loads(row)
        return float(said["time_ms"]), Lanes.from_json(said["lanes"])
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise ValueError(f"lanes line {number}: time_ms and lanes [left, right] are wanted ({error})") from error
