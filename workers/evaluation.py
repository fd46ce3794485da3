"""Rows of the database, or a version's manifest, as what COCO evaluation compares."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.db.models import QuerySet
from PIL import Image

from ml.models.detector import Detector
from ml.schemas import Category as CategoryValue
from webapp.accounts.models import Workspace
from webapp.core import storage
from webapp.datasets.manifest import read_rows
from webapp.datasets.models import DatasetVersion
from webapp.footage.models import Frame
from webapp.labels.models import Box, BoxEvent
from webapp.registry.models import ModelVersion
from webapp.taxonomy.models import Category

Coco = dict[str, Any]
HUMAN, IMPORTED = "human", "imported"  # whose boxes are the truth
LOWEST_SCORE = 0.01
CHUNK = 8


def judged_frames(workspace: Workspace, truth_of: str, *, drive: str | None) -> QuerySet[Frame]:
    """The frames that have truth, empty ones included: those that people audited, or those of drives that were imported."""
    frames = Frame.objects.filter(workspace=workspace).exclude(state=Frame.State.EXCLUDED)
    if drive:
        frames = frames.filter(drive__name=drive)
    imported = Box.objects.filter(source=Box.Source.IMPORTED).values("frame__drive")
    if truth_of == IMPORTED:
        return frames.filter(drive__in=imported)
    return frames.filter(state=Frame.State.AUDITED).exclude(drive__in=imported)


def truth_of_rows(frames: QuerySet[Frame], names: Sequence[str], truth_of: str) -> Coco:
    """What people decided, or what was imported, as COCO truth. A crowd box without category is a region to ignore in every category."""
    ids = {name: index for index, name in enumerate(names, 1)}
    boxes = Box.objects.filter(frame__in=frames, state__in=[Box.State.ACCEPTED, Box.State.EDITED])
    if truth_of == IMPORTED:
        boxes = boxes.filter(source=Box.Source.IMPORTED)
    annotations: list[dict[str, Any]] = []
    for box in boxes.select_related("category").order_by("id"):
        wanted = [ids[box.category.name]] if box.category and box.category.name in ids else []
        for category_id in wanted if box.category else ids.values():
            annotations.append(_annotation(len(annotations) + 1, box, category_id))
    images = [{"id": f.id, "file_name": f.name, "width": f.width, "height": f.height} for f in frames]
    return {"images": images, "annotations": annotations, "categories": _categories(names)}


def results_of_rows(frames: QuerySet[Frame], names: Sequence[str], model: ModelVersion) -> list[dict[str, Any]]:
    """A model's stored predictions as COCO results, as it proposed them: history keeps what a person changed afterwards."""
    numbers = {name: index for index, name in enumerate(names, 1)}
    named = Category.objects.filter(taxonomy__drives__frames__in=frames, name__in=names).distinct()
    ids = {category.id: numbers[category.name] for category in named}
    proposed = BoxEvent.objects.filter(kind=BoxEvent.Kind.PROPOSED, frame__in=frames, box__model_version=model)
    return [
        {
            "image_id": frame,
            "category_id": ids[box["category"]],
            "bbox": [box[side] for side in ("x", "y", "width", "height")],
            "score": score,
        }
        for frame, box, score in proposed.order_by("id").values_list("frame", "after", "box__score")
        if box and box["category"] in ids
    ]


def truth_of_version(version: DatasetVersion, split: str | None) -> tuple[Coco, dict[int, str]]:
    """COCO truth from the manifest, and the storage key of each image."""
    names = [category["name"] for category in version.categories]
    with tempfile.TemporaryDirectory() as folder:
        frames = dict(read_rows(storage.materialised(version.frames_key, Path(folder)), split))
        annotations: list[dict[str, Any]] = []
        for _, row in read_rows(storage.materialised(version.boxes_key, Path(folder)), split):
            wanted = [row["category"] + 1] if row["category"] >= 0 else range(1, len(names) + 1)
            for category_id in wanted:
                annotation = {"id": len(annotations) + 1, "image_id": row["frame"], "category_id": category_id}
                box = [row["x"], row["y"], row["width"], row["height"]]
                annotations.append({**annotation, "bbox": box, "area": box[2] * box[3], "iscrowd": int(row["crowd"])})
    images = [
        {"id": n, "file_name": f["file_name"], "width": f["width"], "height": f["height"]} for n, f in frames.items()
    ]
    truth = {"images": images, "annotations": annotations, "categories": _categories(names)}
    return truth, {number: frame["image_key"] for number, frame in frames.items()}


def predicted(detector: Detector, keys: dict[int, str], categories: Sequence[CategoryValue]) -> list[dict[str, Any]]:
    """Run a model on stored stills; everything from score 0.01 on, as COCO results."""
    ids = {category.name: index for index, category in enumerate(categories, 1)}
    results: list[dict[str, Any]] = []
    items = list(keys.items())
    for start in range(0, len(items), CHUNK):
        chunk = items[start : start + CHUNK]
        found = detector.predict(
            [_pixels(key) for _, key in chunk],
            categories,
            score_threshold=LOWEST_SCORE,
            candidate_threshold=LOWEST_SCORE,
        )
        for (image_id, _), detections in zip(chunk, found, strict=True):
            results += [
                {"image_id": image_id, "category_id": ids[d.category], "bbox": list(d.box_xywh), "score": d.score}
                for d in detections
            ]
    return results


def _pixels(key: str) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    with storage.open_key(key) as file:
        return np.asarray(Image.open(file).convert("RGB"))


def _categories(names: Sequence[str]) -> list[dict[str, Any]]:
    return [{"id": index, "name": name} for index, name in enumerate(names, 1)]


def _annotation(id: int, box: Box, category_id: int) -> dict[str, Any]:
    return {
        "id": id,
        "image_id": box.frame_id,
        "category_id": category_id,
        "bbox": [box.x, box.y, box.width, box.height],
        "area": box.width * box.height,
        "iscrowd": int(box.crowd),
    }
