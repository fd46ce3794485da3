"""FGD, focal and global distillation: neck maps where the labels and the teacher look, and the relations between cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ml.distill.attention import attended_difference, mean_attention_distance
from ml.distill.masks import scale_masks
from ml.distill.method import Shape, Step
from ml.distill.necks import Level, NeckMethod
from ml.train.recipe import knob


@dataclass(frozen=True)
class Args:
    object_weight: float = knob(
        1e-3,
        "Distillation",
        "Of the maps inside labels, each label counting once. Published: 1e-3 for one-stage detectors, 5e-5 for two-stage ones.",
        minimum=0,
        maximum=1e4,
    )
    background_weight: float = knob(
        5e-4, "Distillation", "Of the maps outside all labels. Published: 5e-4 and 2.5e-5.", minimum=0, maximum=1e4
    )
    attention_weight: float = knob(
        0.1,
        "Distillation",
        "Of the difference in attention, averaged over cells and channels. Published: 1e-3 and 5e-5 of the sums.",
        minimum=0,
        maximum=1e4,
    )
    relation_weight: float = knob(
        0.1,
        "Distillation",
        "Of the difference in relations, averaged over cells and channels. Published: 5e-6 and 5e-7 of the sums.",
        minimum=0,
        maximum=1e4,
    )


class FocalGlobal(NeckMethod):
    """distillation.md 6.1. Masks are drawn on the padded input, whose cells they are of; the published code scales by the picture without padding.

    Attention and relations are averaged, where the paper sums: its weights hold for one size of picture alone. With the default weights all terms together
    were 20 % of the detector's loss at the first step (bundled nano, taught by the mini).
    """

    name = "fgd"
    title = "FGD (focal and global)"
    paper = "Yang et al., CVPR 2022, arXiv 2111.11837"
    description = (
        "The student's feature maps learn from the teacher's, inside and outside of labelled objects apart, more in the cells and channels that the "
        "teacher attends to; a small context block compares the relations between cells."
    )
    at_teacher = "zero at first"  # until the two context blocks, one a model, part ways
    Args = Args

    def __init__(self, args: Any, student: Shape, teacher: Shape | None) -> None:
        super().__init__(args, student, teacher)
        self.ours = nn.ModuleList(Context(channels) for channels in self.channels)
        self.theirs = nn.ModuleList(Context(channels) for channels in self.channels)

    def level(self, level: Level, step: Step) -> dict[str, Tensor]:
        objects, background = scale_masks([each.boxes for each in step.labels], level.valid)
        difference = attended_difference(level.student, level.teacher, level.valid)
        ours = self.ours[level.place](level.student, level.valid)
        theirs = self.theirs[level.place](level.teacher, level.valid)
        return {
            "objects": self.args.object_weight * level.summed(difference * objects),
            "background": self.args.background_weight * level.summed(difference * background),
            "attention": self.args.attention_weight * mean_attention_distance(level),
            "relations": self.args.relation_weight * level.mean((ours - theirs).square().mean(1)),
        }


class Context(nn.Module):
    """A map with the summary of all its cells added to each: what the global context block of GCNet sees of relations.

    Begins as the identity, as its last layer begins at zero.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        hidden = max(1, channels // 2)
        self.where = nn.Conv2d(channels, 1, 1)
        last = nn.Linear(hidden, channels)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.what = nn.Sequential(nn.Linear(channels, hidden), nn.LayerNorm(hidden), nn.ReLU(), last)

    def forward(self, features: Tensor, valid: Tensor) -> Tensor:
        """(B, C, H, W) of the same; padding is no part of the summary."""
        places = self.where(features)[:, 0].masked_fill(~valid, torch.finfo(features.dtype).min).flatten(1).softmax(1)
        summary = (features.flatten(2) @ places[:, :, None])[:, :, 0]
        found: Tensor = features + self.what(summary)[:, :, None, None]
        return found
