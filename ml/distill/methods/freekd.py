"""FreeKD-lite: details of the feature maps, frequency by frequency."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from ml.distill.method import Step
from ml.distill.necks import Level, NeckMethod
from ml.distill.wavelets import details, whole_blocks
from ml.train.recipe import knob

DEPTH = 3


@dataclass(frozen=True)
class Args:
    frequency_weight: float = knob(
        0.3, "Distillation", "Of the detail bands of each level. Published: 1.", minimum=0, maximum=1e4
    )
    feature_weight: float = knob(
        0.5,
        "Distillation",
        "Of the plain mean squared difference of the maps beside it. Published: 5.",
        minimum=0,
        maximum=1e4,
    )


class FreeKDLite(NeckMethod):
    """distillation.md 6.4 with every mask 1: the published method masks each band by prompts that it trains on the teacher beforehand.

    The groups are the three scales of a Haar transform with their three orientations each; the lowest frequency is left out, as in the released loss. So is
    the third companion, on the box head of one kind of detector. A coefficient counts where its whole window is picture. The default weights
    make both terms 17 % of the detector's loss at the first step (bundled nano, taught by the mini), where the published ones make them 87 %.
    """

    name = "freekd"
    title = "FreeKD-lite (frequencies, without prompts)"
    paper = "Zhang et al., CVPR 2024, arXiv 2311.12079"
    description = (
        "The student's feature maps learn the teacher's edges and textures at three scales, and not how bright a map is as a whole. 'Lite': the "
        "published method also trains prompts that say which frequencies matter; here all count alike."
    )
    Args = Args

    def level(self, level: Level, step: Step) -> dict[str, Tensor]:
        difference = (level.student - level.teacher) * level.valid[:, None]
        return {
            "frequencies": self.args.frequency_weight * detail_distance(difference, level.trust, level.valid),
            "features": self.args.feature_weight * level.mean(difference.square().mean(1)),
        }


def detail_distance(difference: Tensor, trust: Tensor, valid: Tensor) -> Tensor:
    """(B,): mean magnitude of the detail coefficients of a map (B, C, H, W), summed over scales. The transform is linear: that of a difference is the difference.

    Args:
        trust: (B, H, W) multipliers. valid: (B, H, W) bool.
    """
    maps, worth, whole = (whole_blocks(part, DEPTH) for part in (difference, trust[:, None], valid[:, None].float()))
    found = []
    for scale, bands in enumerate(details(maps, DEPTH), start=1):
        side = 2**scale
        inside = -F.max_pool2d(-whole, side)[:, 0]  # 1 where all cells of the window are picture
        magnitude = bands.abs().mean((1, 2)) * F.avg_pool2d(worth, side)[:, 0]
        found.append((magnitude * inside).sum((1, 2)) / inside.sum((1, 2)).clamp(min=1))
    return torch.stack(found).sum(0)
