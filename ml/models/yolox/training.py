"""YOLOX as a trainee: fresh, from an official COCO checkpoint, or from a folder of our own."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor, nn

from ml.data.transforms import Sample
from ml.errors import BadRecipe, IncompatibleTaxonomy
from ml.models.detector import folder_of
from ml.models.yolox import folder as folders
from ml.models.yolox.anchors import STRIDES, anchors_of
from ml.models.yolox.checkpoints import load_yolox
from ml.models.yolox.classes import COCO, shared_classes
from ml.models.yolox.criterion import detection_loss
from ml.models.yolox.folded import load_export
from ml.models.yolox.folder import Card
from ml.models.yolox.lite import CLASSES, carried_over, shaped
from ml.models.yolox.network import BN_MOMENTUM, YOLOX
from ml.models.yolox.rounding import rounded
from ml.models.yolox.sharpening import SHARP_FROM, sharpen
from ml.models.yolox.sizes import LITE_SIZES, SIZES, base_of, size_named
from ml.models.yolox.unfolding import rendered_pixels, unfold
from ml.schemas import Category
from ml.train.labels import Labels, labels_of
from ml.train.observation import GRADIENTS, MEMORY, NECK, NOTHING, QUERIES, Asked, Seen, Shape, Tap, View, gradients_of
from ml.train.recipe import TrainRecipe

SMALLEST = "nano"
FOLDED = "yolox-onnx"  # its norms lie in its convolutions
OFFICIAL = {"yolox": load_yolox, FOLDED: load_export}
MISSING: dict[Tap, str] = {QUERIES: "a decoder with queries", MEMORY: "an encoder of picture and text"}


@dataclass(frozen=True)
class Batch:
    """`pixels` (B, 3, H, W) BGR 0-255; what is known of each picture's boxes; `names` of the categories, in the order of the labels' rows."""

    pixels: Tensor
    labels: list[Labels]
    names: list[str]
    token_map: None = None  # nothing is said in words

    @property
    def words(self) -> list[str]:
        """The head's classes are the categories."""
        return self.names

    def to(self, device: torch.device) -> Self:
        """The same on a device."""
        labels = [each.to(device) for each in self.labels]
        return replace(self, pixels=self.pixels.to(device, non_blocking=True), labels=labels)


@dataclass
class YoloxTrainee:
    """See `ml.train.families.Trainee`. `fresh`: categories that begin without knowledge of their own; `eight_bits`: it learns through their rounding."""

    model: YOLOX
    card: Card
    fresh: tuple[str, ...] = ()
    eight_bits: bool = False
    notes: list[str] = field(default_factory=list)
    stride_px: int = max(STRIDES)
    open_vocabulary: bool = False

    @property
    def collate(self) -> Collate:
        return Collate()

    def look(self, model: Any, batch: Batch, precision: str, asked: Asked = NOTHING) -> Seen:
        """bf16 ends before boxes are decoded."""
        _refuse_missing(asked)
        if model.training:
            _settle_statistics(model)
            if self.card.from_silu:
                sharpen(model, asked.progress)
        through = rounded(model) if self.eight_bits and model.training else nullcontext()
        with through, torch.autocast(batch.pixels.device.type, torch.bfloat16, enabled=precision == "bf16"):
            neck = model.backbone(batch.pixels)
            if GRADIENTS in asked.taps:
                neck = tuple(_apart(level) for level in neck)
            raw = model.head(neck)
        height, width = batch.pixels.shape[2:]
        anchors = anchors_of(width, height, batch.pixels.device)
        terms = detection_loss(raw, anchors, batch.labels, asked.trust)
        shown = tuple(level.float() for level in neck) if NECK in asked.taps else ()
        return Seen(terms, View(neck=shown, gradients=gradients_of(terms, neck) if GRADIENTS in asked.taps else ()))

    def shape(self, model: nn.Module) -> Shape:
        head: Any = model.head
        return Shape("yolox", tuple(stem.conv.in_channels for stem in head.stems), 0, 0)

    def adopt(self, batch: Batch) -> Batch:
        return batch

    def parameter_groups(self, model: nn.Module) -> list[tuple[list[nn.Parameter], float]]:
        return [([p for p in model.parameters() if p.requires_grad], 1.0)]

    def save(self, model: Any, folder: Path) -> None:
        folders.save(model, self.card, folder)


@dataclass(frozen=True)
class Collate:
    """Samples to a `Batch`."""

    def __call__(self, samples: Sequence[Sample], categories: Sequence[Category]) -> Batch:
        rows = {category.name: row for row, category in enumerate(categories)}
        pixels = torch.stack([_blue_green_red(sample) for sample in samples])
        return Batch(pixels, [labels_of(sample, rows) for sample in samples], list(rows))


def begin(recipe: TrainRecipe, saved: Path | None) -> YoloxTrainee:
    """See `ml.train.families.begin`."""
    begun = _begun(recipe, saved)
    if recipe.most_gflops and not saved:
        begun = _pruned(begun, recipe)
    return replace(begun, eight_bits=recipe.eight_bits)


def _pruned(begun: YoloxTrainee, recipe: TrainRecipe) -> YoloxTrainee:
    """With fewer channels, which the training then makes up for. Raises: BadRecipe where there is nothing to choose them by."""
    from ml.export.prune import pruned_to  # it opens models by this module

    if not recipe.init:
        raise BadRecipe(
            "Channels are taken from a trained model, and none is named to begin from.",
            field="most_gflops",
            hint="Choose a smaller size for fresh weights.",
        )
    model, share = pruned_to(begun.model, recipe.most_gflops, recipe.width, recipe.height)
    note = f"{share:.0%} of the channels were taken from {recipe.init}, for at most {recipe.most_gflops:g} GFLOPs."
    card = replace(begun.card, pruned=begun.card.pruned or share > 0)
    return replace(begun, model=model, card=card, notes=[*begun.notes, note])


def _begun(recipe: TrainRecipe, saved: Path | None) -> YoloxTrainee:
    if recipe.size and size_named(recipe.size) is None:
        raise BadRecipe(f"There is no size '{recipe.size}'; known: {', '.join(sizes())}.", field="size")
    card = Card(recipe.size or SMALLEST, recipe.categories, recipe.width, recipe.height)
    if saved:
        return _resumed(saved, card)
    if recipe.init:
        return _continued(recipe, card)
    torch.manual_seed(recipe.seed)
    return YoloxTrainee(YOLOX(card.network, len(card.categories)), card)


def open_yolox(ref: str) -> tuple[YOLOX, Card]:
    """The network that a reference names, and what it is.

    Raises:
        BadCheckpoint: nothing loadable is there. BadRecipe: it is a model of another kind.
    """
    scheme, _, rest = ref.partition(":")
    if scheme in OFFICIAL:
        official, size = OFFICIAL[scheme](Path(rest))
        return official, Card(next(name for name, each in SIZES.items() if each == size), COCO, size.side, size.side)
    source = folder_of(ref)
    if not isinstance(source, Path):
        raise BadRecipe(
            f"'{ref}' is no YOLOX that can be trained.",
            field="init",
            hint="Give yolox:<file> for an official checkpoint, yolox-onnx:<file> for an official export, or a folder that a YOLOX was trained into.",
        )
    return folders.load(source)


def sizes() -> tuple[str, ...]:
    """Those that were published, and those refined for a device."""
    return (*SIZES, *LITE_SIZES)


def _resumed(saved: Path, card: Card) -> YoloxTrainee:
    model, before = folders.load(saved)
    names = [[category.name for category in each.categories] for each in (before, card)]
    if names[0] != names[1]:
        raise IncompatibleTaxonomy(f"{saved} was trained for {', '.join(names[0])}, not for {', '.join(names[1])}.")
    return YoloxTrainee(model, replace(card, size=before.size, pruned=before.pruned, from_silu=before.from_silu))


def _continued(recipe: TrainRecipe, card: Card) -> YoloxTrainee:
    source, known = open_yolox(recipe.init)
    size = recipe.size or known.size
    if base_of(size) != base_of(known.size) or (known.pruned and size != known.size):
        raise BadRecipe(
            f"'{recipe.init}' is a YOLOX {known.size} and does not fit the size '{recipe.size}'.",
            field="size",
            hint="Leave the size empty to train the model as it is.",
        )
    card = replace(card, size=size, pruned=known.pruned)
    card = replace(card, from_silu=card.network.relu and not known.network.relu)
    torch.manual_seed(recipe.seed)
    model = YOLOX(card.network, len(card.categories))
    if known.pruned:
        shaped(model, source.state_dict())
    columns = shared_classes(card.categories, known.categories)
    _take_over(model, source, [columns.get(category.name, []) for category in card.categories])
    if recipe.init.partition(":")[0] == FOLDED:
        unfold(model, rendered_pixels(card.width, card.height))
    fresh = tuple(category.name for category in card.categories if category.name not in columns)
    return YoloxTrainee(model, card, fresh, notes=_notes(recipe, fresh, card))


def _notes(recipe: TrainRecipe, fresh: Sequence[str], card: Card) -> list[str]:
    notes = (
        [f"{', '.join(fresh)}: not known to {recipe.init}, begin with fresh weights of their class"] if fresh else []
    )
    if card.from_silu:
        notes.append(
            f"{recipe.init} was trained with SiLU and goes over to ReLU by degrees, until {SHARP_FROM:.0%} of the run: it is worth little before its end."
        )
    return notes


@torch.no_grad()
def _take_over(model: YOLOX, source: YOLOX, columns: Sequence[Sequence[int]]) -> None:
    """All weights of `source`, but of each class the mean of those that it comes from; it stays fresh where there is none."""
    before, own = source.state_dict(), model.state_dict()
    trunk = {name: own[name] if name.startswith(CLASSES) else tensor for name, tensor in before.items()}
    for name, tensor in carried_over(trunk, model).items():
        if not name.startswith(CLASSES):
            own[name].copy_(tensor)
            continue
        for row, places in enumerate(columns):
            if places:
                own[name][row] = before[name][list(places)].mean(0)


def _settle_statistics(model: nn.Module) -> None:
    """Let running statistics begin as the mean of what was seen. Torch begins them at variance 1, and what is left of that after 150 steps, a hundredth,
    adds up over a hundred layers: a fresh nano that had learnt a picture found nothing there in eval mode.
    """
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    seen = int(norms[0].num_batches_tracked or 0)  # the same for all of them
    for norm in norms:
        norm.momentum = max(BN_MOMENTUM, 1 / (1 + seen))


def _refuse_missing(asked: Asked) -> None:
    missing = [MISSING[tap] for tap in (QUERIES, MEMORY) if tap in asked.taps]
    if asked.probes and MISSING[QUERIES] not in missing:
        missing.append(MISSING[QUERIES])
    if missing:
        raise BadRecipe(f"A YOLOX does not have {' or '.join(missing)} to learn from.", field="method")


def _apart(level: Tensor) -> Tensor:
    """A level as the head sees it. Finer levels feed coarser ones too: that path is the neck's own, and a frozen teacher's graph does not have it."""
    return level.view_as(level) if level.requires_grad else level.requires_grad_()


def _blue_green_red(sample: Sample) -> Tensor:
    """(3, H, W) floats 0-255."""
    return torch.from_numpy(np.ascontiguousarray(sample.image[:, :, ::-1].transpose(2, 0, 1))).float()
