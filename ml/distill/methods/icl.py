"""ICL, the interactive contrastive learning of CLIP-KD: the student's embeddings find their partners among the teacher's."""

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
        CLIP_SCALE,
        "Distillation",
        "Cosines times this are logits: 1 / 0.07 as in CLIP; 2.65926 is what CLIP-KD's released code comes to.",
        minimum=0.01,
        maximum=1000,
    )


class InteractiveContrast(Method):
    """Student queries against the teacher's categories, student categories against the teacher's queries; distillation.md 6.5."""

    name = "icl"
    title = "ICL (CLIP-KD)"
    paper = "2307.12732"
    description = (
        "The student's decoder states of labelled objects must find their category among the teacher's text features, and its text features the "
        "teacher's objects. Cheap, as no extra decoder pass is run; it shapes embeddings and says nothing of boxes."
    )
    refused = NO_TEXT
    taps = frozenset({QUERIES})
    at_teacher = "not zero"  # a contrastive loss is not an imitation
    Args = Args

    def __init__(self, args: Any, student: Shape, teacher: Shape | None) -> None:
        super().__init__(args, student, teacher)
        assert teacher is not None
        same = student.width == teacher.width
        self.states, self.classes = (
            nn.Identity() if same else nn.Linear(student.width, teacher.width) for _ in range(2)
        )

    def forward(self, step: Step) -> dict[str, Tensor]:
        ours, theirs = (taken(view.rows[OWN], step.labels) for view in (step.student, step.teacher))
        pictures = range(len(step.labels))
        to_classes = torch.stack([self._to_classes(step, picture, ours[picture]) for picture in pictures])
        to_rows = torch.stack([self._to_rows(step, picture, theirs[picture]) for picture in pictures])
        half = self.args.weight / 2
        return {"queries_to_text": half * to_classes, "text_to_queries": half * to_rows}

    def _to_classes(self, step: Step, picture: int, rows: Tensor) -> Tensor:
        """The student's row of each label against the teacher's categories."""
        assert step.teacher.classes is not None
        found = rows >= 0
        states = self.states(step.student.rows[OWN].states[-1, picture, rows[found]].float())
        labels = step.labels[picture].labels[found]
        each = rows_to_classes(states, step.teacher.classes[picture], labels, self.args.scale)
        return (each * label_trust(step)[picture][found]).sum()

    def _to_rows(self, step: Step, picture: int, rows: Tensor) -> Tensor:
        """The student's categories against the teacher's row of each label."""
        assert step.student.classes is not None
        found = rows >= 0
        classes = self.classes(step.student.classes[picture].float())
        states, labels = step.teacher.rows[OWN].states[-1, picture, rows[found]], step.labels[picture].labels[found]
        each = classes_to_rows(classes, states, labels, self.args.scale)
        return (each * label_trust(step)[picture][found]).sum()
