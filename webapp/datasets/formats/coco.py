"""COCO detection: `images`, `annotations`, `categories` in one JSON. Streamed in and out; ids of an export are rows of the manifest, from 1."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from ml.errors import BadAnnotations
from webapp.datasets.coco_stream import stream as stream
from webapp.datasets.formats.coco_document import LISTS, Document
from webapp.datasets.formats.labelled import IGNORE, Labelled, LabelledBox, LabelledImage, find_picture
from webapp.datasets.formats.spool import CROWD, NONE, OCCLUDED, TRUNCATED
from webapp.datasets.models import DatasetVersion

TITLE = "COCO"
HOLDS = ("name", "size", "score", "crowd", "ignore", "occluded", "truncated", "track", "blanks")
PLACES = ("", "images", "../images", "..")


def write_version(version: DatasetVersion, split: str, folder: Path) -> list[Path]:
    """`<split>.json` in `folder`, with risk, severity and state as extra fields: the same bytes as by REST."""
    path = folder / f"{split}.json"
    with path.open("wb") as file:
        for piece in stream(version, split):
            file.write(piece)
    return [path]


def write(images: Iterable[LabelledImage], categories: Sequence[str], folder: Path) -> None:
    """`annotations.json`; a region of no category is one crowd annotation of each, as evaluation tools want it."""
    known = {name: number for number, name in enumerate(categories, 1)}
    with (folder / "images.part").open("w+b") as heads, (folder / "annotations.json").open("wb") as file:
        file.write(b'{"categories":' + orjson.dumps([{"id": id, "name": name} for name, id in known.items()]))
        file.write(b',"annotations":[')
        box_id = 0
        for id, image in enumerate(images, 1):
            heads.write((b",\n" if id > 1 else b"\n") + orjson.dumps(_head(id, image)))
            for box, category in _categorised(image.boxes, known):
                box_id += 1
                file.write((b",\n" if box_id > 1 else b"\n") + orjson.dumps(_annotation(box_id, id, category, box)))
        file.write(b'],"images":[')
        heads.seek(0)
        while block := heads.read(2**20):
            file.write(block)
        file.write(b"]}\n")
    (folder / "images.part").unlink()


def claims(folder: Path) -> bool:
    return any(kinds_of(path) >= {"images", "annotations"} for path in json_files(folder))


def read(path: Path) -> Labelled:
    """A COCO JSON, or a folder with one and its pictures beside it or in `images/`.

    Raises:
        BadAnnotations: no JSON, or the outer structure is broken. A broken record becomes a problem that names it.
    """
    return read_file(annotation_file(path), PLACES)


def read_file(file: Path, places: Sequence[str], keep: Callable[[str], bool] = lambda name: True) -> Labelled:
    """As `read`, with the folders beside the file in which pictures may lie. Boxes of categories that are not kept are counted and left out."""
    labelled = Labelled(())
    labelled.images = images(Document(file, labelled.problems).parsed(), labelled, places, keep)
    return labelled


def images(
    document: Document, labelled: Labelled, places: Sequence[str], keep: Callable[[str], bool] = lambda name: True
) -> Iterator[LabelledImage]:
    """Each picture with its boxes. Everything that concerns no picture was told before the first."""
    name, problems = document.file.name, labelled.problems
    folder = document.file.parent
    places = [
        place for place in places if (folder / place).is_dir()
    ]  # else each picture asks for folders that are none
    repeated = document.spool.repeated_ids()
    for id, image in document.spool.unknown_images(list(document.images)):
        problems.append(f"{name}: annotation {id} names image {image}, which the file does not hold")
    seen: set[int] = set()
    left_out: dict[str, int] = {}
    for (id, (file_name, width, height, time_ms)), rows in zip(
        document.images.items(), document.spool.by_image(list(document.images)), strict=True
    ):
        boxes = []
        for box_id, _, category_id, track, *box, score, flags in rows.tolist():
            where = f"{name}: annotation {box_id}" if box_id != NONE else f"{name}: a result of image {id}"
            if box_id in repeated:
                if box_id in seen:
                    problems.append(f"{where} occurs twice; the first one counts")
                    continue
                seen.add(box_id)
            category = IGNORE if category_id == NONE else document.categories.get(category_id)
            if category is None:
                problems.append(f"{where} names category {category_id}, which the file does not hold")
            elif category != IGNORE and not keep(category):
                left_out[category] = left_out.get(category, 0) + 1
            else:
                boxes.append(_box(box, category, where, score, flags, track))
        found = find_picture(folder, file_name, *places)
        yield LabelledImage(found, file_name, _with_regions(boxes, document.categories), (width, height), time_ms)
    problems += [
        f"{name}: {count} boxes of '{what}' left out, as the format has no such category"
        for what, count in left_out.items()
    ]


def _box(box: Any, category: str, where: str, score: float, flags: int, track: int) -> LabelledBox:
    return LabelledBox(
        tuple(box),
        category,
        where,
        None if score != score else score,
        bool(flags & CROWD),
        bool(flags & OCCLUDED),
        bool(flags & TRUNCATED),
        None if track == NONE else track,
    )


def _with_regions(boxes: list[LabelledBox], categories: dict[int, str]) -> tuple[LabelledBox, ...]:
    """A crowd of every category at one place is a region of none: that is how an export writes it."""
    crowds: dict[Any, list[LabelledBox]] = {}
    for box in boxes:
        if box.crowd and box.category != IGNORE:
            crowds.setdefault(box.box_xywh, []).append(box)
    whole = [
        same for same in crowds.values() if len(categories) > 1 and {b.category for b in same} == {*categories.values()}
    ]
    if not whole:
        return tuple(boxes)
    gone = {id(box) for same in whole for box in same}
    regions = [LabelledBox(s[0].box_xywh, IGNORE, s[0].where, crowd=True, occluded=s[0].occluded) for s in whole]
    return (*(box for box in boxes if id(box) not in gone), *regions)


def json_files(folder: Path) -> list[Path]:
    """The folder's JSON files, or the one that it is."""
    if folder.is_file():
        return [folder] if folder.suffix.lower() == ".json" else []
    return sorted(folder.glob("*.json")) or sorted(folder.glob("annotations/*.json"))


def kinds_of(path: Path) -> set[str]:
    """The lists that a JSON file seems to hold, from its first and last 64 kB: a guess that costs nothing."""
    with path.open("rb") as file:
        head = file.read(2**16)
        file.seek(max(0, path.stat().st_size - 2**16))
        text = head + file.read()
    return {
        key
        for key in (*LISTS, "image_id", "score", "data", "labels", "frames", "predictions", "result", "box2d")
        if f'"{key}"'.encode() in text
    }


def annotation_file(path: Path) -> Path:
    """The file itself, or the only one of the folder."""
    if path.is_file():
        return path
    found = json_files(path)
    if len(found) != 1:
        raise BadAnnotations(f"{path.name} holds {len(found)} JSON files; name the one to import.")
    return found[0]


def _head(id: int, image: LabelledImage) -> dict[str, Any]:
    width, height = image.size or (0, 0)
    return {"id": id, "file_name": image.name, "width": width, "height": height, "time_ms": image.time_ms}


def _categorised(boxes: Iterable[LabelledBox], known: dict[str, int]) -> Iterator[tuple[LabelledBox, int]]:
    for box in boxes:
        for category in known.values() if box.category == IGNORE else (known[box.category],):
            yield box, category


def _annotation(id: int, image_id: int, category_id: int, box: LabelledBox) -> dict[str, Any]:
    _, _, width, height = box.box_xywh
    return {
        "id": id,
        "image_id": image_id,
        "category_id": category_id,
        "bbox": box.box_xywh,
        "area": width * height,
        "iscrowd": int(box.crowd or box.category == IGNORE),
        **({} if box.score is None else {"score": box.score}),
        "occluded": box.occluded,
        "truncated": box.truncated,
        "track_id": box.track,
    }
