"""BMFI, bounding-box-aware multi-grained feature imitation: softly around the labels, and all over the map."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from ml.distill.attention import attended_difference, mean_attention_distance
from ml.distill.masks import soft_masks
from ml.distill.method import Step
from ml.distill.necks import Level, NeckMethod
from ml.train.recipe import knob


@dataclass(frozen=True)
class Args:
    bmfi_object_weight: float = knob(
        1e-3,
        "BMFI",
        "Of the maps in and around labels, each label counting once. Code's default: 1e-3.",
        minimum=0,
        maximum=1e4,
    )
    bmfi_map_weight: float = knob(
        5e-4,
        "BMFI",
        "Of the whole maps, averaged over cells. Code's default: 0, which leaves the global grain out.",
        minimum=0,
        maximum=1e4,
    )
    bmfi_attention_weight: float = knob(
        0.1,
        "BMFI",
        "Of the difference in attention, averaged over cells and channels. Code's default: 1e-3 of the sums.",
        minimum=0,
        maximum=1e4,
    )


class BoxAware(NeckMethod):
    """distillation.md 3.2; masks are drawn in cells of the map, where the published code's land elsewhere unless a box is in the middle.

    With the default weights all terms were 11 % of the detector's loss at the first step (bundled nano, taught by the mini).
    """

    name = "bmfi"
    title = "BMFI (box-aware features)"
    paper = "Lan and Tian, WACV 2024, arXiv 2303.04240"
    description = (
        "The student's feature maps learn from the teacher's in labelled objects and, fading, around them, and a little everywhere, more in the cells "
        "and channels that the teacher attends to."
    )
    Args = Args

    def level(self, level: Level, step: Step) -> dict[str, Tensor]:
        objects = soft_masks([each.boxes for each in step.labels], level.valid)
        difference = attended_difference(level.student, level.teacher, level.valid)
        return {
            "objects": self.args.bmfi_object_weight * level.summed(difference * objects),
            "map": self.args.bmfi_map_weight * level.mean(difference),
            "attention": self.args.bmfi_attention_weight * mean_attention_distance(level),
        }
