"""MGD: from a part of the student's map the whole of the teacher's must be made again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ml.distill.method import Shape, Step
from ml.distill.necks import Level, NeckMethod
from ml.train.recipe import knob


@dataclass(frozen=True)
class Args:
    weight: float = knob(
        0.5,
        "Distillation",
        "Of the squared difference, averaged over cells and channels. Published: 2e-5 (one-stage) and 5e-7 (two-stage) of the sum.",
        minimum=0,
        maximum=1e4,
    )
    hidden_share: float = knob(
        0.65,
        "Distillation",
        "Of the student's cells that are hidden. Published: 0.65 for one-stage detectors, 0.45 for two-stage ones.",
        minimum=0,
        maximum=1,
    )


class MaskedGeneration(NeckMethod):
    """distillation.md 7.5. The generator is trained with the student and thrown away with the run.

    All pictures of a batch hide the same cells, so that a picture's term does not depend on its place in the batch. The
    default weight makes it 15 % of the detector's loss at the first step (bundled nano, taught by the mini), less as soon as the generator has learnt.
    """

    name = "mgd"
    title = "MGD (masked generation)"
    paper = "Yang et al., ECCV 2022, arXiv 2205.01529"
    description = (
        "Most cells of the student's feature maps are hidden at random, and from the rest a small generator must make the teacher's whole map: the "
        "student's features have to know of their surroundings. Adds two convolutions a level while it trains."
    )
    at_teacher = "not zero"  # the generator would have to be the identity, and see everything
    Args = Args

    def __init__(self, args: Any, student: Shape, teacher: Shape | None) -> None:
        super().__init__(args, student, teacher)
        self.generators = nn.ModuleList(_generator(channels) for channels in self.channels)

    def level(self, level: Level, step: Step) -> dict[str, Tensor]:
        shown = shown_cells(level.valid, self.args.hidden_share)
        made = self.generators[level.place](level.student * shown[:, None])
        return {"generated": self.args.weight * level.mean((made - level.teacher).square().mean(1))}


def shown_cells(valid: Tensor, hidden_share: float) -> Tensor:
    """(B, H, W) bool: the cells that are picture and not hidden. Draws from torch's generator, the same cells for all pictures."""
    drawn = torch.rand(valid.shape[1:], device=valid.device)
    return valid & (drawn >= hidden_share)


def _generator(channels: int) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU(), nn.Conv2d(channels, channels, 3, padding=1)
    )
