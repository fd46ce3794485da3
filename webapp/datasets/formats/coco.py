"""COCO detection: `images`, `annotations`, `categories` in one JSON. Streamed out; ids are rows of the manifest, from 1."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from ml.coco import validate
from ml.errors import BadAnnotations
from webapp.core import storage
from webapp.datasets.formats.labelled import Labelled, LabelledBox, LabelledImage
from webapp.datasets.manifest import read_rows
from webapp.datasets.models import DatasetVersion

CHUNK = 2**16
NO_CATEGORY = "(none)"  # a crowd annotation whose category_id is null: a region to ignore
EXTRA = ("risk", "severity", "audited", "source", "state", "score", "occluded", "truncated", "cipo")


def stream(version: DatasetVersion, split: str | None) -> Iterator[bytes]:
    """The file in pieces of some 64 kB; its bytes depend on the version and the split alone."""
    return _buffered(_pieces(version, split))


def write(version: DatasetVersion, split: str, folder: Path) -> list[Path]:
    """`<split>.json` in `folder`."""
    path = folder / f"{split}.json"
    with path.open("wb") as file:
        for piece in stream(version, split):
            file.write(piece)
    return [path]


def read(path: Path) -> Labelled:
    """A COCO JSON, or a folder with one and its pictures beside it or in `images/`.

    Raises:
        BadAnnotations: the file breaks the format; the message names the record.
    """
    file = _annotation_file(path)
    try:
        coco = orjson.loads(file.read_bytes())
    except orjson.JSONDecodeError as error:
        raise BadAnnotations(f"{file.name} is not JSON: {error}") from error
    validate(coco)
    names = {category["id"]: category["name"] for category in coco["categories"]}
    boxes: dict[int, list[LabelledBox]] = {}
    for annotation in coco["annotations"]:
        box = LabelledBox(
            box_xywh=tuple(map(float, annotation["bbox"])),  # type: ignore[arg-type]  # validate saw four numbers
            category=names.get(annotation["category_id"], NO_CATEGORY),
            where=f"{file.name}: annotation {annotation['id']}",
            score=annotation.get("score"),
            crowd=bool(annotation.get("iscrowd", 0)),
            occluded=bool(annotation.get("occluded", False)),
            truncated=bool(annotation.get("truncated", False)),
        )
        boxes.setdefault(annotation["image_id"], []).append(box)
    labelled = Labelled([], ignored=frozenset({NO_CATEGORY}))
    labelled.images = list(_images(coco["images"], boxes, file, labelled.problems))
    return labelled


def _images(
    images: list[dict[str, Any]], boxes: dict[int, list[LabelledBox]], file: Path, problems: list[str]
) -> Iterator[LabelledImage]:
    for image in images:
        places = (file.parent / image["file_name"], file.parent / "images" / image["file_name"])
        found = next((place for place in places if place.is_file()), None)
        if found is None:
            problems.append(f"{file.name}: image {image['id']}: no file '{image['file_name']}'")
            continue
        yield LabelledImage(
            found, image["file_name"], tuple(boxes.get(image["id"], ())), (image["width"], image["height"])
        )


def _annotation_file(path: Path) -> Path:
    if path.is_file():
        return path
    found = sorted(path.glob("*.json")) or sorted(path.glob("annotations/*.json"))
    if len(found) != 1:
        raise BadAnnotations(f"{path} holds {len(found)} JSON files; name the one to import.")
    return found[0]


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
