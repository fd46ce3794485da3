"""BDD100K / Scalabel JSON: a list of frames, or `{"frames": [...]}`, with `labels` of `box2d` corners and attributes."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ml.data.json_records import iter_records, write_list
from webapp.datasets.formats.coco import annotation_file, json_files, kinds_of
from webapp.datasets.formats.labelled import (
    Labelled,
    LabelledBox,
    LabelledImage,
    find_picture,
    from_corners,
    to_corners,
)

TITLE = "BDD100K"
HOLDS = ("name", "size", "score", "crowd", "ignore", "occluded", "truncated", "track", "blanks")
CORNERS = ("x1", "y1", "x2", "y2")
FLAGS = ("crowd", "occluded", "truncated")
PLACES = ("images", "", "../images", "..")
BREAKS = (KeyError, TypeError, AttributeError, ValueError)


def claims(folder: Path) -> bool:
    return any({"labels", "box2d"} <= kinds_of(file) for file in json_files(folder))


def read(path: Path) -> Labelled:
    """The JSON, or a folder with it and its pictures. Labels without `box2d` (lanes, areas) are passed over.

    Raises:
        BadAnnotations: no JSON, or not one file of it.
    """
    file = annotation_file(path)
    labelled = Labelled(())
    labelled.images = _images(file, labelled)
    return labelled


def write(images: Iterable[LabelledImage], categories: Sequence[str], folder: Path) -> None:
    """`labels.json`. A track is an object's `id`; one without is numbered by itself."""
    write_list(folder / "labels.json", (_frame(number, image) for number, image in enumerate(images)))


def _frame(number: int, image: LabelledImage) -> dict[str, Any]:
    size = {"size": {"width": image.size[0], "height": image.size[1]}} if image.size else {}
    labels = [_label(f"{number}-{place}", box) for place, box in enumerate(image.boxes)]
    return {"name": image.name, **size, "timestamp": image.time_ms, "frameIndex": number, "labels": labels}


def _label(id: str, box: LabelledBox) -> dict[str, Any]:
    return {
        "id": id if box.track is None else str(box.track),
        "category": box.category,
        **({} if box.score is None else {"score": box.score}),
        "attributes": {name: getattr(box, name) for name in FLAGS},
        "box2d": dict(zip(CORNERS, to_corners(box.box_xywh), strict=True)),
    }


def _images(file: Path, labelled: Labelled) -> Iterator[LabelledImage]:
    for key, first, frames in iter_records(file):
        for position, frame in enumerate(frames if key in ("", "frames") else [], first):
            try:
                yield _image(frame, file, labelled)
            except BREAKS as error:
                name = frame.get("name", position) if isinstance(frame, dict) else position
                labelled.problems.append(f"{file.name}: frame {name} breaks the format: {type(error).__name__} {error}")


def _image(frame: dict[str, Any], file: Path, labelled: Labelled) -> LabelledImage:
    name, size = frame["name"], frame.get("size")
    where = f"{file.name}: frame {name}"
    labels = [label for label in frame.get("labels") or [] if label.get("box2d") is not None]
    boxes = [box for label in labels for box in _boxes(label, f"{where}, label {label.get('id')}", labelled)]
    stated = (int(size["width"]), int(size["height"])) if size else None
    found = find_picture(file.parent, name, *PLACES)
    return LabelledImage(found, name, tuple(boxes), stated, float(frame.get("timestamp") or 0.0))


def _boxes(label: dict[str, Any], where: str, labelled: Labelled) -> Iterable[LabelledBox]:
    corners, attributes, id = label["box2d"], label.get("attributes") or {}, str(label.get("id", ""))
    return labelled.box(
        from_corners(corners.get(corner) for corner in CORNERS),
        label["category"],
        where,
        score=label.get("score"),
        track=int(id) if id.isdecimal() else None,
        **{name: bool(attributes.get(name)) for name in FLAGS},
    )
