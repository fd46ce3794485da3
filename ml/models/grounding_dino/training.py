"""Grounding DINO as a trainee: any checkpoint in the layout of transformers, or one of our own sizes from scratch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import torch
from torch import Tensor, nn

from ml.data.transforms import Sample
from ml.errors import BadCheckpoint, BadRecipe
from ml.models.detector import folder_of
from ml.models.grounding_dino import nano
from ml.models.grounding_dino.adapter import normalised
from ml.models.grounding_dino.boxes import Targets
from ml.models.grounding_dino.checkpoint import load_checkpoint
from ml.models.grounding_dino.deformable import compile_attention
from ml.models.grounding_dino.depthwise import fast_depthwise
from ml.models.grounding_dino.observation import observe
from ml.models.grounding_dino.prompts import Prompt, tokenise
from ml.schemas import Category
from ml.train.labels import Labels, labels_of
from ml.train.observation import NOTHING, Asked, Seen, Shape
from ml.train.recipe import TrainRecipe

SLOW_PARTS = ("sampling_offsets", "reference_points")  # they steer where attention looks
SLOW_SHARE = 0.3  # of the rate keeps them steady


@dataclass(frozen=True)
class Batch:
    """`pixels` (B, 3, H, W) normalised; one prompt for all pictures; what is known of each picture's boxes."""

    pixels: Tensor
    labels: list[Labels]
    prompt: Prompt

    @property
    def targets(self) -> list[Targets]:
        return [Targets(each.labels, each.boxes) for each in self.labels]

    @property
    def names(self) -> list[str]:
        """Of the categories, in the order of the labels' rows."""
        return [category.name for category in self.prompt.categories]

    @property
    def words(self) -> list[str]:
        """What the model is asked for, in order."""
        return [category.phrase for category in self.prompt.categories]

    @property
    def token_map(self) -> Tensor:
        return self.prompt.token_map

    def to(self, device: torch.device) -> Self:
        """The same on a device."""
        labels = [each.to(device) for each in self.labels]
        pixels = self.pixels.to(device, non_blocking=True)
        return replace(self, pixels=pixels, labels=labels, prompt=_moved(self.prompt, device))


@dataclass
class GroundingDinoTrainee:
    """See `ml.train.families.Trainee`."""

    model: Any
    tokenizer: Any
    shortest_edge: int
    denoising_queries: int
    tuned: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    stride_px: int = nano.STRIDE_PX
    open_vocabulary: bool = True

    @property
    def collate(self) -> Collate:
        return Collate(self.tokenizer)

    def look(self, model: nn.Module, batch: Batch, precision: str, asked: Asked = NOTHING) -> Seen:
        """bf16 ends before the heads that the loss reads: boxes need all digits."""
        return observe(model, batch, precision, self.denoising_queries if model.training else 0, asked)

    def shape(self, model: Any) -> Shape:
        levels = (model.config.d_model,) * model.config.num_feature_levels
        return Shape("grounding-dino", levels, model.config.d_model, model.config.decoder_layers)

    def adopt(self, batch: Batch) -> Batch:
        prompt = tokenise(batch.prompt.categories, self.tokenizer, self.tokenizer.model_max_length)
        return replace(batch, prompt=_moved(prompt, batch.pixels.device))

    def parameter_groups(self, model: nn.Module) -> list[tuple[list[nn.Parameter], float]]:
        named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
        slow = [p for name, p in named if any(part in name for part in SLOW_PARTS)]
        rest = [p for name, p in named if not any(part in name for part in SLOW_PARTS)]
        return [(rest, 1.0), (slow, SLOW_SHARE)]

    def save(self, model: nn.Module, folder: Path) -> None:
        nano.save(model, folder, self.tokenizer, shortest_edge=self.shortest_edge)
        if self.tuned:
            (folder / "headway.json").write_text(json.dumps(self.tuned))


@dataclass(frozen=True)
class Collate:
    """Samples to a `Batch`; needs the tokenizer alone, so that loader processes hold no model."""

    tokenizer: Any

    def __call__(self, samples: Sequence[Sample], categories: Sequence[Category]) -> Batch:
        rows = {category.name: row for row, category in enumerate(categories)}
        return Batch(
            torch.stack([normalised(sample.image) for sample in samples]),
            [labels_of(sample, rows) for sample in samples],
            tokenise(categories, self.tokenizer, self.tokenizer.model_max_length),
        )


def begin(recipe: TrainRecipe, saved: Path | None) -> GroundingDinoTrainee:
    """See `ml.train.families.begin`."""
    if recipe.size and recipe.size not in nano.SIZES:
        raise BadRecipe(f"There is no size '{recipe.size}'; known: {', '.join(nano.SIZES)}.", field="size")
    shortest = min(recipe.width, recipe.height)
    source = str(saved) if saved else recipe.init
    if not source:
        fresh = nano.build_model(recipe.seed, recipe.size or "nano")
        trainee = GroundingDinoTrainee(fresh, nano.build_tokenizer(), shortest, recipe.denoising_queries)
    else:
        checkpoint = load_checkpoint(folder_of(source))
        model, notes = (checkpoint.model, []) if saved else _sized(checkpoint.model, recipe)
        trainee = GroundingDinoTrainee(
            model, checkpoint.tokenizer, shortest, recipe.denoising_queries, checkpoint.tuned, notes
        )
    tokenise(
        recipe.categories, trainee.tokenizer, min(trainee.tokenizer.model_max_length, trainee.model.config.max_text_len)
    )
    if recipe.device == "cpu" or not torch.cuda.is_available():
        compile_attention(trainee.model)
        fast_depthwise(trainee.model)
    return trainee


def sizes() -> tuple[str, ...]:
    """Those of ml.models.grounding_dino.nano."""
    return tuple(nano.SIZES)


def _sized(model: Any, recipe: TrainRecipe) -> tuple[Any, list[str]]:
    """The init model, or one of another of our depths that begins at its weights."""
    if not recipe.size:
        return model, []
    wanted = nano.build_model(recipe.seed, recipe.size)
    try:
        nano.grow(model, wanted)
    except (ValueError, AttributeError) as error:
        raise BadCheckpoint(
            f"'{recipe.init}' does not fit the size '{recipe.size}': {error}.",
            hint="Leave the size empty to train the model as it is.",
        ) from error
    return wanted, [f"{recipe.size} begins at the weights of {recipe.init}"]


def _moved(prompt: Prompt, device: torch.device) -> Prompt:
    names = ("input_ids", "attention_mask", "token_map")
    return replace(prompt, **{name: getattr(prompt, name).to(device) for name in names})
