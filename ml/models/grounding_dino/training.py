"""Grounding DINO as a trainee: any checkpoint in the layout of transformers, or one of our own sizes from scratch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import nullcontext
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
from ml.models.grounding_dino.criterion import detection_loss
from ml.models.grounding_dino.deformable import compile_attention
from ml.models.grounding_dino.denoising import beside_the_queries, noised
from ml.models.grounding_dino.prompts import Prompt, tokenise
from ml.schemas import Category
from ml.train.recipe import TrainRecipe

SLOW_PARTS = ("sampling_offsets", "reference_points")  # they steer where attention looks
SLOW_SHARE = 0.3  # of the rate keeps them steady


@dataclass(frozen=True)
class Batch:
    """`pixels` (B, 3, H, W) normalised; one prompt for all pictures. `risk` and `severity` (N,) of each picture's targets, in their order."""

    pixels: Tensor
    targets: list[Targets]
    prompt: Prompt
    risk: list[Tensor]
    severity: list[Tensor]

    def to(self, device: torch.device) -> Self:
        """The same on a device."""
        prompt = self.prompt
        moved = {name: getattr(prompt, name).to(device) for name in ("input_ids", "attention_mask", "token_map")}
        return replace(
            self,
            pixels=self.pixels.to(device, non_blocking=True),
            targets=[Targets(t.labels.to(device), t.boxes.to(device)) for t in self.targets],
            prompt=replace(prompt, **moved),
            risk=[part.to(device) for part in self.risk],
            severity=[part.to(device) for part in self.severity],
        )


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

    def losses(self, model: nn.Module, batch: Batch, precision: str = "fp32") -> dict[str, Tensor]:
        """bf16 ends before the heads that the loss reads: boxes need all digits."""
        return losses(model, batch, precision, self.denoising_queries)

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
        kept = [[place for place, name in enumerate(sample.names) if name in rows] for sample in samples]
        pairs = list(zip(samples, kept, strict=True))
        return Batch(
            torch.stack([normalised(sample.image) for sample in samples]),
            [_targets(sample, places, rows) for sample, places in pairs],
            tokenise(categories, self.tokenizer, self.tokenizer.model_max_length),
            [torch.from_numpy(sample.risk[places]) for sample, places in pairs],
            [torch.from_numpy(sample.severity[places]) for sample, places in pairs],
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
    return trainee


def sizes() -> tuple[str, ...]:
    """Those of ml.models.grounding_dino.nano."""
    return tuple(nano.SIZES)


def losses(model: Any, batch: Batch, precision: str = "fp32", denoising_queries: int = 0) -> dict[str, Tensor]:
    """The terms of ml.models.grounding_dino.criterion on a batch, with gradient."""
    size, prompt = len(batch.pixels), batch.prompt
    mask = prompt.attention_mask.expand(size, -1)
    noise = noised(batch.targets, len(prompt.categories), denoising_queries)
    beside = beside_the_queries(model, noise, prompt.token_map) if noise else nullcontext()
    with beside, torch.autocast(batch.pixels.device.type, torch.bfloat16, enabled=precision == "bf16"):
        output = model.model(
            pixel_values=batch.pixels, input_ids=prompt.input_ids.expand(size, -1), attention_mask=mask
        )
    return detection_loss(model, output, mask, batch.targets, prompt.token_map, noise)


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


def _targets(sample: Sample, places: list[int], rows: dict[str, int]) -> Targets:
    """Boxes of the prompt's categories as relative cxcywh."""
    boxes = torch.from_numpy(sample.boxes_xywh[places])
    size = torch.tensor([sample.image.shape[1], sample.image.shape[0]])
    relative = torch.cat([(boxes[:, :2] + boxes[:, 2:] / 2) / size, boxes[:, 2:] / size], 1)
    return Targets(torch.tensor([rows[sample.names[place]] for place in places], dtype=torch.long), relative)
