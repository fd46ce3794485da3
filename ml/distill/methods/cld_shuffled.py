"""The control that shows whether CLD's gain comes from what the teacher says: the teacher speaks of another picture of the batch."""

from __future__ import annotations

from dataclasses import replace

from torch import Tensor

from ml.distill.method import Rows, Step, View
from ml.distill.methods import cld
from ml.errors import BadRecipe


class ShuffledCLD(cld.CLD):
    """Picture b of the student against picture b - 1 of the teacher; everything else is CLD."""

    name = "cld_shuffled"
    title = "CLD, shuffled teacher (control)"
    description = "CLD with the teacher's answers given to the wrong pictures: what it gains over the control is not the teacher's knowledge of them."
    at_teacher = "not zero"
    Args = cld.Args

    def forward(self, step: Step) -> dict[str, Tensor]:
        if len(step.labels) < 2:
            raise BadRecipe("A batch of one picture has no other picture to take the answers of.", field="batch")
        return super().forward(replace(step, teacher=shuffled(step.teacher)))


def shuffled(view: View) -> View:
    """The rows of each picture of the one before it. Rows that are padding in either of them count for nothing."""
    return replace(view, rows={group: _shuffled(rows) for group, rows in view.rows.items()})


def _shuffled(rows: Rows) -> Rows:
    layered = {name: getattr(rows, name).roll(1, 1) for name in ("logits", "tokens", "boxes", "states")}
    return replace(rows, **layered, valid=rows.valid & rows.valid.roll(1, 0))
