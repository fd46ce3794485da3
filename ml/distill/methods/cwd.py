"""CWD: where in the picture each channel is loudest, as a distribution over cells."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from ml.distill.method import Step
from ml.distill.necks import Level, NeckMethod
from ml.train.recipe import knob

NOWHERE = -1e9  # the softmax of it is 0


@dataclass(frozen=True)
class Args:
    weight: float = knob(3.0, "Distillation", "Of each level's term. Published: 10.", minimum=0, maximum=1e4)
    temperature: float = knob(1.0, "Distillation", "Softens both distributions.", minimum=0.1, maximum=100)


class ChannelWise(NeckMethod):
    """distillation.md 6.3, over the cells that are picture.

    The default weight makes it 11 % of the detector's loss at the first step (bundled nano, taught by the mini), where the published one makes it 38 %.
    """

    name = "cwd"
    title = "CWD (channel-wise)"
    paper = "Shu et al., ICCV 2021, arXiv 2011.13256"
    description = (
        "For every channel of the feature maps, the student learns where in the picture the teacher's is loudest. Cheap; how loud a channel is as a "
        "whole does not matter."
    )
    Args = Args

    def level(self, level: Level, step: Step) -> dict[str, Tensor]:
        found = channel_divergence(level.student, level.teacher, level.valid, self.args.temperature)
        return {"channels": self.args.weight * level.summed(found)}


def channel_divergence(student: Tensor, teacher: Tensor, valid: Tensor, temperature: float) -> Tensor:
    """(B, H, W) whose sum over cells is the KL divergence of the spatial distributions, averaged over channels, times temperature ** 2.

    A cell's part is p log(p / q) - p + q, which is never negative, so that cells can be weighed; the added terms have sum 0.

    Args:
        student, teacher: (B, C, H, W). valid: (B, H, W) bool.
    Source: Shu et al., ICCV 2021, arXiv 2011.13256.
    """
    log_q, log_p = (
        (part / temperature).masked_fill(~valid[:, None], NOWHERE).flatten(2).log_softmax(2)
        for part in (student, teacher)
    )
    p, q = log_p.exp(), log_q.exp()
    return (p * (log_p - log_q) - p + q).mean(1).view(valid.shape) * temperature**2
