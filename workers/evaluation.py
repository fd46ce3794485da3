"""Rows of the database, or a version's manifest, as what COCO evaluation compares."""

import tempfile
from collections.abc import Iterator, Sequence
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
from webapp.explore.slices import in_question
from webapp.footage.light import measured_in
from webapp.footage.models import Drive, Frame
from webapp.labels.models import Box, BoxEvent
from webapp.registry.models import ModelVersion
from webapp.taxonomy.models import Category
from workers.lifecycle import JobFailed

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


def truth_of_version(version: DatasetVersion, split: str | None) -> tuple[Coco, dict[int, dict[str, Any]]]:
    """COCO truth from the manifest, and the manifest's row of each image."""
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
    return {"images": images, "annotations": annotations, "categories": _categories(names)}, frames


def cut(
    truth: Coco, frames: dict[int, dict[str, Any]], version: DatasetVersion, asked: dict[str, Any]
) -> tuple[Coco, dict[int, dict[str, Any]]]:
    """The part of the truth whose frames a saved question takes now. Raises: JobFailed `empty_slice`."""
    if not asked:
        return truth, frames
    workspace = version.dataset.workspace
    ids = frame_ids(version, frames)
    taken = set(in_question(Frame.objects.filter(workspace=workspace), workspace, asked).values_list("id", flat=True))
    kept = {number for number, id in ids.items() if id in taken}
    if not kept:
        raise JobFailed("empty_slice", "None of the version's frames is in this slice.", "Choose another slice.")
    images = [image for image in truth["images"] if image["id"] in kept]
    annotations = [one for one in truth["annotations"] if one["image_id"] in kept]
    rows = {number: row for number, row in frames.items() if number in kept}
    return {**truth, "images": images, "annotations": annotations}, rows


def categories_asked(version: DatasetVersion) -> list[CategoryValue]:
    """The version's categories as a detector is asked for them, with the taxonomy's aliases where it still has them."""
    known = {c.name: c for c in version.dataset.taxonomy.values()}
    return [known.get(c["name"], CategoryValue(c["name"], c["phrase"], c["group"])) for c in version.categories]


def predicted(
    detector: Detector, frames: dict[int, dict[str, Any]], categories: Sequence[CategoryValue]
) -> Iterator[tuple[list[int], list[dict[str, Any]]]]:
    """Run a model on stored stills, chunk by chunk: the images of the chunk, and everything found from score 0.01 on as COCO results."""
    ids = {category.name: index for index, category in enumerate(categories, 1)}
    numbers = list(frames)
    for start in range(0, len(numbers), CHUNK):
        chunk = numbers[start : start + CHUNK]
        found = detector.predict(
            [pixels_of(frames[number]) for number in chunk],
            categories,
            score_threshold=LOWEST_SCORE,
            candidate_threshold=LOWEST_SCORE,
        )
        yield (
            chunk,
            [
                {"image_id": image_id, "category_id": ids[d.category], "bbox": list(d.box_xywh), "score": d.score}
                for image_id, detections in zip(chunk, found, strict=True)
                for d in detections
            ],
        )


def pixels_of(frame: dict[str, Any]) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    """Of a row of the manifest. Raises: JobFailed when the store has lost it."""
    try:
        with storage.open_key(frame["image_key"]) as file:
            return np.asarray(Image.open(file).convert("RGB"))
    except FileNotFoundError as error:
        detail = f"The picture of '{frame['file_name']}' is gone from the store."
        raise JobFailed("frame_missing", detail, "Bring it back from a backup of the store.") from error


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


def attributes_of(version: DatasetVersion, frames: dict[int, dict[str, Any]]) -> dict[int, dict[str, str]]:
    """What slices are made of, by row of the manifest: the drive, its weather where somebody noted it, and its hour, or what the picture shows of it."""
    names = {row["drive"] for row in frames.values()}
    drives = Drive.objects.filter(workspace=version.dataset.workspace, name__in=names)
    noted = {d.name: {"time_of_day": d.time_of_day, "weather": d.weather} for d in drives}
    unnoted = {d.name: d.id for d in drives if not d.time_of_day}
    lights = measured_in(unnoted.values())
    measured = {n: lights.get((unnoted.get(row["drive"], 0), row["sha256"]), "") for n, row in frames.items()}
    return {
        n: {"drive": row["drive"], **noted.get(row["drive"], {})}
        | ({"time_of_day": measured[n]} if measured[n] else {})
        for n, row in frames.items()
    }


def frame_ids(version: DatasetVersion, frames: dict[int, dict[str, Any]]) -> dict[int, int | None]:
    """The product's frame behind each row of the manifest; None where it was deleted since."""
    names = {row["drive"] for row in frames.values()}
    rows = Frame.objects.filter(workspace=version.dataset.workspace, drive__name__in=names)
    known = {
        (drive, sha256, time_ms): id
        for drive, sha256, time_ms, id in rows.values_list("drive__name", "sha256", "time_ms", "id")
    }
    return {n: known.get((row["drive"], row["sha256"], row["time_ms"])) for n, row in frames.items()}
