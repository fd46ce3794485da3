"""COCO annotations on disk while a file is read: they come in any order, and are wanted picture by picture.

Fixed rows in a temporary file, 73 bytes a box; in memory is the picture of each box, 4 bytes,
and their order, where the file has none. So 18 M boxes are read in some hundred megabytes.
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
READ = 65_536  # rows at once
INT32 = np.iinfo(np.int32)


class Spool:
    """Rows by picture. Add pieces, then read once, in the order of `images`."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="headway-spool-")  # noqa: SIM115 - lives as long as the spool
        self._images: list[NDArray[Any]] = []
        self._rows = 0
        self._rising, self._last_id = True, NONE  # ids that rise, as tools write them, need no second look

    def add(self, rows: NDArray[Any]) -> None:
        rows.tofile(self._file)
        self._images.append(_narrow(rows["image"]))
        self._rows += len(rows)
        ids = np.concatenate([[self._last_id], rows["id"][rows["id"] != NONE]])
        self._rising &= bool((ids[1:] > ids[:-1]).all())
        self._last_id = int(ids[-1])

    def repeated_ids(self) -> set[int]:
        """Annotation ids that occur more than once."""
        if self._rising:
            return set()
        ids = np.empty(self._rows, np.int64)
        for start in range(0, self._rows, READ):
            ids[start : start + READ] = self._read(start, READ)["id"]
        ids.sort()
        again = ids[1:][ids[1:] == ids[:-1]]
        return set(again[again != NONE].tolist())

    def unknown_images(self, known: Sequence[int]) -> Iterator[tuple[int, int]]:
        """(annotation id, image id) of the rows whose picture the file does not hold."""
        there, start = np.sort(np.asarray(known, np.int64)), 0
        for images in self._images:
            strange = np.flatnonzero(~_among(images, there))
            rows = self._read(start, len(images))[strange] if strange.size else ()
            yield from ((int(row["id"]), int(row["image"])) for row in rows)
            start += len(images)

    def by_image(self, images: Sequence[int]) -> Iterator[NDArray[Any]]:
        """The rows of each picture, in the order of the file."""
        owners = np.concatenate(self._images) if self._images else np.empty(0, np.int64)
        self._images = []
        if not owners.size:
            yield from (np.empty(0, ROW) for _ in images)
            return
        order = None if (owners[1:] >= owners[:-1]).all() else _narrow(np.argsort(owners, kind="stable"))
        owners = owners if order is None else owners[order]
        wanted = _narrow(np.asarray(images, np.int64))
        starts, ends = (np.searchsorted(owners, wanted, side) for side in ("left", "right"))
        del owners
        self._file.flush()
        mapped: np.memmap[Any, Any] = np.memmap(self._file, ROW, "r")
        rows = mapped.view(np.ndarray)  # cut a million times, and a piece of a memmap costs three of an array
        for number, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
            yield rows[start:end] if order is None else rows[order[start:end]]
            if number % GROUP == GROUP - 1:
                mapped._mmap.madvise(mmap.MADV_DONTNEED)  # type: ignore[attr-defined]  # what was read needs no memory

    def _read(self, start: int, count: int) -> NDArray[Any]:
        self._file.seek(start * ROW.itemsize)
        return np.fromfile(self._file, ROW, min(count, self._rows - start))


def _narrow(numbers: NDArray[np.int64]) -> NDArray[Any]:
    """In 32 bits where they fit, as nearly all do: half the memory."""
    fits = not numbers.size or (INT32.min <= numbers.min() and numbers.max() <= INT32.max)
    return numbers.astype(np.int32 if fits else np.int64)


def _among(numbers: NDArray[Any], known: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of them are known; `known` is sorted, else each piece would sort it anew."""
    if not known.size:
        return np.zeros(len(numbers), bool)
    places = np.minimum(np.searchsorted(known, numbers), len(known) - 1)
    return np.asarray(known[places] == numbers)
