"""A COCO file as read: pictures and categories by id, boxes on disk. A piece of a thousand annotations is checked as columns, not one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from struct import Struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.data.json_records import iter_records
from ml.errors import BadAnnotations
from webapp.datasets.formats.spool import CROWD, NONE, OCCLUDED, ROW, TRUNCATED, Spool

LISTS = ("images", "annotations", "categories")
SIDES = ("x", "y", "width", "height")
Picture = tuple[str, int, int, float]
BREAKS = (TypeError, ValueError, KeyError, AttributeError, OverflowError)  # what a record that is no annotation raises


@dataclass(slots=True)
class Document:
    """A COCO file as far as it is kept in memory: pictures and categories by id; the boxes are in the spool."""

    file: Path
    problems: list[str]
    lists: Sequence[str] = LISTS
    skips: Sequence[str] = ()
    images: "Pictures" = field(default_factory=lambda: Pictures())
    categories: dict[int, str] = field(default_factory=dict)
    spool: Spool = field(default_factory=Spool)

    def parsed(self) -> "Document":
        missing = set(self.lists)
        for key, first, records in iter_records(self.file):
            missing.discard(key)
            if key in self.skips:
                continue
            if key == "images":
                self._each(first, records, "image", self.images, _image_of)
            elif key == "categories":
                self._each(first, records, "category", self.categories, _category_of)
            elif key == "annotations":
                self.add(first, records, "annotation")
            elif key == "":
                raise BadAnnotations(
                    f"{self.file.name} is a list: COCO results, perhaps. COCO is an object with lists."
                )
        if missing:
            raise BadAnnotations(f"{self.file.name}: the lists {', '.join(sorted(missing))} are missing.")
        return self

    def add(self, first: int, records: list[Any], kind: str) -> None:
        """Check a piece of the annotations and spool what is sound."""
        try:
            rows = _rows(records)
        except BREAKS:
            rows = self._one_by_one(first, records, kind)  # slower, and it knows which one it was
        good = _sound(rows)
        for row in rows[~good]:
            self.problems.append(f"{self._where(kind, row)} {_what_is_wrong(row)}")
        self.spool.add(rows[good])

    def _one_by_one(self, first: int, records: list[Any], kind: str) -> NDArray[Any]:
        rows = []
        for position, record in enumerate(records, first):
            try:
                rows.append(_rows([record]))
            except BREAKS as error:
                id = record.get("id") if isinstance(record, dict) else None
                where = f"{kind} {id}" if isinstance(id, int) else f"{kind} at position {position}"
                self.problems.append(f"{self.file.name}: {where} {_what_breaks(record, error)}")
        return np.concatenate(rows) if rows else np.empty(0, ROW)

    def _each(self, first: int, records: list[Any], kind: str, into: Any, read: Any) -> None:
        for position, record in enumerate(records, first):
            id = record.get("id") if isinstance(record, dict) else None
            if not isinstance(id, int) or isinstance(id, bool):
                self.problems.append(f"{self.file.name}: {kind} at position {position} has no integer id")
            elif id in into:
                self.problems.append(f"{self.file.name}: {kind} {id} occurs twice; the first one counts")
            elif isinstance(value := read(record), str) and kind == "image":
                self.problems.append(f"{self.file.name}: image {id} {value}")
            elif value is None:
                self.problems.append(f"{self.file.name}: {kind} {id} has no name")
            else:
                into[id] = value

    def _where(self, kind: str, row: Any) -> str:
        return f"{self.file.name}: {kind} {row['id'] if row['id'] != NONE else ''}".rstrip()


class Pictures:
    """Name, width, height and time of each picture by its id, in the order of the file; packed, as there may be millions: 160 bytes each and not 400."""

    SIZES = Struct("<qqd")

    def __init__(self) -> None:
        self._packed: dict[int, bytes] = {}

    def __contains__(self, id: int) -> bool:
        return id in self._packed

    def __iter__(self) -> Iterator[int]:
        return iter(self._packed)

    def __setitem__(self, id: int, picture: Picture) -> None:
        name, *sizes = picture
        self._packed[id] = self.SIZES.pack(*sizes) + name.encode(errors="surrogatepass")

    def items(self) -> Iterator[tuple[int, Picture]]:
        for id, packed in self._packed.items():
            width, height, time_ms = self.SIZES.unpack_from(packed)
            yield id, (packed[self.SIZES.size :].decode(errors="surrogatepass"), width, height, time_ms)


def _rows(records: list[Any]) -> NDArray[Any]:
    """Annotations as rows, whole columns at a time. Raises where one is no annotation at all."""
    rows = np.empty(len(records), ROW)
    rows["id"] = [record.get("id", NONE) for record in records]
    rows["image"] = [record["image_id"] for record in records]
    rows["category"] = [_or_none(record["category_id"]) for record in records]
    boxes = [record["bbox"] for record in records]
    if any(len(box) != len(SIDES) for box in boxes):
        raise ValueError("bbox")
    for side, column in zip(SIDES, np.array(boxes, np.float64).reshape(-1, len(SIDES)).T, strict=True):
        rows[side] = column
    rows["score"] = [np.nan if (score := record.get("score")) is None else score for record in records]
    rows["flags"] = [
        CROWD * bool(record.get("iscrowd"))
        | OCCLUDED * bool(record.get("occluded"))
        | TRUNCATED * bool(record.get("truncated"))
        for record in records
    ]
    rows["track"] = [_or_none(record.get("track_id")) for record in records]
    return rows


def _or_none(value: Any) -> int:
    if value is None:
        return NONE
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no integer")
    return value


def _sound(rows: NDArray[Any]) -> NDArray[np.bool_]:
    score = rows["score"]
    whole = (
        np.logical_and.reduce([np.isfinite(rows[side]) for side in SIDES]) & (rows["width"] > 0) & (rows["height"] > 0)
    )
    scored = np.isnan(score) | ((score >= 0) & (score <= 1))
    known = (rows["category"] != NONE) | ((rows["flags"] & CROWD) > 0)
    return np.asarray(whole & scored & known)


def _what_is_wrong(row: Any) -> str:
    box = [float(row[side]) for side in SIDES]
    if not np.isfinite(box).all():
        return f"has bbox {box}, not [x, y, width, height] in finite numbers"
    if min(box[2:]) <= 0:
        return f"has a bbox without area: {box}"
    if row["category"] == NONE and not row["flags"] & CROWD:
        return "has no category"
    return f"has score {row['score']}, which is not from 0 to 1"


def _what_breaks(record: Any, error: Exception) -> str:
    if not isinstance(record, dict):
        return "is no object"
    missing = [key for key in ("image_id", "category_id", "bbox") if key not in record]
    if missing:
        return f"has no {', '.join(missing)}"
    box = record["bbox"]
    if not isinstance(box, list) or len(box) != 4 or not all(isinstance(v, int | float) for v in box):
        return f"has bbox {str(box)[:100]}, not [x, y, width, height] in finite numbers"
    return f"has a value of the wrong kind: {error}"


def _image_of(record: dict[str, Any]) -> Picture | str:
    name, width, height = (record.get(key) for key in ("file_name", "width", "height"))
    if not isinstance(name, str) or not name:
        return "has no file_name"
    for key, value in (("width", width), ("height", height)):
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
            return f"has {key} {value!r}, not a positive integer"
    time_ms = record.get("time_ms")
    return name, width, height, float(time_ms) if isinstance(time_ms, int | float) else 0.0  # type: ignore[return-value]  # checked above


def _category_of(record: dict[str, Any]) -> str | None:
    name = record.get("name")
    return name if isinstance(name, str) and name else None
