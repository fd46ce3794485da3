"""Footage of the comparison of methods: rendered drives to learn from, half of them audited and half pseudo-labelled, and frames to be measured on.

Everything is made once, in the folder of the comparison, and is a function of the seeds here and of the teacher. Boxes are in px of the frame as
stored, COCO [x, y, width, height].
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ml.data.images import Pixels
from ml.evaluate.synth import HEIGHT, MIN_SIDE_PX, SCENE, WIDTH
from ml.models.detector import Detector
from ml.risk.drive import assess_drive
from ml.risk.observations import FrameDetections
from ml.schemas import Category, Detection
from ml.synth import DriveSpec, SynthFrame, render_drive
from ml.taxonomies import GDDA13

FPS, SECONDS = 1.0, 8.0
AUDITED, PSEUDO, HELD_OUT, FRESH = (
    range(500, 530),
    range(530, 560),
    range(900, 920),
    range(1000, 1060),
)  # seeds of drives
KITTI_CATEGORIES = {"car": ("Car", "Van"), "truck": ("Truck",), "person": ("Pedestrian", "Person_sitting")}
TRAFFIC = tuple(category for category in GDDA13 if category.name in KITTI_CATEGORIES)
JPEG_QUALITY = 95


class Coco:
    """A COCO file in the making."""

    def __init__(self, categories: Sequence[Category]) -> None:
        self.ids = {category.name: place for place, category in enumerate(categories, 1)}
        self.content: dict[str, Any] = {
            "images": [],
            "annotations": [],
            "categories": [{"id": id, "name": name} for name, id in self.ids.items()],
        }

    def image(self, file_name: str, width: int, height: int, **more: Any) -> int:
        """Its id."""
        id = len(self.content["images"]) + 1
        self.content["images"].append({"id": id, "file_name": file_name, "width": width, "height": height, **more})
        return id

    def box(self, image_id: int, category: str | None, bbox: Sequence[float], **more: Any) -> None:
        row = {
            "id": len(self.content["annotations"]) + 1,
            "image_id": image_id,
            "category_id": self.ids.get(category or ""),
        }
        box = {"bbox": [float(part) for part in bbox], "area": float(bbox[2] * bbox[3]), "iscrowd": 0}
        self.content["annotations"].append({**row, **box, **more})

    def write(self, path: Path) -> None:
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(self.content))
        fresh.replace(path)


def audited(folder: Path) -> Path:
    """Drives with their true boxes, as an audit leaves them: risk 0, score 1, and the severity that the product would give."""
    path = folder / "audited.json"
    if not path.exists():
        coco = Coco(GDDA13)
        for seed in AUDITED:
            add_truth(coco, folder, seed)
        coco.write(path)
    return path


def partly_pseudo(folder: Path, teacher: Detector, threshold: float) -> Path:
    """The audited drives, and as many again with the teacher's labels from `threshold` up, scored for risk drive by drive as the product does."""
    path = folder / "train.json"
    if not path.exists():
        coco = Coco(GDDA13)
        for seed in AUDITED:
            add_truth(coco, folder, seed)
        for seed in PSEUDO:
            add_pseudo(coco, folder, seed, teacher, threshold)
        coco.write(path)
    return path


def held_out(folder: Path, name: str = "held_out", seeds: Sequence[int] = HELD_OUT) -> Path:
    """Truth on other drives; what is under 10 px is a region to ignore, as in `ml.evaluate.synth`."""
    path = folder / f"{name}.json"
    if not path.exists():
        coco = Coco(GDDA13)
        for seed in seeds:
            for name, frame in drive(folder, seed):
                scene = {part: str(frame.scene[part]) for part in SCENE if part in frame.scene}
                image = coco.image(name, WIDTH, HEIGHT, drive=str(seed), **scene)
                for box in frame.boxes:
                    tiny = min(box.box_xywh[2:]) < MIN_SIDE_PX and box.category != "licence"
                    coco.box(image, box.category, box.box_xywh, iscrowd=int(tiny))
        coco.write(path)
    return path


def kitti(folder: Path, shared: Path) -> Path | None:
    """The 60 real frames where they are at hand: cars, trucks and people; everything else is to be ignored."""
    source, path = shared / "kitti", folder / "kitti.json"
    if not source.is_dir():
        return None
    known = {word: category for category, words in KITTI_CATEGORIES.items() for word in words}
    coco = Coco(TRAFFIC)
    for picture in sorted((source / "image_2").iterdir()):
        with Image.open(picture) as opened:
            image = coco.image(str(picture), opened.width, opened.height)
        for line in (source / "label_2" / f"{picture.stem}.txt").read_text().splitlines():
            word, *numbers = line.split()
            x1, y1, x2, y2 = map(float, numbers[3:7])
            coco.box(image, known.get(word), (x1, y1, x2 - x1, y2 - y1), iscrowd=int(word not in known))
    coco.write(path)
    return path


def predictions(detector: Detector, path: Path) -> list[dict[str, Any]]:
    """COCO results of the categories of a truth file on its pictures."""
    coco = json.loads(path.read_text())
    ids = {category["name"]: category["id"] for category in coco["categories"]}
    asked = [category for category in GDDA13 if category.name in ids]
    results = []
    for image in coco["images"]:
        pixels = pixels_of(path.parent / image["file_name"])
        [found] = detector.predict([pixels], asked, score_threshold=0.01, candidate_threshold=0.01)
        results += [
            {"image_id": image["id"], "category_id": ids[d.category], "bbox": list(d.box_xywh), "score": d.score}
            for d in found
        ]
    return results


def drive(folder: Path, seed: int) -> Iterator[tuple[str, SynthFrame]]:
    """Its frames with the names of their files, which are written unless they are there."""
    for frame in render_drive(DriveSpec(seed, WIDTH, HEIGHT, FPS, SECONDS)):
        path = folder / "frames" / str(seed) / f"{frame.index}.jpg"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(frame.image).save(path, quality=JPEG_QUALITY)
        yield str(path.relative_to(folder)), frame


def pixels_of(path: Path) -> Pixels:
    with Image.open(path) as opened:
        return np.asarray(opened.convert("RGB"))


def add_truth(coco: Coco, folder: Path, seed: int) -> None:
    for name, frame in drive(folder, seed):
        found = [Detection(box.box_xywh, box.category, 1.0) for box in frame.boxes]
        scored = assess_drive([FrameDetections(WIDTH, HEIGHT, 0.0, found)], categories=GDDA13)[0]
        image = coco.image(name, WIDTH, HEIGHT, drive=str(seed))
        for box, one in zip(found, scored, strict=True):
            coco.box(image, box.category, box.box_xywh, risk=0.0, score=1.0, severity=one.assessment.severity)


def add_pseudo(coco: Coco, folder: Path, seed: int, teacher: Detector, threshold: float) -> None:
    """From the pictures as they are stored, which is what the product sees."""
    names, seen = [], []
    for name, frame in drive(folder, seed):
        [found] = teacher.predict([pixels_of(folder / name)], GDDA13, score_threshold=threshold)
        labels = [each for each in found if not each.candidate]
        names.append(name)
        seen.append(FrameDetections(WIDTH, HEIGHT, frame.time_ms, labels))
    for name, scored in zip(names, assess_drive(seen, categories=GDDA13, score_threshold=threshold), strict=True):
        image = coco.image(name, WIDTH, HEIGHT, drive=str(seed))
        for one in scored:
            box, judged = one.detection, one.assessment
            worth = {"risk": judged.risk, "score": box.score, "severity": judged.severity}
            coco.box(image, box.category, box.box_xywh, **worth)
