"""AID, adaptive instance distillation: another method's loss, less where the teacher itself errs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from ml.distill.correspondence import taken
from ml.distill.method import OWN, QUERIES, Group, Labels, Method, Rows, Shape, Step, Tap, Trust
from ml.distill.paired_loss import box_distances
from ml.errors import BadRecipe
from ml.models.grounding_dino.criterion import focal_loss
from ml.train.recipe import MethodSpec, knob

WEIGHT_CLASS, WEIGHT_L1, WEIGHT_GIOU = 2.0, 5.0, 2.0


@dataclass(frozen=True)
class Args:
    base: str = knob("cld", "Distillation", "The method that is weighed, with its default options.", choices=())
    granularity: str = knob(
        "instance",
        "Distillation",
        "Weigh each label by the teacher's loss on it, or each picture by the mean weight of its labels. The published weight of a pyramid level has no "
        "counterpart in a decoder.",
        choices=("instance", "image"),
    )
    alpha: float = knob(
        0.1,
        "Distillation",
        "The weight is exp(-alpha * the teacher's loss); 0 is the base method unchanged.",
        minimum=0,
        maximum=100,
    )
    base_weight: float = knob(1.0, "Distillation", "Of all terms of the base method.", minimum=0, maximum=1e4)


class AdaptiveInstance(Method):
    """Puts its weights into the step as `label_trust` and `image_trust`, which methods multiply their rows and cells by; distillation.md 4.

    What belongs to no label weighs what its picture's labels do on average.
    """

    name = "aid"
    title = "AID (weights for another method)"
    paper = "2201.11097"
    description = (
        "Runs another method and weakens it on objects that the teacher itself gets wrong, judged against the labels; on unaudited pseudo-labels by "
        "their error risk. Needs labels that are worth more than the teacher's own."
    )
    refused = {
        "yolox": "It judges the teacher by the query that took each label; a YOLOX teacher shows its pyramid alone, and no loss by label."
    }
    taps = frozenset({QUERIES})
    heeds_trust = False  # it is what gives it
    Args = Args

    def __init__(self, args: Any, student: Shape, teacher: Shape | None) -> None:
        """Raises: BadRecipe when the base is none that can be weighed."""
        super().__init__(args, student, teacher)
        if args.base not in bases():
            raise BadRecipe(f"AID cannot weigh '{args.base}'; it can: {', '.join(bases())}.", field="base")
        kind = bases()[args.base]
        self.base = kind(kind.Args(), student, teacher)
        self.notes += self.base.notes

    @classmethod
    def spec(cls) -> MethodSpec:
        spec = super().spec()
        own = (replace(option, choices=tuple(bases())) if option.name == "base" else option for option in spec.options)
        return replace(spec, options=tuple(own))

    def groups(self, progress: float) -> frozenset[Group]:
        return self.base.groups(progress)

    def looks(self, progress: float) -> frozenset[Tap]:
        looks = self.base.looks(progress)
        return looks | self.taps if looks else looks

    def survey(self, risks: Mapping[str, Sequence[float]]) -> None:
        before = len(self.base.notes)
        self.base.survey(risks)
        self.notes += self.base.notes[before:]

    def trust(self, labels: Sequence[Labels], names: Sequence[str], progress: float) -> list[Trust] | None:
        found = self.base.trust(labels, names, progress)
        self.watched = self.base.watched
        return found

    def forward(self, step: Step) -> dict[str, Tensor]:
        weighed = self._weighed(step) if self.args.alpha else step
        terms = {name: self.args.base_weight * term for name, term in self.base(weighed).items()}
        shown = {"weights": torch.cat(list(weighed.label_trust))} if weighed.label_trust else {}
        self.watched = self.base.watched | shown
        return terms

    @torch.no_grad()
    def _weighed(self, step: Step) -> Step:
        losses = teacher_losses(step.teacher.rows[OWN], step.labels)
        labels = [
            label_weights(each.risk, loss, self.args.alpha) for each, loss in zip(step.labels, losses, strict=True)
        ]
        pictures = torch.stack([each.mean() if len(each) else each.new_ones(()) for each in labels])
        if self.args.granularity == "image":
            labels = [mean.expand(len(each)) for each, mean in zip(labels, pictures, strict=True)]
        return replace(step, label_trust=labels, image_trust=pictures)


def bases() -> dict[str, type[Method]]:
    """Methods that learn from a teacher and heed trust, of the detectors that AID serves, by name."""
    from ml.distill.registry import found  # it imports this module

    return {
        name: kind
        for name, kind in found().items()
        if kind.needs_teacher and kind.heeds_trust and set(AdaptiveInstance.families) <= set(kind.families)
    }


def weight(loss: Tensor, alpha: float) -> Tensor:
    """exp(-alpha * loss): 1 for a teacher without error."""
    return torch.exp(-alpha * loss)


def label_weights(risk: Tensor, loss: Tensor, alpha: float) -> Tensor:
    """(N,): by the teacher's loss on labels that are certain; a label that may be wrong says nothing of the teacher, and weighs 1 - risk."""
    return torch.where(risk > 0, 1 - risk, weight(loss, alpha))


def teacher_losses(rows: Rows, labels: Sequence[Labels]) -> list[Tensor]:
    """For each picture the teacher's loss on each label, (N,): focal, L1 and GIoU at 2, 5, 2 of the last layer's row that takes it; infinite where none does."""
    pictures = enumerate(zip(taken(rows, labels), labels, strict=True))
    return [_losses(rows, picture, *pair) for picture, pair in pictures]


def _losses(rows: Rows, picture: int, takers: Tensor, labels: Labels) -> Tensor:
    found = takers >= 0
    logits, boxes = (part[-1, picture, takers[found]].float() for part in (rows.logits, rows.boxes))
    wanted = F.one_hot(labels.labels[found], logits.shape[1]).to(logits.dtype)
    l1, giou = box_distances(boxes, labels.boxes[found])
    losses = torch.full_like(labels.risk, torch.inf)
    losses[found] = WEIGHT_CLASS * focal_loss(logits, wanted).sum(1) + WEIGHT_L1 * l1 + WEIGHT_GIOU * giou
    return losses
