"""Frames for the agent: of a video file, a folder of stills, or a camera, with their times in ms from the beginning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from ml.data.images import Pixels, open_still
from ml.errors import BadMedia

STILLS = {".jpg", ".jpeg", ".png", ".webp"}


@dataclass(frozen=True, slots=True)
class EdgeFrame:
    """`image` (H, W, 3) uint8 RGB; `name` is the still's file name, where there is one."""

    image: Pixels
    time_ms: float
    name: str = ""


def frames_of(source: str, *, fps: float = 10.0) -> Iterator[EdgeFrame]:
    """Frame by frame, one in memory at a time.

    Args:
        source: a folder, a video file, or a camera (`/dev/video0`, an RTSP address).
        fps: at most so many a second of a video; of a folder, how fast its stills were taken.
    Raises:
        BadMedia: there is nothing to read.
    """
    path = Path(source)
    if path.is_dir():
        return _stills(path, fps)
    if not (path.exists() or re.match(r"^(rtsp|http)s?://", source)):
        raise BadMedia(f"'{source}' is no file, folder or camera.", code="not_media")
    return _video(source, fps)


def _stills(folder: Path, fps: float) -> Iterator[EdgeFrame]:
    names = sorted(path for path in folder.iterdir() if path.suffix.lower() in STILLS)
    if not names:
        raise BadMedia(f"'{folder.name}' holds no stills.", code="not_media")
    for index, path in enumerate(names):
        yield EdgeFrame(np.asarray(open_still(path)), index * 1000 / fps, path.name)


def _video(source: str, fps: float) -> Iterator[EdgeFrame]:
    """A camera that cuts out ends the iterator; who runs the agent starts it again."""
    options = {"rtsp_transport": "tcp"} if source.startswith("rtsp") else {}
    form = "v4l2" if source.startswith("/dev/video") else None
    try:
        container = av.open(source, format=form, options=options, timeout=10.0)
    except (av.error.FFmpegError, OSError) as error:
        raise BadMedia(f"'{source}' cannot be read: {error}", code="not_media") from error
    with container:
        due, first = 0.0, None
        for number, frame in enumerate(container.decode(video=0)):
            at = frame.time * 1000 if frame.time is not None else number * 1000 / fps
            first = at if first is None else first
            if at - first + 1e-6 >= due:
                due = max(due + 1000 / fps, at - first)
                yield EdgeFrame(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8), at - first)
