"""GKD: the cells and channels that detection hangs on, by the gradient of each model's own loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from torch import Tensor

from ml.distill.attribution import attribution, channel_gradients, normalised, unit
from ml.distill.method import GRADIENTS, NECK, Shape, Step, Tap
from ml.distill.necks import Level, NeckMethod
from ml.train.recipe import knob

MAP, FEATURE = "gkd_map", "gkd_feat"


@dataclass(frozen=True)
class Args:
    gkd_form: str = knob(
        MAP,
        "GKD",
        "What is compared: maps of where the loss hangs (gkd_map), or the features with the channels weighed by the teacher's gradient (gkd_feat).",
        choices=(MAP, FEATURE),
    )
    gkd_weight: float = knob(
        1.0,
        "GKD",
        "Of gkd_map, each level's mean difference in [0, 1]. Published: 0.01 to 0.5.",
        minimum=0,
        maximum=1e4,
    )
    gkd_feature_weight: float = knob(
        5e-3, "GKD", "Of gkd_feat, averaged over cells and summed over channels.", minimum=0, maximum=1e4
    )


class GradientGuided(NeckMethod):
    """distillation.md 3.3. The gradients are of the labels' loss on the very pixels of the step, and weigh only: the student learns through its features.

    The published code's map has no gradient at all, and is of the picture before augmentation. A picture whose loss hangs on nothing has no say. As the maps
    are normalised, a student whose features are the teacher's times a number counts as equal to it. At the default weights either form is
    some 6 % of the detector's loss at the first step (bundled nano, taught by the mini).
    """

    name = "gkd"
    title = "GKD (gradient-guided)"
    paper = "Lan and Tian, WACV 2024, arXiv 2303.04240"
    description = (
        "Both models say, by the gradient of their own detection loss, where in the feature maps detection hangs; the student learns the teacher's "
        "map of that, or its features with those channels first. Costs a further backward pass through the teacher's heads."
    )
    taps: ClassVar[frozenset[Tap]] = frozenset({NECK, GRADIENTS})
    Args = Args

    def __init__(self, args: Any, student: Shape, teacher: Shape | None) -> None:
        super().__init__(args, student, teacher, adapt=args.gkd_form == FEATURE)

    def level(self, level: Level, step: Step) -> dict[str, Tensor]:
        theirs = channel_gradients(step.teacher.gradients[level.opposite], level.valid)
        if self.args.gkd_form == FEATURE:
            return {"features": self.args.gkd_feature_weight * level.mean(weighed_difference(level, theirs))}
        ours = channel_gradients(step.student.gradients[level.place], level.valid)
        return {"maps": self.args.gkd_weight * level.mean(map_distance(level, ours, theirs))}


def map_distance(level: Level, ours: Tensor, theirs: Tensor) -> Tensor:
    """(B, H, W): L1 between the normalised attributions by gradients (B, C) of each; 0 for a picture where either has none."""
    pairs = ((level.student, ours), (level.teacher, theirs))
    student, teacher = (normalised(attribution(maps, unit(weights)), level.valid) for maps, weights in pairs)
    told = ours.any(1) & theirs.any(1)
    return (student - teacher).abs() * told[:, None, None]


def weighed_difference(level: Level, theirs: Tensor) -> Tensor:
    """(B, H, W): squared difference summed over channels, which weigh 1 on average and as the teacher's gradient is large."""
    weights = unit(theirs).abs() * theirs.shape[1]
    return ((level.student - level.teacher).square() * weights[:, :, None, None]).sum(1)
