"""The last minutes as JPEGs on disk, so that an alarm brings the seconds before it and the cloud may ask for a clip. Oldest go first."""

from __future__ import annotations

from pathlib import Path

EVERY_MS = 500.0


class FrameRing:
    """Files named by their time; survives a restart. Nothing is synced: it is evidence at hand, not a promise."""

    def __init__(self, folder: Path, *, minutes: float = 10.0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._keep_ms = folder, minutes * 60_000
        self._times = sorted(int(path.stem) for path in folder.glob("*.jpg") if path.stem.isdigit())
        self._bytes: dict[int, int] = {}

    def due(self, at_ms: float) -> bool:
        return not self._times or at_ms - self._times[-1] >= EVERY_MS or at_ms < self._times[-1]

    def add(self, at_ms: float, jpeg: bytes) -> None:
        self._path(int(at_ms)).write_bytes(jpeg)
        self._times = sorted({*self._times, int(at_ms)})
        while self._times and self._times[0] < at_ms - self._keep_ms:
            self._path(self._times.pop(0)).unlink(missing_ok=True)

    def between(self, start_ms: float, end_ms: float) -> list[tuple[int, bytes]]:
        """(time, JPEG) of what is still there."""
        times = [at for at in self._times if start_ms <= at <= end_ms and self._path(at).exists()]
        return [(at, self._path(at).read_bytes()) for at in times]

    def _path(self, at_ms: int) -> Path:
        return self._folder / f"{at_ms}.jpg"
