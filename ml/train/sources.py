"""Where training pictures come from: endless rendered scenes, or the frames of a COCO file. A picture is a function of its number and the seed."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from PIL import Image

from ml.coco import validate
from ml.data.transforms import Sample, fitted, window
from ml.errors import BadAnnotations, EmptySplit, SharedDrives
from ml.synth import random_scene
from ml.train.recipe import RENDERED, TrainRecipe

TRAINING_SEEDS = 1_000_000  # scenes of training begin here; what lies below is for held-out use


class Source(Protocol):
    """Pictures by number. `length` is None when there is no end of them."""

    @property
    def length(self) -> int | None: ...

    def risks(self) -> dict[str, list[float]]:
        """Of every label, by category; empty where they are endless."""
        ...

    def sample(self, number: int, width: int, height: int, zoom: float, rng: random.Random) -> Sample:
        """A picture of exactly (height, width) px, a window of one `zoom` times larger."""
        ...


@dataclass(frozen=True)
class RenderedScenes:
    """Scenes of ml.synth, another for every number."""

    seed: int
    length: int | None = None

    def risks(self) -> dict[str, list[float]]:
        return {}

    def sample(self, number: int, width: int, height: int, zoom: float, rng: random.Random) -> Sample:
        scene = random_scene(TRAINING_SEEDS * (self.seed + 1) + number, round(width * zoom), round(height * zoom))
        boxes = np.array([box.box_xywh for box in scene.boxes], np.float32).reshape(-1, 4)
        sample = Sample.certain(scene.image, boxes, tuple(box.category for box in scene.boxes))
        if zoom == 1:
            return sample
        spare_x, spare_y = scene.image.shape[1] - width, scene.image.shape[0] - height
        return window(sample, rng.randint(0, spare_x), rng.randint(0, spare_y), width, height)


class CocoFrames:
    """The frames of a COCO file, in another order every epoch. `iscrowd` regions are no labels; `risk`, `severity` and `score` come along."""

    def __init__(self, path: Path, wanted: Sequence[str], seed: int) -> None:
        self.path, self.seed, self.wanted = path, seed, tuple(wanted)
        coco = read_coco(path)
        names = {category["id"]: category["name"] for category in coco["categories"]}
        self._images: list[dict[str, Any]] = coco["images"]
        self._boxes: dict[int, list[dict[str, Any]]] = {image["id"]: [] for image in self._images}
        for annotation in coco["annotations"]:
            name = names.get(annotation["category_id"])
            if name in wanted and not annotation.get("iscrowd"):
                self._boxes[annotation["image_id"]].append({**annotation, "name": name})
        if not any(self._boxes.values()):
            raise EmptySplit(f"{path} has no label of {', '.join(wanted)}.", hint="Choose another split or taxonomy.")
        self.length: int | None = len(self._images)

    def sample(self, number: int, width: int, height: int, zoom: float, rng: random.Random) -> Sample:
        return fitted(self.read(self._place(number)), width, height, zoom, rng)

    def risks(self) -> dict[str, list[float]]:
        found: dict[str, list[float]] = {}
        for boxes in self._boxes.values():
            for box in boxes:
                found.setdefault(box["name"], []).append(_number(box.get("risk"), 0.0))
        return found

    def read(self, place: int) -> Sample:
        """The frame at a place of the file, as it is stored.

        Raises:
            BadAnnotations: its picture is missing, broken or of another size than the file says.
        """
        image = self._images[place]
        boxes = self._boxes[image["id"]]
        return Sample(
            self._pixels(image),
            np.array([box["bbox"] for box in boxes], np.float32).reshape(-1, 4),
            tuple(box["name"] for box in boxes),
            np.array([_number(box.get("risk"), 0.0) for box in boxes], np.float32),
            np.array([_number(box.get("severity"), 1.0) for box in boxes], np.float32),
            np.array([_number(box.get("score"), 1.0) for box in boxes], np.float32),
        )

    def _place(self, number: int) -> int:
        assert self.length
        epoch, place = divmod(number, self.length)
        return int(_order(self.seed, epoch, self.length)[place])

    def _pixels(self, image: dict[str, Any]) -> np.ndarray[Any, np.dtype[np.uint8]]:
        path = self.path.parent / image["file_name"]
        try:
            with Image.open(path) as file:
                pixels = np.asarray(file.convert("RGB"))
        except OSError as error:
            raise BadAnnotations(f"{self.path}: the picture '{image['file_name']}' cannot be read: {error}") from error
        if pixels.shape[:2] != (image["height"], image["width"]):
            raise BadAnnotations(
                f"{self.path}: '{image['file_name']}' is {pixels.shape[1]}x{pixels.shape[0]}, not {image['width']}x{image['height']}."
            )
        return pixels


@lru_cache(maxsize=4)
def _order(seed: int, epoch: int, length: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.random.default_rng((seed, epoch)).permutation(length)


def _number(value: float | None, missing: float) -> float:
    return missing if value is None else float(value)


def source_of(recipe: TrainRecipe) -> Source:
    """Raises: EmptySplit, SharedDrives, BadAnnotations naming the file."""
    if recipe.train == RENDERED:
        return RenderedScenes(recipe.seed)
    frames = CocoFrames(Path(recipe.train), [category.name for category in recipe.categories], recipe.seed)
    if recipe.validate and recipe.validate != RENDERED:
        refuse_shared(Path(recipe.train), Path(recipe.validate))
        CocoFrames(
            Path(recipe.validate), frames.wanted, recipe.seed
        )  # has it labels to measure on? said now, not at the first validation
    return frames


def read_coco(path: Path) -> dict[str, Any]:
    """Raises: BadAnnotations when it is not a COCO file, EmptySplit when it has no image."""
    try:
        coco: dict[str, Any] = json.loads(path.read_text())
    except (OSError, json.JSONDecodeError) as error:
        raise BadAnnotations(f"{path} is not a COCO file: {error}") from error
    validate(coco)
    if not coco["images"]:
        raise EmptySplit(f"{path} has no frames.", hint="Choose another split.")
    return coco


def refuse_shared(train: Path, held_out: Path) -> None:
    """Raises: SharedDrives when both have frames of one drive, or the same frame."""
    for key, what in (("drive", "drive"), ("sha256", "frame")):
        seen, others = (
            {image[key] for image in read_coco(path)["images"] if image.get(key)} for path in (train, held_out)
        )
        if both := sorted(map(str, seen & others)):
            raise SharedDrives(
                f"{train.name} and {held_out.name} share {len(both)} {what}{'s' * (len(both) > 1)}, first '{both[0]}'.",
                hint="Split by drive: neighbouring frames are nearly the same picture.",
            )
