"""AFD, the augmented feature distillation of CLIP-KD: embeddings fused of student and teacher must tell categories apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ml.distill.contrast import CLIP_SCALE, NO_TEXT, classes_to_rows, rows_to_classes
from ml.distill.correspondence import taken
from ml.distill.geometry import label_trust
from ml.distill.method import OWN, QUERIES, Method, Shape, Step
from ml.train.recipe import knob


@dataclass(frozen=True)
class Args:
    weight: float = knob(1.0, "Distillation", "Of the contrastive loss.", minimum=0, maximum=1e4)
    scale: float = knob(
        CLIP_SCALE, "Distillation", "Cosines times this are logits: 1 / 0.07 as in CLIP.", minimum=0.01, maximum=1000
    )


class AugmentedFeatures(Method):
    """Both models' rows of one label, side by side through a layer, against both models' categories through another; distillation.md 6.5.

    The layers bring both widths to the student's, are trained with it and thrown away.
    """

    name = "afd"
    title = "AFD (CLIP-KD)"
    paper = "2307.12732"
    description = (
        "Fuses student and teacher features of each labelled object, and of each category's text, in layers of its own that must tell the categories "
        "apart. Cheap; a weak signal, as the layers can lean on the teacher's half."
    )
    refused = NO_TEXT
    taps = frozenset({QUERIES})
    at_teacher = "not zero"  # a contrastive loss is not an imitation
    Args = Args

    def __init__(self, args: Any, student: Shape, teacher: Shape | None) -> None:
        super().__init__(args, student, teacher)
        assert teacher is not None
        self.states, self.classes = (nn.Linear(student.width + teacher.width, student.width) for _ in range(2))

    def forward(self, step: Step) -> dict[str, Tensor]:
        takers = zip(*(taken(view.rows[OWN], step.labels) for view in (step.student, step.teacher)), strict=True)
        losses = torch.stack([self._picture(step, picture, *rows) for picture, rows in enumerate(takers)])
        half = self.args.weight / 2
        return {"queries_to_text": half * losses[:, 0], "text_to_queries": half * losses[:, 1]}

    def _picture(self, step: Step, picture: int, ours: Tensor, theirs: Tensor) -> Tensor:
        """(2,): rows to categories and back, of the labels that have a row in both models."""
        both = (ours >= 0) & (theirs >= 0)
        labels, trust = step.labels[picture].labels[both], label_trust(step)[picture][both]
        rows = self._fused_rows(step, picture, ours[both], theirs[both])
        classes = self._fused_classes(step, picture)
        ways = (
            rows_to_classes(rows, classes, labels, self.args.scale),
            classes_to_rows(classes, rows, labels, self.args.scale),
        )
        return torch.stack([(way * trust).sum() for way in ways])

    def _fused_rows(self, step: Step, picture: int, ours: Tensor, theirs: Tensor) -> Tensor:
        student, teacher = step.student.rows[OWN].states[-1, picture], step.teacher.rows[OWN].states[-1, picture]
        fused: Tensor = self.states(torch.cat([student[ours].float(), teacher[theirs].float()], 1))
        return fused

    def _fused_classes(self, step: Step, picture: int) -> Tensor:
        assert step.student.classes is not None
        assert step.teacher.classes is not None
        pair = step.student.classes[picture].float(), step.teacher.classes[picture].float()
        fused: Tensor = self.classes(torch.cat(pair, 1))
        return fused
