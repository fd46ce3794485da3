"""What came, went and changed between two frozen versions: frames by their content, boxes within them."""

import tempfile
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ml.boxes import iou_matrix, xywh_to_xyxy
from webapp.core import storage
from webapp.core.errors import DomainError
from webapp.datasets.manifest import said
from webapp.datasets.models import DatasetVersion

COLUMNS = ("file_name", "sha256", "split", "boxes", "boxes_sha256")
KINDS = ("came", "went", "changed", "moved")
SAME_OBJECT_IOU = 0.5  # a box of another shape or category at this overlap is the same object, changed


@dataclass(frozen=True, slots=True)
class FrameRow:
    """A frame of a manifest, and where its boxes begin in the box table."""

    name: str
    sha256: str
    split: str
    boxes: int
    boxes_sha256: str
    first: int


def comparison(old: DatasetVersion, new: DatasetVersion) -> dict[str, Any]:
    """Counts of frames and boxes, by kind; `moved` frames went to another split."""
    counts = {
        "frames": dict.fromkeys((*KINDS, "same"), 0),
        "boxes": dict.fromkeys(("came", "went", "changed", "same"), 0),
    }
    with _Boxes(old) as before, _Boxes(new) as after:
        for kinds, a, b in _pairs(old, new):
            for kind in kinds or ("same",):
                counts["frames"][kind] += 1
            for kind, count in _box_changes(before, a, after, b).items():
                counts["boxes"][kind] += count
    return counts


def changed_frames(
    old: DatasetVersion, new: DatasetVersion, kind: str, *, start: int, size: int
) -> list[dict[str, Any]]:
    """`size` frames of that kind from the `start`-th on, each with its boxes that came, went and changed."""
    found: list[dict[str, Any]] = []
    number = -1
    with _Boxes(old) as before, _Boxes(new) as after:
        for kinds, a, b in _pairs(old, new):
            if kind not in kinds:
                continue
            number += 1
            if number >= start + size:
                break
            if number >= start:
                found.append(_shown(a, b) | {"boxes": _box_changes(before, a, after, b)})
    return found


def _shown(a: FrameRow | None, b: FrameRow | None) -> dict[str, Any]:
    either = b or a
    assert either is not None
    return {
        "name": either.name,
        "sha256": either.sha256,
        "split_before": a.split if a else None,
        "split_after": b.split if b else None,
    }


def _pairs(
    old: DatasetVersion, new: DatasetVersion
) -> Iterator[tuple[tuple[str, ...], FrameRow | None, FrameRow | None]]:
    """(kinds, before, after) of every frame: those of the new version in its order, then those that went."""
    before = {(row.sha256, row.name): row for row in _frames(old)}
    for row in _frames(new):
        was = before.pop((row.sha256, row.name), None)
        if was is None:
            yield ("came",), None, row
        else:
            changed = ("changed",) if was.boxes_sha256 != row.boxes_sha256 else ()
            yield (*changed, *(("moved",) if was.split != row.split else ())), was, row
    for row in before.values():
        yield ("went",), row, None


def _frames(version: DatasetVersion) -> Iterator[FrameRow]:
    with (
        tempfile.TemporaryDirectory() as folder,
        pq.ParquetFile(storage.materialised(version.frames_key, Path(folder))) as file,
    ):
        if "boxes_sha256" not in file.schema_arrow.names:
            why = f"{version} was frozen before versions kept what a comparison needs. Freeze it again to compare."
            raise DomainError("not_comparable", why, status=409)
        first = 0
        for batch in file.iter_batches(columns=list(COLUMNS), use_threads=False):
            columns = (batch.column(name).to_pylist() for name in COLUMNS)
            for name, sha256, split, boxes, digest in zip(*columns, strict=True):
                yield FrameRow(name, sha256, split, boxes, digest, first)
                first += boxes


def _box_changes(before: "_Boxes", a: FrameRow | None, after: "_Boxes", b: FrameRow | None) -> dict[str, int]:
    """Boxes of one frame that came, went, changed and stayed. Boxes are read only where the frame's digest differs."""
    if a is None or b is None:
        return {"came": b.boxes if b else 0, "went": a.boxes if a else 0, "changed": 0, "same": 0}
    if a.boxes_sha256 == b.boxes_sha256:
        return {"came": 0, "went": 0, "changed": 0, "same": a.boxes}
    gone, come = before.of(a), after.of(b)
    same = [row for row in gone if row in come]
    for row in same:
        if row in come:
            come.remove(row)
            gone.remove(row)
    changed = _matched(gone, come)
    kept = a.boxes - len(gone)
    return {"came": len(come) - changed, "went": len(gone) - changed, "changed": changed, "same": kept}


def _matched(gone: list[dict[str, Any]], come: list[dict[str, Any]]) -> int:
    """How many can be paired off as the same object, the best overlap first."""
    if not gone or not come:
        return 0
    overlaps = iou_matrix(xywh_to_xyxy([_box(row) for row in gone]), xywh_to_xyxy([_box(row) for row in come]))
    count = 0
    while overlaps.max() >= SAME_OBJECT_IOU:
        i, j = np.unravel_index(overlaps.argmax(), overlaps.shape)
        overlaps[i, :], overlaps[:, j] = 0.0, 0.0
        count += 1
    return count


def _box(row: dict[str, Any]) -> list[float]:
    return [row["x"], row["y"], row["width"], row["height"]]


class _Boxes:
    """A version's box table, read row group by row group as the frames ask for it."""

    def __init__(self, version: DatasetVersion) -> None:
        self._version, self._names = version, [category["name"] for category in version.categories]

    def __enter__(self) -> "_Boxes":
        self._folder = tempfile.TemporaryDirectory()
        self._file = pq.ParquetFile(storage.materialised(self._version.boxes_key, Path(self._folder.name)))
        sizes = [self._file.metadata.row_group(i).num_rows for i in range(self._file.num_row_groups)]
        self._ends = list(accumulate(sizes))
        self._held: dict[int, pa.Table] = {}
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._folder.cleanup()

    def of(self, frame: FrameRow) -> list[dict[str, Any]]:
        """Its boxes by what they say; a batch of frames is written as one row group, so a frame is in one."""
        if not frame.boxes:
            return []
        group = bisect_right(self._ends, frame.first)
        start = self._ends[group - 1] if group else 0
        if group not in self._held:
            if len(self._held) > 3:
                self._held.clear()
            self._held[group] = self._file.read_row_group(group)
        rows = self._held[group].slice(frame.first - start, frame.boxes).to_pylist()
        return [said(row, self._names) for row in rows]
