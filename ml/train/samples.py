"""Batches of rendered scenes with a random subset and order of the prompt, so that the model learns to read it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ml.models.grounding_dino.adapter import normalised
from ml.models.grounding_dino.criterion import Targets
from ml.models.grounding_dino.prompts import Prompt, tokenise
from ml.schemas import Category
from ml.synth import SynthFrame, random_scene
from ml.taxonomies import GDDA13
from ml.train.recipe import TrainRecipe

FEWEST_CATEGORIES = 4
TRAINING_SEEDS = 1_000_000  # scenes of training begin here; what lies below is for held-out use


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
    rows = {category.name: row for row, category in enumerate(categories)}
    pixels, targets = [], []
    for place in range(recipe.batch):
        seed = TRAINING_SEEDS * (recipe.seed + 1) + iteration * recipe.batch + place
        scene = random_scene(seed, recipe.width, recipe.height)
        flip = rng.random() < 0.5
        pixels.append(normalised(np.ascontiguousarray(scene.image[:, ::-1] if flip else scene.image)))
        targets.append(_targets(scene, rows, flip=flip))
    return Batch(torch.stack(pixels), targets, tokenise(categories, tokenizer, tokenizer.model_max_length))


def _subset(rng: random.Random, full_share: float) -> list[Category]:
    count = len(GDDA13) if rng.random() < full_share else rng.randrange(FEWEST_CATEGORIES, len(GDDA13))
    return rng.sample(GDDA13, count)


def _targets(scene: SynthFrame, rows: dict[str, int], *, flip: bool) -> Targets:
    """Boxes of the prompt's categories as relative cxcywh."""
    height, width = scene.image.shape[:2]
    kept = [box for box in scene.boxes if box.category in rows]
    xywh = torch.tensor([box.box_xywh for box in kept], dtype=torch.float32).view(-1, 4)
    centres = (xywh[:, :2] + xywh[:, 2:] / 2) / torch.tensor([width, height])
    if flip:
        centres[:, 0] = 1 - centres[:, 0]
    boxes = torch.cat([centres, xywh[:, 2:] / torch.tensor([width, height])], 1)
    return Targets(torch.tensor([rows[box.category] for box in kept], dtype=torch.long), boxes)
