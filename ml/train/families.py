"""The detectors that can be trained: one module a family, each giving a `Trainee`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, Self

import torch
from torch import Tensor, nn

from ml.data.transforms import Sample
from ml.errors import BadRecipe
from ml.schemas import Category
from ml.train.labels import Labels
from ml.train.observation import NOTHING, Asked, Seen, Shape
from ml.train.recipe import TrainRecipe

MODULES = {"grounding-dino": "ml.models.grounding_dino.training", "yolox": "ml.models.yolox.training"}


class Batch(Protocol):
    """B pictures of one size. `pixels` (B, 3, H, W); what is known of each one's boxes; `names` of the categories that the labels' rows mean, `words` what the
    model is asked for, `token_map` (K, L) which tokens of a prompt are of which category, None without a prompt."""

    pixels: Tensor
    labels: list[Labels]

    @property
    def names(self) -> list[str]: ...

    @property
    def words(self) -> list[str]: ...

    @property
    def token_map(self) -> Tensor | None: ...

    def to(self, device: torch.device) -> Self: ...


class Trainee(Protocol):
    """A model to train, and how. `stride_px` divides the sides of its input; `notes` say what was done to load it."""

    model: nn.Module
    stride_px: int
    open_vocabulary: bool
    notes: list[str]

    @property
    def collate(self) -> Callable[[Sequence[Sample], Sequence[Category]], Any]:
        """Pictures of one size to a `Batch`. Goes to loader processes too: free of the model, and pickles."""
        ...

    def look(self, model: nn.Module, batch: Any, precision: str, asked: Asked = NOTHING) -> Seen:
        """The named terms of a batch, whose sum is minimised, and what else is asked for; with gradient. `precision` is fp32 or bf16.

        Raises:
            BadRecipe: this kind of detector cannot show that.
        """
        ...

    def shape(self, model: nn.Module) -> Shape:
        """For adapters between models."""
        ...

    def adopt(self, batch: Any) -> Any:
        """A batch that another model of the family made, in this one's own words."""
        ...

    def parameter_groups(self, model: nn.Module) -> list[tuple[list[nn.Parameter], float]]:
        """The trainable parameters, in groups that learn at a share of the learning rate."""
        ...

    def save(self, model: nn.Module, folder: Path) -> None:
        """`model` as a folder that `build_detector` loads."""
        ...


def begin(recipe: TrainRecipe, saved: Path | None) -> Trainee:
    """The trainee of a recipe; with the architecture of `saved`, a model folder of this run, when it goes on.

    Raises:
        BadRecipe: the family is unknown, or has no such size.
        BadCheckpoint: `init` cannot be loaded, or does not fit.
        IncompatibleTaxonomy: the model cannot learn these categories.
    """
    if recipe.family not in MODULES:
        raise BadRecipe(f"There is no family '{recipe.family}'; known: {', '.join(MODULES)}.", field="family")
    trainee: Trainee = import_module(MODULES[recipe.family]).begin(recipe, saved)
    return trainee


def sizes(family: str) -> tuple[str, ...]:
    """The sizes of a family that can begin from nothing."""
    found: tuple[str, ...] = import_module(MODULES[family]).sizes()
    return found
