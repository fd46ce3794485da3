"""PKD: the correlation of each channel of student and teacher, whatever their scales."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ml.distill.method import Step
from ml.distill.necks import Level, NeckMethod
from ml.train.recipe import knob

EPSILON = 1e-6
LEAST_DEVIATION = 1e-5  # below it a channel is constant, and dividing by it would make noise the loudest gradient


@dataclass(frozen=True)
class Args:
    weight: float = knob(
        1.0,
        "Distillation",
        "Of each level's term, which is 1 minus the correlation. Published: 6 to 10.",
        minimum=0,
        maximum=1e4,
    )


class Pearson(NeckMethod):
    """distillation.md 6.2. Channels are standardised over the whole batch, as published: a picture's value depends on its neighbours', and duplicating
    the batch changes it by (M - 1) / M of M cells. The default weight makes it 8 % of the detector's loss at the first step (bundled nano, taught by the
    mini), where the published ones would make it half or more.
    """

    name = "pkd"
    title = "PKD (Pearson correlation)"
    paper = "Cao et al., NeurIPS 2022, arXiv 2207.02039"
    description = (
        "Every channel of the student's feature maps learns to rise and fall with the teacher's; how loud it is does not matter, so models of "
        "different kinds can be compared."
    )
    Args = Args

    def level(self, level: Level, step: Step) -> dict[str, Tensor]:
        student, teacher = (standardised(part, level.valid) for part in (level.student, level.teacher))
        return {"correlation": self.args.weight * level.mean(0.5 * (student - teacher).square().mean(1))}


def standardised(features: Tensor, valid: Tensor) -> Tensor:
    """Each channel of (B, C, H, W) with mean 0 and (unbiased) deviation 1 over the valid cells (B, H, W) of all pictures; a constant one is 0 and without gradient."""
    where = valid[:, None]
    count = valid.sum()
    mean = (features * where).sum((0, 2, 3), keepdim=True) / count.clamp(min=1)
    centred = (features - mean) * where
    variance = centred.square().sum((0, 2, 3), keepdim=True) / (count - 1).clamp(min=1)
    varies = variance > LEAST_DEVIATION**2
    deviation = torch.where(varies, variance, 1.0).sqrt()  # the root of 0 has no finite gradient
    return torch.where(varies, centred / (deviation + EPSILON), 0.0)
