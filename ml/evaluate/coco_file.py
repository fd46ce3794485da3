"""Figures of a detector on the frames of a COCO file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ml.coco import validate
from ml.errors import BadAnnotations
from ml.evaluate.detection import evaluate
from ml.models.detector import Detector
from ml.schemas import Category, EvalReport

LOWEST_SCORE = 0.01
CHUNK = 4  # frames in memory at once


def evaluate_on_coco(
    detector: Detector, path: Path, categories: Sequence[Category], *, limit: int | None = None
) -> EvalReport:
    """The figures of `categories` on the file's frames, or on `limit` of them, evenly drawn; `file_name` is relative to the file.

    Truths of categories that are not asked for are none here, so that nobody is blamed for missing them.
    Raises:
        BadAnnotations: the file is not COCO or knows none of the categories, or a picture of it cannot be read.
    """
    coco = _drawn(_asked(_read(path), categories, path), limit)
    ids = {category["name"]: category["id"] for category in coco["categories"]}
    asked = [category for category in categories if category.name in ids]
    results: list[dict[str, Any]] = []
    for start in range(0, len(coco["images"]), CHUNK):
        images = coco["images"][start : start + CHUNK]
        frames = [_pixels(path, image["file_name"]) for image in images]
        found = detector.predict(frames, asked, score_threshold=LOWEST_SCORE, candidate_threshold=LOWEST_SCORE)
        results += [
            {"image_id": image["id"], "category_id": ids[d.category], "bbox": list(d.box_xywh), "score": d.score}
            for image, detections in zip(images, found, strict=True)
            for d in detections
        ]
    return evaluate(coco, results)


def _read(path: Path) -> dict[str, Any]:
    try:
        coco: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise BadAnnotations(f"{path} cannot be read as JSON: {error}") from error
    validate(coco)
    return coco


def _asked(coco: dict[str, Any], categories: Sequence[Category], path: Path) -> dict[str, Any]:
    """Without the other categories and their truths."""
    names = {category.name for category in categories}
    kept = [category for category in coco["categories"] if category["name"] in names]
    if not kept:
        known = ", ".join(category["name"] for category in coco["categories"])
        raise BadAnnotations(f"{path} has none of the categories {', '.join(sorted(names))}; it has {known or 'none'}.")
    ids = {None, *(category["id"] for category in kept)}  # None: a region that every category ignores
    annotations = [annotation for annotation in coco["annotations"] if annotation["category_id"] in ids]
    return {**coco, "categories": kept, "annotations": annotations}


def _drawn(coco: dict[str, Any], limit: int | None) -> dict[str, Any]:
    """Every n-th frame with its annotations."""
    images = coco["images"]
    if limit is None or len(images) <= limit:
        return coco
    places = np.linspace(0, len(images) - 1, limit).round().astype(int)
    chosen = [images[place] for place in places]
    kept = {image["id"] for image in chosen}
    annotations = [annotation for annotation in coco["annotations"] if annotation["image_id"] in kept]
    return {**coco, "images": chosen, "annotations": annotations}


def _pixels(path: Path, file_name: str) -> np.ndarray[Any, np.dtype[np.uint8]]:
    try:
        with Image.open(path.parent / file_name) as file:
            return np.asarray(file.convert("RGB"))
    except (OSError, Image.DecompressionBombError) as error:
        raise BadAnnotations(f"{path}: the picture '{file_name}' cannot be read: {error}") from error
