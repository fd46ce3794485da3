"""A frozen model to learn from, and a memory on disk of what it said about each picture."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import torch
from torch import Tensor, nn

from ml.distill.memory import Memory
from ml.train import families
from ml.train.families import Trainee
from ml.train.observation import GRADIENTS, MEMORY, NECK, OWN, QUERIES, Asked, Group, Rows, Shape, Tap, View
from ml.train.recipe import RENDERED, TrainRecipe

EXACT = ("boxes", "references")  # what half precision would move; gradients it would lose, as they are about 1e-5
ROWS = ("logits", "tokens", "boxes", "states", "references", "valid")


class Teacher:
    """Its weights never change, and its answers have no gradient. `notes` say whether they are remembered."""

    def __init__(self, trainee: Trainee, precision: str, memory: Memory | None, identity: str) -> None:
        self._trainee, self._precision, self._memory, self._identity = trainee, precision, memory, identity
        self._trainee.model.eval().requires_grad_(requires_grad=False)
        self.notes: list[str] = []

    @classmethod
    def of(cls, recipe: TrainRecipe, student: Trainee, precision: str) -> Self:
        """Raises: BadCheckpoint, IncompatibleTaxonomy; BadRecipe when it is no model of the student's family."""
        trainee = families.begin(replace(recipe, init=recipe.teacher, size="", method="none"), None)
        device = next(student.model.parameters()).device
        trainee.model.to(device)
        memory = None
        if recipe.teacher_cache and pictures_return(recipe):
            memory = Memory(Path(recipe.teacher_cache), round(recipe.teacher_cache_gb * 2**30))
        teacher = cls(trainee, precision, memory, digest_of(trainee.model.state_dict()) + precision)
        teacher.notes.append(f"The teacher is {recipe.teacher}; {_remembering(recipe)}.")
        return teacher

    @property
    def shape(self) -> Shape:
        return self._trainee.shape(self._trainee.model)

    def view(self, batch: Any, asked: Asked) -> View:
        """What it makes of a batch. The same with and without memory: both round to what the memory holds."""
        pictures = range(len(batch.pixels))
        if self._memory is None:
            fresh = self._look(batch, asked)
            return _joined([_of_picture(fresh, picture) for picture in pictures], batch, asked)
        keys = [self._key(batch, asked, picture) for picture in pictures]
        known = [found for key in keys if (found := self._memory.recall(key))]
        if len(known) < len(keys):
            fresh = self._look(batch, asked)
            known = [_of_picture(fresh, picture) for picture in pictures]
            for key, each in zip(keys, known, strict=True):
                self._memory.keep(key, each)
        return _joined(known, batch, asked)

    def _look(self, batch: Any, asked: Asked) -> View:
        with torch.set_grad_enabled(GRADIENTS in asked.taps):
            return self._trainee.look(self._trainee.model, self._trainee.adopt(batch), self._precision, asked).view

    def _key(self, batch: Any, asked: Asked, picture: int) -> str:
        """Of the very pixels, words and questions: another crop, prompt or precision is another key."""
        hasher = hashlib.blake2b(self._identity.encode(), digest_size=20)
        hasher.update(",".join([*sorted(asked.taps), *batch.words, *map(str, batch.pixels.shape[2:])]).encode())
        hasher.update(batch.pixels[picture].contiguous().cpu().numpy().tobytes())
        for group, probe in sorted(asked.probes.items()):
            hasher.update(group.encode())
            for part in (probe.references, probe.categories):
                if part is not None:
                    hasher.update(part[picture][probe.valid[picture]].contiguous().cpu().numpy().tobytes())
        if GRADIENTS in asked.taps:
            labels = batch.labels[picture]
            hasher.update(labels.boxes.cpu().numpy().tobytes() + labels.labels.cpu().numpy().tobytes())
        return hasher.hexdigest()


def _remembering(recipe: TrainRecipe) -> str:
    if not recipe.teacher_cache:
        return "what it says is not remembered, as no folder is named for it"
    if not pictures_return(recipe):
        return "what it says is not remembered, as zoom, mosaic, camera, size or prompt make every picture a new one"
    return "what it says of a picture is remembered"


def _of_picture(view: View, picture: int) -> dict[str, Tensor]:
    """Everything of one picture by name, as it is kept: in half precision but for boxes and gradients, and without padding rows."""
    found = {name: getattr(view, name)[picture] for name in ("text", "classes") if getattr(view, name) is not None}
    for name in (NECK, MEMORY, GRADIENTS):
        found |= {f"{name}.{level}": part[picture] for level, part in enumerate(getattr(view, name))}
    for group, rows in view.rows.items():
        real = rows.valid[picture]
        for name in ROWS:
            part = getattr(rows, name)
            one = part[:, picture][:, real] if part.dim() == 4 else part[picture][real]
            found[f"{group}.{name}"] = one
    return {name: _rounded(name, part.detach()).cpu().contiguous() for name, part in found.items()}


def _rounded(name: str, part: Tensor) -> Tensor:
    exact = part.dtype == torch.bool or name.endswith(EXACT) or name.startswith(GRADIENTS)
    return part if exact else part.clamp(-65504, 65504).half()


def _joined(known: Sequence[Mapping[str, Tensor]], batch: Any, asked: Asked) -> View:
    """The view of a batch again, from what is known of its pictures."""
    device = batch.pixels.device

    def stacked(name: str) -> Tensor | None:
        parts = [each[name].to(device) for each in known if name in each]
        return torch.stack(parts).float() if parts else None

    def levels(tap: Tap) -> tuple[Tensor, ...]:
        found = (stacked(f"{tap}.{level}") for level in range(len(known[0])))
        return tuple(part for part in found if part is not None)

    groups: list[Group] = [OWN, *asked.probes] if QUERIES in asked.taps else []
    return View(
        rows={
            group: _padded([{name: each[f"{group}.{name}"].to(device) for name in ROWS} for each in known])
            for group in groups
        },
        text=stacked("text"),
        token_map=batch.token_map,
        classes=stacked("classes"),
        neck=levels(NECK),
        memory=levels(MEMORY),
        gradients=levels(GRADIENTS),
    )


def _padded(pictures: Sequence[Mapping[str, Tensor]]) -> Rows:
    """Rows of pictures that may have different numbers of them."""
    most = max(len(each["valid"]) for each in pictures)

    def whole(name: str, each: Tensor) -> Tensor:
        at = 0 if name in ("references", "valid") else 1  # the axis of rows
        missing = [0, 0] * (each.dim() - 1 - at) + [0, most - each.shape[at]]
        return nn.functional.pad(each if each.dtype == torch.bool else each.float(), missing)

    parts = {name: torch.stack([whole(name, each[name]) for each in pictures]) for name in ROWS}
    layered = {name: part.transpose(0, 1) for name, part in parts.items() if part.dim() == 4}
    return Rows(**{**parts, **layered})


def pictures_return(recipe: TrainRecipe) -> bool:
    """Whether a picture ever comes again unchanged; a mirrored one is a second picture."""
    unchanged = recipe.largest_zoom == 1 and not recipe.mosaic_share and not recipe.camera_strength
    return recipe.train != RENDERED and unchanged and recipe.smallest_share == 1 and recipe.full_prompt_share == 1


def digest_of(state: Mapping[str, Tensor]) -> str:
    """Of weights by name, whatever file they came from."""
    hasher = hashlib.blake2b(digest_size=20)
    for name, tensor in sorted(state.items()):
        hasher.update(name.encode() + tensor.detach().cpu().flatten().view(torch.uint8).numpy().tobytes())
    return hasher.hexdigest()
