"""Clips made on the spot, with every frame telling its own number."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest


@pytest.fixture
def clip(tmp_path: Path) -> Callable[..., Path]:
    """Write a video of 64 x 48 frames; frame k is shown at `times_ms[k]`, its left half dark and its right half bright."""

    def build(
        times_ms: Sequence[int] = tuple(range(0, 1000, 40)),
        *,
        name: str = "clip.mp4",
        codec: str = "mpeg4",
        rotation: int = 0,
        options: dict[str, str] | None = None,
    ) -> Path:
        path = tmp_path / name
        with av.open(str(path), "w", options=options or {}) as container:
            stream = container.add_stream(codec, rate=1000)
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p" if codec == "mjpeg" else "yuv420p"
            stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
            if rotation:
                stream.set_display_rotation(rotation)
            for number, time_ms in enumerate(times_ms):
                frame = av.VideoFrame.from_ndarray(halves(number), format="rgb24")
                frame.pts, frame.time_base = time_ms, Fraction(1, 1000)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return path

    return build


def halves(number: int) -> np.ndarray:
    picture = np.full((48, 64, 3), 10, dtype=np.uint8)
    picture[:, 32:] = 100 + 5 * (number % 30)
    return picture
