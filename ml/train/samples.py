"""Batches of rendered scenes with a random subset, order and wording of the prompt, so that the model learns to read it."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ml.data.transforms import Sample, as_another_camera, flipped, window
from ml.models.grounding_dino.adapter import normalised
from ml.models.grounding_dino.criterion import Targets
from ml.models.grounding_dino.nano import STRIDE_PX
from ml.models.grounding_dino.prompts import Prompt, tokenise
from ml.schemas import Category
from ml.synth import random_scene
from ml.taxonomies import GDDA13
from ml.train.recipe import TrainRecipe

FEWEST_CATEGORIES = 4
TRAINING_SEEDS = 1_000_000  # scenes of training begin here; what lies below is for held-out use
SYNONYMS = {  # so that the other presets' phrases mean something too
    "person": ("pedestrian",),
    "bicyclist": ("cyclist",),
    "licence": ("license plate", "number plate"),
    "sign": ("sign", "road sign"),
    "truck": ("lorry",),
    "motorcyclist": ("motorcycle rider",),
}
SYNONYM_SHARE = 0.25


@dataclass(frozen=True)
class Batch:
    """`pixels` (B, 3, H, W) normalised; one prompt for all images."""

    pixels: Tensor
    targets: list[Targets]
    prompt: Prompt


def batch_of(recipe: TrainRecipe, iteration: int, tokenizer: Any) -> Batch:
    """The batch of an iteration: a function of recipe and number alone, so that a resumed run sees the same."""
    rng = random.Random(recipe.seed * 1_000_003 + iteration)
    categories = _subset(rng, recipe.full_prompt_share)
    width, height = _size(rng, recipe)
    first = TRAINING_SEEDS * (recipe.seed + 1) + iteration * recipe.batch
    samples = [_sample(rng, recipe, first + place, width, height) for place in range(recipe.batch)]
    rows = {category.name: row for row, category in enumerate(categories)}
    return Batch(
        torch.stack([normalised(sample.image) for sample in samples]),
        [_targets(sample, rows) for sample in samples],
        tokenise(categories, tokenizer, tokenizer.model_max_length),
    )


def _subset(rng: random.Random, full_share: float) -> list[Category]:
    count = len(GDDA13) if rng.random() < full_share else rng.randrange(FEWEST_CATEGORIES, len(GDDA13))
    return [_reworded(rng, category) for category in rng.sample(GDDA13, count)]


def _reworded(rng: random.Random, category: Category) -> Category:
    others = SYNONYMS.get(category.name)
    return replace(category, phrase=rng.choice(others)) if others and rng.random() < SYNONYM_SHARE else category


def _size(rng: random.Random, recipe: TrainRecipe) -> tuple[int, int]:
    """Width and height in px of a batch, between the recipe's smallest share and the whole."""
    share = rng.uniform(recipe.smallest_share, 1.0)
    sides = (round(side * share / STRIDE_PX) * STRIDE_PX for side in (recipe.width, recipe.height))
    width, height = sides
    return width, height


def _sample(rng: random.Random, recipe: TrainRecipe, seed: int, width: int, height: int) -> Sample:
    """A scene, or a window of a larger one."""
    zoom = rng.uniform(1.0, recipe.largest_zoom) if rng.random() < 0.5 else 1.0
    scene = random_scene(seed, round(width * zoom), round(height * zoom))
    boxes = np.array([box.box_xywh for box in scene.boxes], np.float32).reshape(-1, 4)
    sample = Sample(scene.image, boxes, tuple(box.category for box in scene.boxes))
    if zoom > 1:
        spare_x, spare_y = scene.image.shape[1] - width, scene.image.shape[0] - height
        sample = window(sample, rng.randint(0, spare_x), rng.randint(0, spare_y), width, height)
    if rng.random() < 0.5:
        sample = flipped(sample)
    return replace(sample, image=as_another_camera(sample.image, rng, recipe.camera_strength))


def _targets(sample: Sample, rows: dict[str, int]) -> Targets:
    """Boxes of the prompt's categories as relative cxcywh."""
    kept = [place for place, name in enumerate(sample.names) if name in rows]
    boxes = torch.from_numpy(sample.boxes_xywh[kept])
    size = torch.tensor([sample.image.shape[1], sample.image.shape[0]])
    relative = torch.cat([(boxes[:, :2] + boxes[:, 2:] / 2) / size, boxes[:, 2:] / size], 1)
    return Targets(torch.tensor([rows[sample.names[place]] for place in kept], dtype=torch.long), relative)
