"""The batch of an iteration: which pictures, how they are changed, and what the model is asked for. A function of recipe and number alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from torch.utils.data import Dataset

from ml.data.transforms import Sample, as_another_camera, flipped, mosaic
from ml.schemas import Category
from ml.train.recipe import TrainRecipe
from ml.train.sources import Source

FEWEST_CATEGORIES = 4
SYNONYMS = {  # so that the other presets' phrases mean something too
    "person": ("pedestrian",),
    "bicyclist": ("cyclist",),
    "licence": ("license plate", "number plate"),
    "sign": ("sign", "road sign"),
    "truck": ("lorry",),
    "motorcyclist": ("motorcycle rider",),
}
SYNONYM_SHARE = 0.25
Collate = Callable[[Sequence[Sample], Sequence[Category]], Any]


@dataclass(frozen=True)
class Batches(Dataset[Any]):
    """The batches of a run by iteration; `rank` of `ranks` processes draws its own pictures of the same size for the same prompt.

    `stride_px` divides the sides of every batch. `open_vocabulary` models are asked for changing subsets in changing words.
    """

    recipe: TrainRecipe
    source: Source
    collate: Collate
    stride_px: int
    open_vocabulary: bool = True
    rank: int = 0
    ranks: int = 1

    def __getitem__(self, iteration: int) -> Any:
        recipe = self.recipe
        rng = random.Random(recipe.seed * 1_000_003 + iteration)
        categories = self._categories(rng)
        width, height = self._size(rng)
        first = (iteration * self.ranks + self.rank) * recipe.batch
        plain = iteration >= (1 - recipe.plain_share) * recipe.iterations
        samples = [self._sample(first + place, width, height, plain=plain) for place in range(recipe.batch)]
        return self.collate(samples, categories)

    def _categories(self, rng: random.Random) -> list[Category]:
        known = self.recipe.categories
        if not self.open_vocabulary or self.recipe.full_prompt_share == 1:
            return list(known)
        fewest = min(FEWEST_CATEGORIES, len(known))
        count = len(known) if rng.random() < self.recipe.full_prompt_share else rng.randint(fewest, len(known))
        return [_reworded(rng, category) for category in rng.sample(known, count)]

    def _size(self, rng: random.Random) -> tuple[int, int]:
        """Width and height in px, between the recipe's smallest share and the whole."""
        share = rng.uniform(self.recipe.smallest_share, 1.0)
        width, height = (
            max(1, round(side * share / self.stride_px)) * self.stride_px
            for side in (self.recipe.width, self.recipe.height)
        )
        return width, height

    def _sample(self, number: int, width: int, height: int, *, plain: bool) -> Sample:
        rng = random.Random(self.recipe.seed * 2_000_003 + number)
        if not plain and rng.random() < self.recipe.mosaic_share:
            tiles = [
                self._one(number, width, height, rng),
                *(self._one(rng.getrandbits(30), width, height, rng) for _ in range(3)),
            ]
            sample = mosaic(tiles, rng)
        else:
            sample = self._one(number, width, height, rng)
        if rng.random() < self.recipe.flip_share:
            sample = flipped(sample)
        sample = visible(sample, self.recipe.smallest_label_px)
        return (
            sample
            if plain
            else replace(sample, image=as_another_camera(sample.image, rng, self.recipe.camera_strength))
        )

    def _one(self, number: int, width: int, height: int, rng: random.Random) -> Sample:
        zoom = rng.uniform(1.0, self.recipe.largest_zoom) if rng.random() < 0.5 else 1.0
        return self.source.sample(number, width, height, zoom, rng)


def visible(sample: Sample, smallest_px: float) -> Sample:
    """Without labels whose area is under `smallest_px` squared: a small input makes far objects vanish, and teaching them makes a model fire at nothing."""
    return sample.kept(sample.image, sample.boxes_xywh, sample.boxes_xywh[:, 2:].prod(1) >= smallest_px**2)


def _reworded(rng: random.Random, category: Category) -> Category:
    others = SYNONYMS.get(category.name)
    return replace(category, phrase=rng.choice(others)) if others and rng.random() < SYNONYM_SHARE else category
