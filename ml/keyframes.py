"""Between two key frames a box moves and grows linearly in time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from ml.schemas import BoxXYWH


def interpolated(keys: Sequence[tuple[float, BoxXYWH]], time_ms: float) -> BoxXYWH | None:
    """[x, y, width, height] at `time_ms`, from (time, box) pairs by rising time; None before the first and after the last.

    At a key it is that key's box exactly. A box between two that lie inside a frame lies inside it too.
    """
    times = [time for time, _ in keys]
    at = bisect_right(times, time_ms)
    if at == 0 or (at == len(keys) and time_ms > times[-1]):
        return None
    start, before = keys[at - 1]
    if time_ms == start:
        return before
    end, after = keys[at]
    share = (time_ms - start) / (end - start)
    x, y, width, height = (a + (b - a) * share for a, b in zip(before, after, strict=True))
    return x, y, width, height
