"""The frames that an export is calibrated with and judged on: a COCO file's, or rendered ones."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.coco import validate
from ml.errors import BadAnnotations

Pixels = NDArray[np.uint8]
RENDERED = "rendered:"
SLICES = ("drive", "time_of_day", "weather")  # attributes of an image by which frames are drawn evenly
RENDERED_SEEDS, RENDERED_SIZE = range(700, 740), (960, 540)  # drives; validation and published figures have others
MIN_SIDE_PX = 10.0


@dataclass(frozen=True)
class Frames:
    """`coco` with its truths, and how to get the pixels of one of its images."""

    coco: dict[str, Any]
    load: Callable[[dict[str, Any]], Pixels]

    @property
    def images(self) -> list[dict[str, Any]]:
        return list(self.coco["images"])

    def chosen(self, images: Sequence[dict[str, Any]]) -> Frames:
        """Of some of its images."""
        ids = {image["id"] for image in images}
        kept = [annotation for annotation in self.coco["annotations"] if annotation["image_id"] in ids]
        return Frames({**self.coco, "images": list(images), "annotations": kept}, self.load)

    def halves(self) -> tuple[Frames, Frames]:
        """To calibrate and to judge: whole drives apart where there are several, else frames by turns."""
        names = sorted({str(image.get("drive", "")) for image in self.images})
        order = {name: place for place, name in enumerate(names)}
        sides: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
        for place, image in enumerate(self.images):
            sides[(order[str(image.get("drive", ""))] if len(names) > 1 else place) % 2].append(image)
        return self.chosen(sides[0]), self.chosen(sides[1])


def drawn_by_slice(
    frames: Frames, count: int, seed: int = 0, *, slices: Sequence[str] = SLICES
) -> list[dict[str, Any]]:
    """`count` images, by turns from each value of `slices` together, at random within it; so a rare slice is not a rare guest."""
    held_of: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for image in frames.images:
        held_of[tuple(str(image.get(name, "")) for name in slices)].append(image)
    random = np.random.default_rng(seed)
    queues = [[held[place] for place in random.permutation(len(held))] for _, held in sorted(held_of.items())]
    drawn: list[dict[str, Any]] = []
    while len(drawn) < count and any(queues):
        for queue in queues:
            if queue and len(drawn) < count:
                drawn.append(queue.pop())
    return sorted(drawn, key=lambda image: int(image["id"]))


def read_frames(source: str, *, limit: int = 0) -> Frames:
    """Of `rendered:`, or of the COCO file at that path; its pictures lie relative to it.

    Raises:
        BadAnnotations: the file is not COCO. Its pictures are read later, and may raise the same.
    """
    if source.startswith(RENDERED):
        return rendered(limit or 48)
    path = Path(source)
    try:
        coco = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise BadAnnotations(f"{path} cannot be read as JSON: {error}") from error
    validate(coco)
    frames = Frames(coco, lambda image: _pixels(path.parent / image["file_name"]))
    return frames.chosen(drawn_by_slice(frames, limit)) if limit else frames


def rendered(count: int) -> Frames:
    """Two frames a drive, of drives that no training and no published figure has seen."""
    from ml.taxonomies import GDDA13

    ids = {category.name: place for place, category in enumerate(GDDA13, 1)}
    coco: dict[str, Any] = {
        "images": [],
        "annotations": [],
        "categories": [{"id": id, "name": name} for name, id in ids.items()],
    }
    pictures: dict[int, Pixels] = {}
    for seed, frame in _rendered(count):
        id = len(pictures) + 1
        pictures[id] = frame.image
        scene = {name: str(frame.scene[name]) for name in SLICES if name in frame.scene}
        size = {"width": RENDERED_SIZE[0], "height": RENDERED_SIZE[1]}
        coco["images"].append({"id": id, **size, "file_name": f"{seed}/{frame.index}", "drive": str(seed), **scene})
        for box in frame.boxes:
            tiny = int(min(box.box_xywh[2:]) < MIN_SIDE_PX and box.category != "licence")
            links = {"id": len(coco["annotations"]) + 1, "image_id": id, "category_id": ids[box.category]}
            area = box.box_xywh[2] * box.box_xywh[3]
            coco["annotations"].append({**links, "bbox": list(box.box_xywh), "area": area, "iscrowd": tiny})
    return Frames(coco, lambda image: pictures[image["id"]])


def _rendered(count: int) -> Iterator[tuple[int, Any]]:
    from ml.synth import DriveSpec, render_drive  # draws with Pillow; a device needs none of it

    made = 0
    for seed in RENDERED_SEEDS:
        for frame in render_drive(DriveSpec(seed, *RENDERED_SIZE, 0.5, 4.0)):
            if made >= count:
                return
            made += 1
            yield seed, frame


def _pixels(path: Path) -> Pixels:
    try:
        with Image.open(path) as file:
            return np.asarray(file.convert("RGB"))
    except (OSError, Image.DecompressionBombError) as error:
        raise BadAnnotations(f"The picture '{path.name}' cannot be read: {error}") from error
