"""KD-DETR: student and teacher answer the same distillation queries, so that their rows can be compared one by one."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from ml.distill.correspondence import NO_QUERIES, by_groups
from ml.distill.geometry import row_trust
from ml.distill.method import POINTS, QUERIES, SHARED, Group, Method, Step
from ml.distill.paired_loss import PairedKnobs, foreground, paired_loss
from ml.train.recipe import knob

CHOSEN: dict[str, tuple[Group, ...]] = {"both": (SHARED, POINTS), "specific": (SHARED,), "general": (POINTS,)}


@dataclass(frozen=True)
class Args(PairedKnobs):
    queries: str = knob(
        "both",
        "Distillation",
        "'specific' are the teacher's own proposals, 'general' random places of the picture, which cover background; each costs a student decoder pass.",
        choices=tuple(CHOSEN),
    )


class KdDetr(Method):
    """Distillation queries of two kinds through both decoders; paired_loss.py over all of them."""

    name = "kd_detr"
    title = "KD-DETR"
    paper = "2211.08071"
    description = (
        "Runs the teacher's proposals and random reference points through both decoders and makes the student's class probabilities and boxes "
        "match the teacher's, row by row, weighted by the teacher's confidence. Needs no labels; costs two groups of queries more in the student's decoder."
    )
    refused = NO_QUERIES
    taps = frozenset({QUERIES})
    Args = Args

    def groups(self, progress: float) -> frozenset[Group]:
        return frozenset(CHOSEN[self.args.queries])

    def forward(self, step: Step) -> dict[str, Tensor]:
        student, teacher = by_groups(step, CHOSEN[self.args.queries])
        self.watched = {"foreground weight": foreground(teacher.logits[-1])[teacher.valid]}
        return paired_loss(student, teacher, self.args, row_trust(step, teacher))
