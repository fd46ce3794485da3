"""Pairs of pictures that look alike, found among a million by the bits of their perceptual hashes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

BITS = 64
MAX_DISTANCE = (
    3  # of 64 bits: recompressed, scaled or brightened, a picture stays within it; others differ in about half
)


def near_pairs(
    hashes: NDArray[np.uint64], max_distance: int = MAX_DISTANCE
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Positions (i, j) of every two hashes at most `max_distance` bits apart, in blocks. A pair may come more than once.

    Two such hashes agree in one of max_distance + 1 bands of bits at least, so only hashes that share a band are compared: for a million
    hashes that is some tens of millions of comparisons in place of 5e11.

    Args:
        hashes: (N,), each once; equal ones are the caller's to fold.
    """
    edges = np.linspace(0, BITS, max_distance + 2).astype(int)
    for low, high in pairwise(edges):
        keys = (hashes >> np.uint64(low)) & np.uint64(2 ** int(high - low) - 1)
        order = np.argsort(keys, kind="stable")
        yield from _within_buckets(hashes, keys[order], order, max_distance)


def _within_buckets(
    hashes: NDArray[np.uint64], keys: NDArray[np.uint64], order: NDArray[np.int64], max_distance: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Each with the next in its bucket, then with the next but one, until no bucket is that long."""
    alive = np.arange(len(keys))
    for offset in range(1, len(keys)):
        alive = alive[alive + offset < len(keys)]
        alive = alive[keys[alive] == keys[alive + offset]]
        if not len(alive):
            return
        i, j = order[alive], order[alive + offset]
        near = np.bitwise_count(hashes[i] ^ hashes[j]) <= max_distance
        if near.any():
            yield i[near], j[near]
