"""COCO detection annotations: whether a dict keeps the format, told record by record. Standard library only."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from ml.errors import BadAnnotations

SHOWN = 5
HINT = "Correct these records and import the file again; nothing of it was taken."


def validate(coco: object) -> None:
    """Check a whole COCO dict.

    An annotation with `iscrowd` 1 may have `category_id` None: an ignore region of every category.

    Raises:
        BadAnnotations: names the first broken records and says how each is broken.
    """
    found = list(islice(problems(coco), SHOWN + 1))
    if found:
        more = " There are more." if len(found) > SHOWN else ""
        raise BadAnnotations("; ".join(found[:SHOWN]) + "." + more, hint=HINT)


def problems(coco: object) -> Iterator[str]:
    """Every broken record in words, in file order; a broken outer structure is the only one told."""
    if not isinstance(coco, Mapping):
        yield f"a COCO file holds one JSON object, not {type(coco).__name__}"
        return
    broken = [key for key in ("images", "annotations", "categories") if not isinstance(coco.get(key), list)]
    if broken:
        yield f"the lists {', '.join(broken)} are missing or no lists"
        return
    images, categories = _Ids("image"), _Ids("category")
    for position, image in enumerate(coco["images"]):
        yield from images.add(position, image, _image_problem)
    for position, category in enumerate(coco["categories"]):
        yield from categories.add(position, category, _category_problem)
    annotations = _Ids("annotation")
    for position, annotation in enumerate(coco["annotations"]):
        yield from annotations.add(position, annotation, lambda a: _annotation_problem(a, images.seen, categories.seen))


class _Ids:
    """The ids of one kind of record, each allowed once."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.seen: set[int] = set()

    def add(self, position: int, record: Any, problem_of: Any) -> Iterator[str]:
        id = record.get("id") if isinstance(record, Mapping) else None
        where = f"{self.kind} {id}" if _is_int(id) else f"{self.kind} at position {position}"
        if not isinstance(record, Mapping):
            yield f"{where} is no object"
        elif not isinstance(id, int) or isinstance(id, bool):
            yield f"{where} has no integer id"
        elif id in self.seen:
            yield f"{where} occurs twice"
        else:
            self.seen.add(id)
            problem = problem_of(record)
            if problem:
                yield f"{where} {problem}"


def _image_problem(image: Mapping[str, Any]) -> str | None:
    for key in ("width", "height"):
        if not _is_int(image.get(key)) or image[key] <= 0:
            return f"has {key} {image.get(key)!r}, not a positive integer"
    name = image.get("file_name")
    if not isinstance(name, str) or not name:
        return "has no file_name"
    return None


def _category_problem(category: Mapping[str, Any]) -> str | None:
    name = category.get("name")
    return None if isinstance(name, str) and name else "has no name"


def _annotation_problem(annotation: Mapping[str, Any], images: set[int], categories: set[int]) -> str | None:
    if annotation.get("iscrowd", 0) not in (0, 1):
        return f"has iscrowd {annotation['iscrowd']!r}, not 0 or 1"
    if not _is_known(annotation.get("image_id"), images):
        return f"names image {annotation.get('image_id')!r}, which the file does not hold"
    ignores_all = annotation.get("category_id") is None and annotation.get("iscrowd") == 1
    if not ignores_all and not _is_known(annotation.get("category_id"), categories):
        return f"names category {annotation.get('category_id')!r}, which the file does not hold"
    return box_problem(annotation.get("bbox"))


def box_problem(box: Any) -> str | None:
    """What is wrong with a `bbox`, in words that follow the record's name; None for a good one."""
    if not isinstance(box, list | tuple) or len(box) != 4 or not all(_is_finite(value) for value in box):
        return f"has bbox {box!r}, not [x, y, width, height] in finite numbers"
    if box[2] <= 0 or box[3] <= 0:
        return f"has a bbox without area: {list(box)}"
    return None


def _is_known(id: Any, ids: set[int]) -> bool:
    return _is_int(id) and id in ids


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_finite(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
