"""4:2:0 pictures as a camera's image processor gives them (NV12), to RGB and back. Full range BT.601, which the vendor's converter calls `regular`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

# Rows: Y, Cb, Cr of R, G, B.
FROM_RGB = np.array([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], np.float32)
MIDDLE = 128.0


def nv12_of(frame: Pixels) -> Pixels:
    """(H, W, 3) RGB of even sides to (H * 3 / 2, W): luma, then rows of Cb and Cr by turns, each the mean of 2 x 2 px."""
    rows, columns = frame.shape[:2]
    if rows % 2 or columns % 2:
        raise ValueError(f"4:2:0 needs even sides, not {columns}x{rows}.")
    planes = frame.astype(np.float32) @ FROM_RGB.T  # (H, W, 3)
    chroma = planes[..., 1:].reshape(rows // 2, 2, columns // 2, 2, 2).mean((1, 3)) + MIDDLE
    luma = _bytes(planes[..., 0])
    return np.concatenate([luma, _bytes(chroma).reshape(rows // 2, columns)])


def rgb_of(nv12: Pixels) -> Pixels:
    """Back, each chroma sample over its 2 x 2 px."""
    rows, columns = nv12.shape[0] * 2 // 3, nv12.shape[1]
    if nv12.shape[0] % 3 or rows % 2 or columns % 2:
        raise ValueError(f"{nv12.shape[1]}x{nv12.shape[0]} bytes are no NV12 picture.")
    chroma = nv12[rows:].reshape(rows // 2, columns // 2, 2).astype(np.float32) - MIDDLE
    whole = chroma.repeat(2, 0).repeat(2, 1)
    planes = np.concatenate([nv12[:rows, :, None].astype(np.float32), whole], 2)
    return _bytes(planes @ np.linalg.inv(FROM_RGB).T.astype(np.float32))


def _bytes(values: NDArray[np.float32]) -> Pixels:
    return values.round().clip(0, 255).astype(np.uint8)
