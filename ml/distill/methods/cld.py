"""CLD: the teacher's lists of categories for each object, and of objects for each category (MMKD)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from ml.distill.correspondence import by_groups, by_labels, by_matching
from ml.distill.geometry import row_trust
from ml.distill.layers import paired_layers
from ml.distill.lists import listwise
from ml.distill.method import POINTS, QUERIES, SHARED, TARGETS, Group, Method, Rows, Step, Tap
from ml.models.grounding_dino.boxes import iou
from ml.train.recipe import knob

CORRESPONDENCES: dict[str, tuple[Group, ...]] = {
    "labels": (),
    "shared and targets": (SHARED, TARGETS),
    "shared": (SHARED,),
    "targets": (TARGETS,),
    "points": (POINTS,),
    "matching": (),
}
PAIRING: dict[str, Callable[[Step], tuple[Rows, Rows]]] = {"matching": by_matching, "labels": by_labels}


@dataclass(frozen=True)
class Args:
    """Defaults of distillation.md 1.3, but for the correspondence and its weight: section 1.4 recommends the teacher's proposals and the labels run through both
    decoders, which made our students worse than no teacher at any weight, where rows by label made them better (docs/results.md).
    """

    cld_weight: float = knob(
        4.0, "CLD", "Of the term beside the detector's loss; 5 to 20 % of that is usual.", minimum=0, maximum=1000
    )
    temperature: float = knob(1.0, "CLD", "Softens both models' lists.", minimum=0.1, maximum=100)
    correspondence: str = knob(
        "labels",
        "CLD",
        "Which rows of both decoders are one object: each model's own queries by the label they took, or matched with each other; or the teacher's "
        "proposals, the labels or random points run through both, which costs a decoder pass more.",
        choices=tuple(CORRESPONDENCES),
    )
    lists: str = knob(
        "categories",
        "CLD",
        "What the lists are of; tokens need one tokenizer in both models.",
        choices=("categories", "tokens"),
    )
    foreground: bool = knob(True, "CLD", "Objects count by the teacher's surest category; else all alike.")
    null_category: bool = knob(False, "CLD", "A further entry in the lists of categories, for what is background.")
    last_layers: int = knob(
        0, "CLD", "Only so many of the decoder's last layers learn; 0 for all.", minimum=0, maximum=100
    )
    least_iou: float = knob(
        0.0,
        "CLD",
        "Rows whose boxes in the two models have drifted further apart than this are left out.",
        minimum=0,
        maximum=1,
    )


class CLD(Method):
    """L of distillation.md 1.3, over every decoder layer; the text side learns too, through the encoder's text memory."""

    name = "cld"
    title = "CLD (cross-modal listwise)"
    paper = "MMKD, Cross-modal Listwise Distillation"
    description = (
        "Teacher and student rank categories for each object, and objects for each category; the student learns the teacher's two rankings at "
        "every decoder layer."
    )
    refused: ClassVar[dict[str, str]] = {"yolox": "It compares decoder queries with text, and YOLOX has neither."}
    taps: ClassVar[frozenset[Tap]] = frozenset({QUERIES})
    Args = Args

    def groups(self, progress: float) -> frozenset[Group]:
        return frozenset(CORRESPONDENCES[self.args.correspondence])

    def forward(self, step: Step) -> dict[str, Tensor]:
        student, teacher = self.pairs(step)
        layers = paired_layers(len(student.logits), len(teacher.logits))
        first = len(layers) - self.args.last_layers if self.args.last_layers else 0
        trust = row_trust(step, teacher)
        found, overlaps = [], []
        for layer, theirs in list(enumerate(layers))[max(0, first) :]:
            near = _overlap(student.boxes[layer], teacher.boxes[theirs])
            overlaps.append(near[teacher.valid])
            found.append(
                listwise(
                    self._logits(student, layer),
                    self._logits(teacher, theirs),
                    teacher.valid,
                    temperature=self.args.temperature,
                    foreground=self.args.foreground,
                    trust=trust * (near >= self.args.least_iou),
                    candidates=None if self.args.lists == "categories" else _named(step),
                    null=self.args.null_category,
                )
            )
        self.watched = {"overlap of paired boxes": torch.cat(overlaps).detach()}
        return {"lists": self.args.cld_weight * torch.stack(found).mean(0)}

    def pairs(self, step: Step) -> tuple[Rows, Rows]:
        """Row r of both is one object."""
        if pairing := PAIRING.get(self.args.correspondence):
            return pairing(step)
        return by_groups(step, CORRESPONDENCES[self.args.correspondence])

    def _logits(self, rows: Rows, layer: int) -> Tensor:
        return rows.logits[layer] if self.args.lists == "categories" else rows.tokens[layer]


def _named(step: Step) -> Tensor:
    """(L,) bool: tokens that belong to some category."""
    assert step.student.token_map is not None
    return step.student.token_map.any(0)


@torch.no_grad()
def _overlap(ours: Tensor, theirs: Tensor) -> Tensor:
    """(B, R) IoU of the boxes of each row, (B, R, 4) each."""
    return torch.stack([iou(a, b).diagonal() for a, b in zip(ours, theirs, strict=True)])
