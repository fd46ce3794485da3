"""Content hashes: sha256 for the same bytes, a perceptual hash for the same picture."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.data.images import Pixels, as_image

SIDE = 32  # the picture is judged at 32 x 32
KEPT = 8  # by its 8 x 8 lowest frequencies


def sha256_file(path: Path) -> str:
    """Hex digest of a file's bytes, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def perceptual_hash(image: Image.Image | Pixels) -> int:
    """64-bit hash of the low frequencies of a picture; signed, so that a database's bigint holds it.

    Scaling, recompression and brightness change a few bits at most, another picture about half of them: compare by `hamming`.
    Source: the DCT hash of Zauner, "Implementation and benchmarking of perceptual image hash functions", 2010.
    """
    picture = as_image(image).convert("L").resize((SIDE, SIDE), Image.Resampling.BOX, reducing_gap=2.0)
    grey = np.asarray(picture, dtype=np.float64)
    # Rounded, so that a plain picture has coefficients of exactly zero and not the noise of the sums.
    low = (_cosines() @ grey @ _cosines().T).ravel().round(3)  # (64,)
    # The first coefficient is the mean brightness and says nothing about the picture.
    bits = low > np.median(low[1:])
    bits[0] = False
    return int.from_bytes(np.packbits(bits).tobytes(), "big", signed=True)


def hamming(a: int, b: int) -> int:
    """How many of the 64 bits differ, 0 to 64."""
    return ((a ^ b) & (2**64 - 1)).bit_count()


@cache
def _cosines() -> NDArray[np.float64]:
    """The first rows of the DCT-II matrix, (8, 32)."""
    frequency, sample = np.arange(KEPT)[:, None], np.arange(SIDE)[None, :]
    return np.cos(np.pi * frequency * (2 * sample + 1) / (2 * SIDE))
