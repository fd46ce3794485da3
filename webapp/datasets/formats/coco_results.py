"""COCO results: a list of `{image_id, category_id, bbox, score}`, beside the COCO file whose pictures and categories it names."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import orjson

from ml.data.json_records import iter_records
from ml.errors import BadAnnotations
from webapp.datasets.formats import coco
from webapp.datasets.formats.coco_document import Document
from webapp.datasets.formats.labelled import IGNORE, Labelled, LabelledBox, LabelledImage

TITLE = "COCO results"
SPECIAL_CASE_OF = "coco"
HOLDS = ("name", "size", "score", "blanks")
PRELABELS = True


def claims(folder: Path) -> bool:
    return _files(folder) is not None


def read(path: Path) -> Labelled:
    """A folder with a results file and the COCO file that it is about.

    Raises:
        BadAnnotations: one of the two is missing or no JSON.
    """
    files = _files(path)
    if files is None:
        raise BadAnnotations(
            f"{path.name} does not hold two JSON files: a list of results, and the COCO file with their images and categories."
        )
    truth, results = files
    labelled = Labelled(())
    document = Document(truth, labelled.problems, lists=("images", "categories"), skips=("annotations",)).parsed()
    document.file = results
    for _, first, records in iter_records(results):
        document.add(first, records, "result")
    labelled.images = coco.images(document, labelled, coco.PLACES)
    return labelled


def write(images: Iterable[LabelledImage], categories: Sequence[str], folder: Path) -> None:
    """`annotations.json` without boxes and `results.json`. A label without a score is as sure as can be; regions to ignore and crowds are no results."""
    known = {name: number for number, name in enumerate(categories, 1)}
    count = 0
    with (folder / "results.json").open("wb") as file:

        def without_boxes() -> Iterable[LabelledImage]:
            nonlocal count
            for image_id, image in enumerate(images, 1):
                for box in image.boxes:
                    if not box.crowd and box.category != IGNORE:
                        file.write((b",\n" if count else b"[\n") + orjson.dumps(_result(image_id, known, box)))
                        count += 1
                yield replace(image, boxes=())

        coco.write(without_boxes(), categories, folder)
        file.write(b"]\n" if count else b"[]\n")


def _result(image_id: int, known: dict[str, int], box: LabelledBox) -> dict[str, object]:
    score = 1.0 if box.score is None else box.score
    return {"image_id": image_id, "category_id": known[box.category], "bbox": box.box_xywh, "score": score}


def _files(folder: Path) -> tuple[Path, Path] | None:
    """The COCO file and the results, when there is one of each."""
    if folder.is_file():
        return None
    lists = [path for path in coco.json_files(folder) if _begins_with_list(path)]
    others = [path for path in coco.json_files(folder) if path not in lists and "images" in coco.kinds_of(path)]
    results = [path for path in lists if {"image_id"} <= coco.kinds_of(path)] or [
        p for p in lists if p.stat().st_size < 8
    ]
    return (others[0], results[0]) if len(others) == len(results) == 1 else None


def _begins_with_list(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"["
