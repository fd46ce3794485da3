"""Near-duplicate frames of a version: none straddles two splits, and the report says what that cost and how much repeats within a split."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.data.near_duplicates import MAX_DISTANCE, near_pairs
from webapp.datasets.manifest import version_frames
from webapp.datasets.models import VersionDrive
from webapp.datasets.splits import PRECEDENCE
from webapp.footage.models import Frame

EXAMPLES = 20


@dataclass(frozen=True)
class Near:
    """Frames to leave out of a version, and the report that is kept with it."""

    left_out: frozenset[int]
    report: dict[str, Any]


def near_of(places: Sequence[VersionDrive]) -> Near:
    """Of each picture that is in several splits, all but those of the first by precedence are left out: what is measured on stays whole."""
    ids, hashes, ranks = _frames(places)
    if not len(ids):
        return Near(frozenset(), {"max_distance": MAX_DISTANCE, "left_out": {}, "within": {}, "examples": []})
    unique, folded = np.unique(hashes, return_inverse=True)
    counts = np.zeros((len(unique), len(PRECEDENCE)), dtype=np.int64)
    np.add.at(counts, (folded, ranks), 1)
    first = np.where(counts.any(axis=1), (counts > 0).argmax(axis=1), len(PRECEDENCE))
    beside = np.zeros_like(counts, dtype=bool)
    lowest, twin = first.copy(), np.arange(len(unique))
    for i, j in near_pairs(unique):
        for a, b in ((i, j), (j, i)):
            np.logical_or.at(beside, a, counts[b] > 0)
            better = first[b] < lowest[a]
            lowest[a[better]], twin[a[better]] = first[b[better]], b[better]
    out = ranks > lowest[folded]
    within = (counts * ((counts > 1) | ((counts > 0) & beside))).sum(axis=0)
    report = {
        "max_distance": MAX_DISTANCE,
        "left_out": {split: int(n) for rank, split in enumerate(PRECEDENCE) if (n := (out & (ranks == rank)).sum())},
        "within": {split: int(n) for split, n in zip(PRECEDENCE, within, strict=True) if n},
        "examples": _examples(ids, folded, ranks, np.flatnonzero(out), twin, lowest),
    }
    return Near(frozenset(ids[out].tolist()), report)


def _frames(places: Sequence[VersionDrive]) -> tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.int64]]:
    """(ids, hashes, ranks of their splits) of every frame, 20 bytes each."""
    rows = [
        np.fromiter(
            version_frames(place).order_by("id").values_list("id", "phash").iterator(chunk_size=10_000),
            dtype=[("id", np.int64), ("phash", np.int64)],
        )
        for place in places
    ]
    ranks = np.repeat([PRECEDENCE.index(place.split) for place in places], [len(part) for part in rows])
    together = np.concatenate(rows) if rows else np.empty(0, dtype=[("id", np.int64), ("phash", np.int64)])
    return together["id"], together["phash"].view(np.uint64), ranks.astype(np.int64)


def _examples(
    ids: NDArray[np.int64],
    folded: NDArray[np.int64],
    ranks: NDArray[np.int64],
    out: NDArray[np.int64],
    twin: NDArray[np.int64],
    lowest: NDArray[np.int64],
) -> list[dict[str, Any]]:
    """Some frames that were left out, each beside the one that stayed."""
    pairs = []
    for position in out[:EXAMPLES]:
        hash_ = folded[position]
        kept = np.flatnonzero((folded == twin[hash_]) & (ranks == lowest[hash_]))[0]
        pairs.append((int(ids[position]), int(ids[kept]), PRECEDENCE[ranks[position]], PRECEDENCE[ranks[kept]]))
    named = Frame.objects.select_related("drive").in_bulk({id for pair in pairs for id in pair[:2]})
    return [
        {
            "frame": a,
            "name": _name(named[a]),
            "split": split,
            "kept": b,
            "kept_name": _name(named[b]),
            "kept_split": other,
        }
        for a, b, split, other in pairs
    ]


def _name(frame: Frame) -> str:
    return f"{frame.drive.name}/{frame.name}"
