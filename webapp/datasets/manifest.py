"""A version's manifest: two Parquet tables and one digest over their content. Later edits of labels change nothing here.

Frames are ordered by drive name, clip name and then as filmed, boxes by frame and then by their own values; row numbers are the ids of every
export. The digest knows no database ids, so the same labels give the same digest in another database.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db.models import QuerySet
from numpy.typing import NDArray

from webapp.datasets.models import DatasetVersion, VersionDrive
from webapp.datasets.splits import GDDA, TRAIN_PSEUDO, members_of
from webapp.explore.slices import in_question
from webapp.footage.models import Frame
from webapp.labels.models import Box
from webapp.labels.selectors import desk_boxes

BATCH = 500
BATCH_ROWS = 4096
FRAMES = pa.schema(
    [
        ("file_name", pa.string()),
        ("drive", pa.string()),
        ("split", pa.string()),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("time_ms", pa.float64()),
        ("sha256", pa.string()),
        ("audited", pa.bool_()),
        ("boxes", pa.int32()),  # how many rows of the box table are its own, one after the other
        ("boxes_sha256", pa.string()),  # over them: two versions are compared by it
        ("image_key", pa.string()),
    ]
)
BOXES = pa.schema(
    [
        ("frame", pa.int64()),  # row of the frame table, from 0
        ("split", pa.string()),
        ("category", pa.int32()),  # position in the version's categories; -1 for a region to ignore
        *((name, pa.float64()) for name in ("x", "y", "width", "height", "score", "risk", "severity")),
        ("source", pa.string()),
        ("state", pa.string()),
        ("track", pa.int32()),
        *((name, pa.bool_()) for name in ("audited", "occluded", "truncated", "crowd", "cipo")),
    ]
)
NOT_SAID = ("frame", "split", "audited", "risk", "severity")
FLAGS = ("occluded", "truncated", "crowd", "cipo")


class ManifestWriter:
    """Writes both tables in one pass and keeps the digest and the counts."""

    def __init__(self, folder: Path, categories: list[dict[str, Any]]) -> None:
        self.frames_path, self.boxes_path = folder / "frames.parquet", folder / "boxes.parquet"
        self._frames = pq.ParquetWriter(self.frames_path, FRAMES, compression="zstd")
        self._boxes = pq.ParquetWriter(self.boxes_path, BOXES, compression="zstd")
        self._digest = hashlib.sha256(_canonical(categories))
        self._names = [category["name"] for category in categories]
        self._indices = {category["name"]: index for index, category in enumerate(categories)}
        self.frame_count = self.box_count = 0
        self.splits: dict[str, dict[str, Any]] = {}

    def add(self, place: VersionDrive, frames: list[Frame], folder: str) -> None:
        """A batch of one drive's frames, in order, with the boxes that belong into the version. `folder` is the stills' in exports."""
        boxes: dict[int, list[Box]] = {frame.id: [] for frame in frames}
        for box in version_boxes(list(boxes), include_unaudited=takes_unaudited(place)):
            boxes[box.frame_id].append(box)
        frame_rows, box_rows = [], []
        for frame in frames:
            audited = frame.state == Frame.State.AUDITED
            rows = [self._box_row(box, place.split, audited=audited and not box.unseen) for box in boxes[frame.id]]
            rows.sort(key=_canonical)
            box_rows += rows
            frame_rows.append(self._frame_row(frame, place, folder, audited=audited) | _fingerprint(rows, self._names))
            self.frame_count += 1
        for rows, writer, schema in ((frame_rows, self._frames, FRAMES), (box_rows, self._boxes, BOXES)):
            if rows:
                writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            for row in rows:
                self._digest.update(_canonical({k: v for k, v in row.items() if k != "image_key"}))
        self.box_count += len(box_rows)
        self._count(place, frame_rows, box_rows)

    def close(self) -> str:
        """The digest over categories, frames and boxes."""
        self._frames.close()
        self._boxes.close()
        return self._digest.hexdigest()

    def _frame_row(self, frame: Frame, place: VersionDrive, folder: str, *, audited: bool) -> dict[str, Any]:
        return {
            "file_name": f"{folder}/{frame.name}",
            "drive": place.drive.name,
            "split": place.split,
            "width": frame.width,
            "height": frame.height,
            "time_ms": frame.time_ms,
            "sha256": frame.sha256,
            "audited": audited,
            "image_key": frame.image_key,
        }

    def _box_row(self, box: Box, split: str, *, audited: bool) -> dict[str, Any]:
        return {
            "frame": self.frame_count,
            "split": split,
            "category": self._indices[box.category.name] if box.category else -1,
            **{
                name: getattr(box, name)
                for name in ("x", "y", "width", "height", "score", "risk", "severity", "source", "state")
            },
            "track": box.track.number if box.track else None,
            "audited": audited,
            **{name: getattr(box, name) for name in FLAGS},
        }

    def _count(self, place: VersionDrive, frames: list[dict[str, Any]], boxes: list[dict[str, Any]]) -> None:
        split = self.splits.setdefault(
            place.split, {"drives": [], "frames": 0, "boxes": 0, "by_category": {}, "by_source": {}, "by_state": {}}
        )
        if place.drive.name not in split["drives"]:
            split["drives"].append(place.drive.name)
        split["frames"] += len(frames)
        split["boxes"] += len(boxes)
        for row in boxes:
            name = self._names[row["category"]] if row["category"] >= 0 else "(ignore)"
            for key, value in (("by_category", name), ("by_source", row["source"]), ("by_state", row["state"])):
                split[key][value] = split[key].get(value, 0) + 1


def takes_unaudited(place: VersionDrive) -> bool:
    """Whether labels that nobody has looked at go in: into TrainPseudo always, into TrainGT and Test never, else as the version says."""
    return place.split == TRAIN_PSEUDO or (place.version.include_unaudited and place.split not in GDDA)


def version_frames(place: VersionDrive) -> QuerySet[Frame]:
    """The drive's frames that belong into the version. TrainPseudo takes what a model has labelled and nobody has audited."""
    whole = Frame.objects.filter(drive=place.drive)
    frames = in_question(whole, place.version.dataset.workspace, place.version.asked)
    if place.split == TRAIN_PSEUDO:
        return frames.exclude(state__in=[Frame.State.EXCLUDED, Frame.State.AUDITED, Frame.State.NEW])
    if not takes_unaudited(place):
        return frames.filter(state=Frame.State.AUDITED)
    return frames.exclude(state=Frame.State.EXCLUDED)


def version_boxes(frame_ids: list[int], *, include_unaudited: bool) -> QuerySet[Box]:
    """Accepted and edited boxes; pre-labels that nobody has looked at only when they are asked for. Never rejected ones or candidates."""
    states = [Box.State.ACCEPTED, Box.State.EDITED, *([Box.State.PENDING] if include_unaudited else [])]
    return desk_boxes(frame_ids).filter(state__in=states).select_related("category", "track")


def read_batches(path: Path, split: str | None) -> Iterator[tuple[NDArray[np.int64], pa.RecordBatch]]:
    """(row numbers, rows) of a manifest table, a few thousand rows in memory at a time."""
    first = 0
    for batch in _batches(path):
        numbers = np.arange(first, first + batch.num_rows)
        first += batch.num_rows
        if split is not None:
            kept = pc.is_in(batch.column("split"), value_set=pa.array(members_of(split)))
            numbers, batch = numbers[kept.to_numpy(zero_copy_only=False)], batch.filter(kept)
        if batch.num_rows:
            yield numbers, batch


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    """Row group by row group: a reader of all of them keeps what it has read, 94 MB more at 1.2 M boxes."""
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            yield from file.iter_batches(batch_size=BATCH_ROWS, row_groups=[group], use_threads=False)


def read_rows(path: Path, split: str | None) -> Iterator[tuple[int, dict[str, Any]]]:
    """(row number, row) of a manifest table."""
    for numbers, batch in read_batches(path, split):
        yield from zip(numbers.tolist(), batch.to_pylist(), strict=True)


def said(box: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """What a label says, wherever in whatever version it is and however sure we are of it."""
    category = names[box["category"]] if box["category"] >= 0 else None
    return {name: value for name, value in box.items() if name not in NOT_SAID} | {"category": category}


def _fingerprint(boxes: list[dict[str, Any]], names: list[str]) -> dict[str, Any]:
    """Of a frame's boxes by what they say: where it is the same in two versions, so are the labels."""
    digest = hashlib.sha256()
    for row in sorted(_canonical(said(box, names)) for box in boxes):
        digest.update(row)
    return {"boxes": len(boxes), "boxes_sha256": digest.hexdigest()}


def _canonical(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def categories_of(version: DatasetVersion) -> list[dict[str, Any]]:
    """The taxonomy as the version keeps it."""
    return [
        {"name": c.name, "phrase": c.phrase, "group": c.group}
        for c in version.dataset.taxonomy.categories.order_by("index")
    ]
