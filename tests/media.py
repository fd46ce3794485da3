"""Small videos made on the spot."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

Picture = np.ndarray
WIDTH, HEIGHT = 128, 96


def write_video(path: Path, pictures: Iterable[Picture], *, fps: int = 25) -> Path:
    """An mp4 of (H, W, 3) uint8 RGB pictures."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=fps)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.bit_rate = 4_000_000
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def passing_car(count: int) -> list[Picture]:
    """A bright block that crosses a dark road, a little further with every picture."""
    pictures = []
    for number in range(count):
        picture = np.full((HEIGHT, WIDTH, 3), 30, dtype=np.uint8)
        left = 4 + 80 * number // count
        picture[48:72, left : left + 32] = 220
        pictures.append(picture)
    return pictures
