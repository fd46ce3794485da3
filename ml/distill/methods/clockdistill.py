"""CLoCKDistill: encoder memory by location and scale, and class and box answers to target-aware queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from ml.distill.correspondence import NO_QUERIES, by_groups
from ml.distill.geometry import cell_trust, row_trust, valid_cells
from ml.distill.layers import paired_levels
from ml.distill.masks import scale_masks
from ml.distill.method import MEMORY, QUERIES, SHARED, TARGETS, Group, Labels, Method, Rows, Shape, Step
from ml.distill.paired_loss import PairedKnobs, paired_loss
from ml.train.recipe import knob


@dataclass(frozen=True)
class Args(PairedKnobs):
    """The memory weights are 256 times the published 5e-5 and 1e-7: those go with a sum over 256 channels, and here is a mean."""

    object_weight: float = knob(
        0.0128, "Distillation", "Of the encoder memory inside labels, each label counting once.", minimum=0, maximum=1e4
    )
    context_weight: float = knob(
        2.56e-5,
        "Distillation",
        "Of the encoder memory outside all labels, all cells together counting once; the published share is next to nothing.",
        minimum=0,
        maximum=1e4,
    )
    risk_limit: float = knob(
        0.6,
        "Distillation",
        "Labels from this error risk on make no queries and no foreground: they would anchor the student to wrong places.",
        minimum=0,
        maximum=1,
    )
    proposals: bool = knob(
        False,
        "Distillation",
        "Compare the teacher's own proposals too, as the authors' earlier code; costs further queries in the student's decoder.",
    )


class ClockDistill(Method):
    """Memory distillation (5.1) and consistent logit distillation (5.2) of distillation.md.

    A label's query begins at its box with its category's text as content, frozen, where the authors' earlier code has embeddings drawn at random.
    """

    name = "clockdistill"
    title = "CLoCKDistill"
    paper = "2502.10683"
    description = (
        "Makes the student's encoder memory match the teacher's, inside labelled objects more than around them, and compares both decoders' answers "
        "to queries built from the labels. Anchored in labels: good where they are trusted, and risky ones are left out."
    )
    refused = NO_QUERIES
    taps = frozenset({QUERIES, MEMORY})
    Args = Args

    def __init__(self, args: Any, student: Shape, teacher: Shape | None) -> None:
        super().__init__(args, student, teacher)
        assert teacher is not None
        same = student.width == teacher.width
        self.adapter: nn.Module = nn.Identity() if same else nn.Conv2d(student.width, teacher.width, 1)

    def groups(self, progress: float) -> frozenset[Group]:
        return frozenset({TARGETS, SHARED} if self.args.proposals else {TARGETS})

    def forward(self, step: Step) -> dict[str, Tensor]:
        return self._memory(step) | self._answers(step)

    def _answers(self, step: Step) -> dict[str, Tensor]:
        student, teacher = by_groups(step, (TARGETS, SHARED) if self.args.proposals else (TARGETS,))
        if TARGETS in step.student.rows:
            student = _without_risky(student, step.labels, self.args.risk_limit)
        return paired_loss(student, teacher, self.args, row_trust(step, teacher))

    def _memory(self, step: Step) -> dict[str, Tensor]:
        boxes = [each.boxes[each.risk < self.args.risk_limit] for each in step.labels]
        levels = paired_levels(step.student.memory, step.teacher.memory)
        objects, context = torch.stack([self._level(step, boxes, *pair) for pair in levels]).sum(0)
        return {
            "memory_objects": self.args.object_weight * objects,
            "memory_context": self.args.context_weight * context,
        }

    def _level(self, step: Step, boxes: list[Tensor], level: int, opposite: int) -> Tensor:
        student, teacher = step.student.memory[level].float(), step.teacher.memory[opposite].float()
        masks = scale_masks(boxes, valid_cells(step, level, student))
        return memory_loss(self.adapter(student), teacher, *masks, cell_trust(step, *student.shape[2:]))


def memory_loss(student: Tensor, teacher: Tensor, objects: Tensor, context: Tensor, trust: Tensor) -> Tensor:
    """(2, B): squared difference of the maps, averaged over channels and summed over cells, of objects and of context.

    Args:
        student, teacher: (B, C, H, W). objects, context: `scale_masks`. trust: (B, H, W) multipliers.
    """
    difference = (student - teacher).square().mean(1) * trust
    return torch.stack([(difference * mask).sum((1, 2)) for mask in (objects, context)])


def _without_risky(rows: Rows, labels: Sequence[Labels], limit: float) -> Rows:
    """Rows that begin with one of each label, in their order, of which the risky ones count as padding."""
    valid = rows.valid.clone()
    for picture, each in enumerate(labels):
        valid[picture, : len(each.risk)] &= each.risk < limit
    return replace(rows, valid=valid)
