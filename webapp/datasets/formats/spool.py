"""COCO annotations on disk while a file is read: they come in any order, and are wanted picture by picture.

Fixed rows in a temporary file, 73 bytes a box; only ids and order, some 24 bytes a box, is in memory, so that 18 M boxes are read in some hundred megabytes.
"""

import mmap
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROW = np.dtype(
    [
        *((name, "i8") for name in ("id", "image", "category", "track")),
        *((name, "f8") for name in ("x", "y", "width", "height", "score")),
        ("flags", "u1"),
    ]
)
NONE = -(2**62)  # for a number that is not there
CROWD, OCCLUDED, TRUNCATED = 1, 2, 4
GROUP = 4096


class Spool:
    """Rows by picture. Add pieces, then read once, in the order of `images`."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="headway-spool-")  # noqa: SIM115 - lives as long as the spool
        self._images: list[NDArray[np.int64]] = []
        self._ids: list[NDArray[np.int64]] = []

    def add(self, rows: NDArray[Any]) -> None:
        rows.tofile(self._file)
        self._images.append(rows["image"].copy())
        self._ids.append(rows["id"].copy())

    def repeated_ids(self) -> set[int]:
        """Annotation ids that occur more than once."""
        ids = np.sort(_joined(self._ids))
        ids = ids[ids != NONE]
        return set(ids[1:][ids[1:] == ids[:-1]].tolist())

    def unknown_images(self, known: Sequence[int]) -> Iterator[tuple[int, int]]:
        """(annotation id, image id) of the rows whose picture the file does not hold."""
        images, ids = _joined(self._images), _joined(self._ids)
        for place in np.flatnonzero(~np.isin(images, np.asarray(known, np.int64))).tolist():
            yield int(ids[place]), int(images[place])

    def by_image(self, images: Sequence[int]) -> Iterator[NDArray[Any]]:
        """The rows of each picture, in the order of the file."""
        owners = _joined(self._images)
        order = np.argsort(owners, kind="stable")
        owners = owners[order]
        starts, ends = (np.searchsorted(owners, np.asarray(images, np.int64), side) for side in ("left", "right"))
        del owners
        self._file.flush()
        if not order.size:
            yield from (np.empty(0, ROW) for _ in images)
            return
        rows: np.memmap[Any, Any] = np.memmap(self._file, ROW, "r")
        for number, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
            yield np.array(rows[order[start:end]])
            if number % GROUP == GROUP - 1:
                rows._mmap.madvise(mmap.MADV_DONTNEED)  # type: ignore[attr-defined]  # what was read needs no memory


def _joined(pieces: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate(pieces) if pieces else np.empty(0, np.int64)
