"""The bytes of a version's COCO file. Streamed; ids are rows of the manifest, from 1."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from webapp.core import storage
from webapp.datasets.manifest import read_rows
from webapp.datasets.models import DatasetVersion

CHUNK = 2**16
EXTRA = ("risk", "severity", "audited", "source", "state", "score", "occluded", "truncated", "cipo")


def stream(version: DatasetVersion, split: str | None) -> Iterator[bytes]:
    """The file in pieces of some 64 kB; its bytes depend on the version and the split alone."""
    return _buffered(_pieces(version, split))


def _pieces(version: DatasetVersion, split: str | None) -> Iterator[bytes]:
    categories = [
        {"id": index, "name": category["name"], "supercategory": category["group"]}
        for index, category in enumerate(version.categories, 1)
    ]
    info = {"description": str(version), "version": str(version.number), "digest": version.digest, "split": split}
    yield b'{"info":' + orjson.dumps(info) + b',"licenses":[],"categories":' + orjson.dumps(categories)
    with tempfile.TemporaryDirectory() as folder:
        frames = storage.materialised(version.frames_key, Path(folder))
        boxes = storage.materialised(version.boxes_key, Path(folder))
        yield b',"images":['
        yield from _joined(orjson.dumps(_image(number, row)) for number, row in read_rows(frames, split))
        yield b'],"annotations":['
        yield from _joined(orjson.dumps(annotation) for annotation in _annotations(version, boxes, split))
    yield b"]}\n"


def _image(number: int, row: dict[str, Any]) -> dict[str, Any]:
    names = ("file_name", "width", "height", "drive", "split", "time_ms", "sha256", "audited")
    return {"id": number + 1, **{name: row[name] for name in names}}


def _annotations(version: DatasetVersion, boxes: Path, split: str | None) -> Iterator[dict[str, Any]]:
    """Boxes by row; then the regions to ignore, one crowd annotation for each category, with ids after all rows."""
    for number, row in read_rows(boxes, split):
        if row["category"] >= 0:
            yield _annotation(number + 1, row, row["category"] + 1)
    total, count = version.summary["boxes"], len(version.categories)
    for number, row in read_rows(boxes, split):
        if row["category"] < 0:
            for category in range(count):
                yield _annotation(total + number * count + category + 1, row, category + 1)


def _annotation(id: int, row: dict[str, Any], category_id: int) -> dict[str, Any]:
    return {
        "id": id,
        "image_id": row["frame"] + 1,
        "category_id": category_id,
        "bbox": [row["x"], row["y"], row["width"], row["height"]],
        "area": row["width"] * row["height"],
        "iscrowd": int(row["crowd"]),
        "track_id": row["track"],
        **{name: row[name] for name in EXTRA},
    }


def _joined(items: Iterator[bytes]) -> Iterator[bytes]:
    for position, item in enumerate(items):
        yield b",\n" + item if position else b"\n" + item


def _buffered(pieces: Iterator[bytes]) -> Iterator[bytes]:
    buffer = bytearray()
    for piece in pieces:
        buffer += piece
        if len(buffer) >= CHUNK:
            yield bytes(buffer)
            buffer.clear()
    yield bytes(buffer)
