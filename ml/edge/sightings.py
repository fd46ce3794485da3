"""What the device saw in the frames between its key frames, as numbers: the platform labels those frames by their neighbours (ml/between.py)."""

from __future__ import annotations

import json
from typing import Any

from ml.edge.messages import seen_json
from ml.edge.runtime import Moment

SEEN_EVERY_MS = 200.0
EARLY_MS = 20.0  # five frames a second are not exactly 200 ms apart
LONGEST_MS, MOST = 10_000.0, 50  # of one message


class SeenBatch:
    """Gathers moments until a message is full. Not for two threads."""

    def __init__(self) -> None:
        self._frames: list[dict[str, Any]] = []
        self._size = (0, 0)

    def add(self, moment: Moment, at_ms: float, size: tuple[int, int]) -> dict[str, Any] | None:
        """Take a moment; the message before it, if that is full. A step back in time or another picture size begins a new one."""
        last = self._frames[-1]["at_ms"] if self._frames else None
        if last is not None and 0 <= at_ms - last < SEEN_EVERY_MS - EARLY_MS and size == self._size:
            return None
        first = self._frames[0]["at_ms"] if self._frames else at_ms
        goes_on = size == self._size and len(self._frames) < MOST and last is not None and last <= at_ms
        full = None if goes_on and at_ms - first < LONGEST_MS else self.take()
        self._size = size
        self._frames.append(seen_json(moment, at_ms))
        return full

    def take(self) -> dict[str, Any] | None:
        """What was gathered, and begin anew."""
        frames, self._frames = self._frames, []
        return {"width": self._size[0], "height": self._size[1], "frames": frames} if frames else None


def size_of(message: dict[str, Any]) -> int:
    return len(json.dumps(message))
