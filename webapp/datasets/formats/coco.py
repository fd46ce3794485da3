"""COCO detection: `images`, `annotations`, `categories` in one JSON. Streamed out; ids are rows of the manifest, from 1."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from ml.coco import validate
from ml.errors import BadAnnotations
from webapp.datasets.coco_stream import stream as stream  # what this format writes
from webapp.datasets.formats.labelled import Labelled, LabelledBox, LabelledImage
from webapp.datasets.models import DatasetVersion

NO_CATEGORY = "(none)"  # a crowd annotation whose category_id is null: a region to ignore


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
