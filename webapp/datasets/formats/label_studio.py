"""Label Studio JSON: a list of tasks, boxes in percent of the picture. A task's annotations count, or its predictions where it has none."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from ml.data.json_records import iter_records, write_list
from webapp.datasets.formats.coco import annotation_file, json_files, kinds_of
from webapp.datasets.formats.labelled import Labelled, LabelledBox, LabelledImage, find_picture

TITLE = "Label Studio JSON"
HOLDS = ("name", "size", "score", "crowd", "ignore", "occluded", "truncated", "track", "blanks")
FLAGS = ("crowd", "occluded", "truncated", "track")
PLACES = ("images", "")


def claims(folder: Path) -> bool:
    return any({"data", "result"} <= (kinds := kinds_of(file)) and "images" not in kinds for file in json_files(folder))


def read(path: Path) -> Labelled:
    """The JSON, or a folder with it and its pictures. Pictures are found by the names that follow the last `images/`, or by the last part.

    Raises:
        BadAnnotations: no JSON, or not one file of it.
    """
    file = annotation_file(path)
    labelled = Labelled(())
    labelled.images = _images(file, labelled)
    return labelled


def write(images: Iterable[LabelledImage], categories: Sequence[str], folder: Path) -> None:
    """`tasks.json`. Flags and tracks are in a region's `meta`, which Label Studio shows and keeps."""
    write_list(folder / "tasks.json", (_task(number, image) for number, image in enumerate(images, 1)))


def _task(number: int, image: LabelledImage) -> dict[str, Any]:
    results = [_region(f"{number}-{place}", box, image.size or (1, 1)) for place, box in enumerate(image.boxes, 1)]
    width, height = image.size or (None, None)
    data = {"image": f"images/{image.name}", "width": width, "height": height}
    return {"id": number, "data": data, "annotations": [{"id": number, "result": results, "was_cancelled": False}]}


def _region(id: str, box: LabelledBox, size: tuple[int, int]) -> dict[str, Any]:
    x, y, width, height = box.box_xywh
    value = {
        "x": 100 * x / size[0],
        "y": 100 * y / size[1],
        "width": 100 * width / size[0],
        "height": 100 * height / size[1],
    }
    return {
        "id": id,
        "type": "rectanglelabels",
        "from_name": "label",
        "to_name": "image",
        "original_width": size[0],
        "original_height": size[1],
        "image_rotation": 0,
        "value": {**value, "rotation": 0, "rectanglelabels": [box.category]},
        **({} if box.score is None else {"score": box.score}),
        "meta": {name: kept for name in FLAGS if (kept := getattr(box, name)) not in (False, None)},
    }


def _images(file: Path, labelled: Labelled) -> Iterator[LabelledImage]:
    for _, first, tasks in iter_records(file):
        for position, task in enumerate(tasks, first):
            where = f"{file.name}: task {task.get('id', position) if isinstance(task, dict) else position}"
            try:
                yield _image(task, where, file.parent, labelled)
            except (KeyError, TypeError, AttributeError, IndexError, ValueError, ZeroDivisionError) as error:
                labelled.problems.append(f"{where} is no task with a picture and boxes: {type(error).__name__} {error}")


def _image(task: dict[str, Any], where: str, folder: Path, labelled: Labelled) -> LabelledImage:
    data = task["data"]
    source = next(value for key in ("image", "img", "url", "ocr") if isinstance(value := data.get(key), str))
    name = _name(source)
    done = [one for one in task.get("annotations") or task.get("completions") or [] if not one.get("was_cancelled")]
    judged = (done or task.get("predictions") or [{}])[0]
    results = [one for one in judged.get("result", []) if one.get("type") in ("rectanglelabels", "rectangle")]
    boxes = [box for one in results for box in _boxes(one, f"{where}, region {one.get('id')}", judged, labelled)]
    sizes = {(one["original_width"], one["original_height"]) for one in results}
    if not sizes and isinstance(data.get("width"), int):
        sizes = {(data["width"], data["height"])}
    found = find_picture(folder, name, *PLACES) or find_picture(folder, PurePosixPath(name).name, *PLACES)
    return LabelledImage(found, name, tuple(boxes), sizes.pop() if sizes else None)


def _boxes(region: dict[str, Any], where: str, judged: dict[str, Any], labelled: Labelled) -> Iterable[LabelledBox]:
    value, size = region["value"], (region["original_width"], region["original_height"])
    if value.get("rotation"):
        labelled.problems.append(f"{where}: a rotated box has no place here; left out")
        return
    if len(names := value.get("rectanglelabels") or []) != 1:
        labelled.problems.append(f"{where}: {len(names)} labels where a box has one")
        return
    try:
        pixels: Any = tuple(
            value[key] * size[place % 2] / 100 for place, key in enumerate(("x", "y", "width", "height"))
        )
    except TypeError:
        pixels = tuple(value.get(key) for key in ("x", "y", "width", "height"))
    kept = region.get("meta") or {}
    facts = {name: kept.get(name, None if name == "track" else False) for name in FLAGS}
    yield from labelled.box(
        pixels,
        names[0],
        where,
        score=region.get("score", judged.get("score") if judged.get("model_version") else None),
        **facts,
    )


def _name(source: str) -> str:
    """`/data/local-files/?d=a/images/b.jpg`, `s3://bucket/images/b.jpg`, `images/b.jpg`: b.jpg."""
    path = unquote(source.split("?d=")[-1].split("?")[0])
    return path.rpartition("images/")[2] if "images/" in path else path.rsplit("/", 1)[-1]
