"""Looks of an export's networks at the frames that it is judged on: counted aloud, and kept, so that one which was killed goes on behind its last whole pass."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from ml.export.frames import Frames
from ml.export.judge import Results, results_on, through_camera
from ml.export.runner import Pixels, Runner


class Passes:
    """One pass is one network over all frames of `judging`.

    Args:
        on_frame: is told how many looks are done, and how many there will be; what it raises ends the export.
        kept: a folder for the results of whole passes. They lie under the hash of the network, so another network never takes them.
    """

    def __init__(
        self,
        judging: Frames,
        *,
        on_frame: Callable[[int, int], None] = lambda done, total: None,
        kept: Path | None = None,
    ) -> None:
        self.judging, self._on_frame, self._kept = judging, on_frame, kept
        self._done = self._passes = 0

    def expect(self, passes: int) -> None:
        """That many more will come."""
        self._passes += passes
        self._tell(0)

    def results(self, runner: Runner, network: bytes, *, camera: bool = False) -> Results:
        """COCO results of the network whose file is `network`, of frames as they are or `through_camera`."""
        path = self._path(network, camera)
        if path and path.exists():
            self._tell(len(self.judging.images))
            return json.loads(path.read_bytes())  # type: ignore[no-any-return]
        found = results_on(runner, self.judging, lambda frame: self._seen(frame, camera))
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.write_text(json.dumps(found))
            fresh.replace(path)
        return found

    def _seen(self, frame: Pixels, camera: bool) -> Pixels:
        self._tell(1)
        return through_camera(frame) if camera else frame

    def _tell(self, more: int) -> None:
        self._done += more
        self._on_frame(self._done, self._passes * len(self.judging.images))

    def _path(self, network: bytes, camera: bool) -> Path | None:
        name = f"{hashlib.sha256(network).hexdigest()}{'-camera' if camera else ''}.json"
        return self._kept / name if self._kept else None
