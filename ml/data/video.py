"""Video: what a file holds, and its frames - upright, in order, with the times that the file gives them.

A damaged file is refused as a whole. Frames that were decoded before the damage have been yielded by then, so the caller keeps
nothing of a clip until the iterator has ended without an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np

from ml.data.containers import refuse_cut_video
from ml.data.images import Pixels
from ml.data.limits import DEFAULT_LIMITS, MediaLimits
from ml.data.sniff import ACCEPTED, sniff
from ml.errors import BadMedia

RE_ENCODE = (
    "Copy it from the camera again, or repair it with `ffmpeg -err_detect ignore_err -i IN OUT` and upload the result."
)
TICK_TOLERANCE = 1e-6  # of a tick: 29.97 is not a binary fraction


@dataclass(frozen=True, slots=True)
class VideoProbe:
    """The header of a video: size in px after rotation; `rotation` in degrees clockwise from stored to upright, a multiple of
    90; `frames` and `duration_s` as the container states them, None where it does not."""

    width: int
    height: int
    duration_s: float | None
    fps: float
    rotation: int
    frames: int | None
    codec: str


@dataclass(frozen=True, slots=True)
class VideoFrame:
    """`index` counts the video's own frames from 0; `time_ms` is the presentation time; `image` is (H, W, 3) uint8 RGB."""

    index: int
    time_ms: float
    image: Pixels


def probe(path: Path, limits: MediaLimits = DEFAULT_LIMITS) -> VideoProbe:
    """Read the header and decode one frame, for its rotation.

    Raises:
        BadMedia: as `iter_frames`.
    """
    with _opened(path, limits) as (container, stream):
        frame = next(_decoded(container, stream), None)
        if frame is None:
            raise _no_frames()
        turned = _quarter_turns(frame) % 2 == 1
        size = (frame.height, frame.width) if turned else (frame.width, frame.height)
        return VideoProbe(
            *size,
            duration_s=_duration_s(container, stream),
            fps=float(stream.average_rate or stream.guessed_rate or 0),
            rotation=(-90 * _quarter_turns(frame)) % 360,
            frames=stream.frames or None,
            codec=stream.codec_context.name,
        )


def iter_frames(
    path: Path,
    *,
    fps: float | None = None,
    every: int | None = None,
    max_frames: int | None = None,
    limits: MediaLimits = DEFAULT_LIMITS,
) -> Iterator[VideoFrame]:
    """The frames of a video in order of presentation.

    Args:
        fps: take the first frame at or after each tick k / fps on the video's own clock, never one frame twice.
        every: take every n-th frame. With neither, take all.
        max_frames: refuse the video when it decodes to more than this; the limits' own number when None.
    Raises:
        BadMedia: `empty_file`, `not_media`, `unsupported_format`, `too_large`, `truncated`, `corrupt`, `no_video_stream`.
        ValueError: `fps` or `every` is not positive, or both are given.
    """
    wanted = _sampling(fps, every)
    most = limits.max_video_frames if max_frames is None else max_frames
    with _opened(path, limits) as (container, stream):
        index = -1
        for index, (time_s, frame) in enumerate(_timed(_decoded(container, stream), stream)):
            if index >= most:
                raise BadMedia(
                    f"The video has more than {most:,} frames.", code="too_large", hint="Split it into shorter clips."
                )
            if wanted(index, time_s):
                yield VideoFrame(index, time_s * 1000, _upright(frame))
        if index < 0:
            raise _no_frames()


def _sampling(fps: float | None, every: int | None) -> Callable[[int, float], bool]:
    """Whether to take the frame of this index and time; called once a frame, in order."""
    if fps is not None and every is not None:
        raise ValueError("sample by fps or by every n-th frame, not both")
    if fps is None:
        step = 1 if every is None else every
        if step < 1:
            raise ValueError(f"every must be at least 1, not {step}")
        return lambda index, _: index % step == 0
    if not fps > 0:
        raise ValueError(f"fps must be positive, not {fps}")
    return _Ticks(fps)


class _Ticks:
    """True for the first frame at or after each tick k / fps; ticks that passed without a frame are skipped."""

    def __init__(self, fps: float) -> None:
        self.fps = fps
        self.next_tick: float = -np.inf

    def __call__(self, _index: int, time_s: float) -> bool:
        tick = time_s * self.fps + TICK_TOLERANCE
        if tick < self.next_tick:
            return False
        self.next_tick = np.floor(tick) + 1
        return True


@contextmanager
def _opened(path: Path, limits: MediaLimits) -> Iterator[tuple[Any, Any]]:
    """The container and its video stream, with FFmpeg's errors named."""
    media = sniff(path, limits)
    if media.kind != "video" or media.format not in limits.video_formats:
        raise BadMedia(f"The file is {media.format}, not a video.", code="unsupported_format", hint=ACCEPTED)
    refuse_cut_video(path, media.format)
    try:
        # The demuxer is the sniffed one and the protocol is a local file: a playlist dressed as mp4 opens nothing else.
        container = av.open(
            f"file:{path}",
            format=media.format,
            metadata_errors="replace",
            container_options={"protocol_whitelist": "file"},
        )
    except av.error.FFmpegError as error:
        raise BadMedia(f"The video cannot be opened ({error.strerror}).", code="corrupt", hint=RE_ENCODE) from error
    with container:
        stream = _video_stream(container)
        _refuse_large(stream, limits)
        yield container, stream


def _video_stream(container: Any) -> Any:
    """The first stream of moving pictures; the cover of a sound file is none."""
    for stream in container.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic:
            stream.thread_type = "AUTO"
            return stream
    raise BadMedia(
        "The file has no video stream, only sound or data.",
        code="no_video_stream",
        hint="Upload the camera's video file.",
    )


def _refuse_large(stream: Any, limits: MediaLimits) -> None:
    if stream.width * stream.height > limits.max_pixels:
        raise BadMedia(
            f"The video has {stream.width} x {stream.height} pixels a frame; the limit is {limits.max_pixels:,} pixels.",
            code="too_large",
            hint="Scale it down.",
        )


def _decoded(container: Any, stream: Any) -> Iterator[Any]:
    """Every frame of the stream; one that did not decode cleanly ends it with an error."""
    count, time_s = 0, 0.0
    try:
        for frame in container.decode(stream):
            if frame.is_corrupt:
                raise _damaged(count, time_s, "blocks of the picture are missing or damaged")
            yield frame
            count, time_s = count + 1, frame.time or time_s
    except av.error.FFmpegError as error:
        raise _damaged(count, time_s, str(error.strerror)) from error


def _timed(frames: Iterator[Any], stream: Any) -> Iterator[tuple[float, Any]]:
    """Frames with their time in s. A frame without one follows the last by the mean frame time; a clock that starts below zero
    is shifted to start at zero."""
    step = 1 / float(stream.average_rate or 25)
    last, origin = -step, None
    for frame in frames:
        time_s = float(frame.pts * frame.time_base) if frame.pts is not None else last + step
        if origin is None:
            origin = min(time_s, 0.0)
        last = time_s
        yield time_s - origin, frame


def _upright(frame: Any) -> Pixels:
    image = frame.to_ndarray(format="rgb24")
    return np.ascontiguousarray(np.rot90(image, _quarter_turns(frame)))


def _quarter_turns(frame: Any) -> int:
    """Counter-clockwise quarter turns from stored to upright, by the container's display matrix."""
    return int(round(frame.rotation / 90) % 4)


def _duration_s(container: Any, stream: Any) -> float | None:
    if stream.duration is not None:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else None


def _damaged(count: int, time_s: float, why: str) -> BadMedia:
    return BadMedia(
        f"The video is damaged: {count} frames decode, up to {time_s:.3f} s, then {why}.",
        code="corrupt",
        hint=RE_ENCODE,
    )


def _no_frames() -> BadMedia:
    return BadMedia("The video holds no frame that decodes.", code="corrupt", hint=RE_ENCODE)
