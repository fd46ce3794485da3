"""DETRDistill: predictions matched one to one, features where the teacher's good queries look, and the teacher's assignment for its queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ml.distill.correspondence import NO_QUERIES, matched, taken
from ml.distill.geometry import best_label, cell_trust, label_trust, row_trust, valid_cells
from ml.distill.layers import paired_layers, paired_levels
from ml.distill.method import NECK, OWN, QUERIES, SHARED, Group, Labels, Method, Rows, Shape, Step
from ml.distill.paired_loss import box_distances, foreground, sigmoid_divergence
from ml.models.grounding_dino.criterion import focal_loss
from ml.train.recipe import knob

LEAST_MASK = 0.01


@dataclass(frozen=True)
class Args:
    weight: float = knob(
        0.3,
        "Distillation",
        "Of all terms. The published 1 comes to 97 % of the detector's loss before the first step of the bundled nano under the mini, which is much.",
        minimum=0,
        maximum=1e4,
    )
    class_weight: float = knob(
        1.0, "Distillation", "Of the class divergence of matched predictions.", minimum=0, maximum=1e4
    )
    l1_weight: float = knob(5.0, "Distillation", "Of L1 between boxes, matched or assigned.", minimum=0, maximum=1e4)
    giou_weight: float = knob(
        2.0, "Distillation", "Of 1 - GIoU between boxes, matched or assigned.", minimum=0, maximum=1e4
    )
    feature_weight: float = knob(1.0, "Distillation", "Of the target-aware feature difference.", minimum=0, maximum=1e4)
    prior_weight: float = knob(
        1.0,
        "Distillation",
        "Of the detection loss of the teacher's proposals in the student, with the teacher's assignment; 0 saves these queries.",
        minimum=0,
        maximum=1e4,
    )
    matched_queries: int = knob(
        300, "Distillation", "Teacher queries a picture that are matched, the surest first.", minimum=1, maximum=10_000
    )
    mask_queries: int = knob(
        100, "Distillation", "Teacher queries a picture that say where features matter.", minimum=1, maximum=10_000
    )


class DetrDistill(Method):
    """The three parts of distillation.md 7.2; each decoder layer of the student learns from the teacher's of the same depth.

    The authors' further contrastive head is left out.
    """

    name = "detrdistill"
    title = "DETRDistill"
    paper = "2211.10156"
    description = (
        "Matches the student's predictions to the teacher's with the Hungarian algorithm at every decoder layer, imitates neck features where the "
        "teacher's best queries look, and trains the teacher's proposals in the student with the teacher's own assignment of labels."
    )
    refused = NO_QUERIES
    taps = frozenset({QUERIES, NECK})
    at_teacher = "not zero"  # the assigned part is a detection loss; the two others are zero
    Args = Args

    def __init__(self, args: Any, student: Shape, teacher: Shape | None) -> None:
        super().__init__(args, student, teacher)
        assert teacher is not None
        same = student.width == teacher.width  # neck maps are as wide as queries
        self.adapter: nn.Module = nn.Identity() if same else nn.Conv2d(student.width, teacher.width, 1)

    def groups(self, progress: float) -> frozenset[Group]:
        return frozenset({SHARED} if self.args.prior_weight else ())

    def forward(self, step: Step) -> dict[str, Tensor]:
        terms = self._predictions(step) | {"features": self.args.feature_weight * self._features(step)}
        if self.args.prior_weight:
            terms["assigned"] = self.args.prior_weight * self._assigned(step)
        return {name: self.args.weight * term for name, term in terms.items()}

    def _predictions(self, step: Step) -> dict[str, Tensor]:
        student, teacher = step.student.rows[OWN], step.teacher.rows[OWN]
        trust, most = row_trust(step, teacher), self.args.matched_queries
        pairs = enumerate(paired_layers(len(student.logits), len(teacher.logits)))
        layers = [matched_loss(student, layer, teacher, opposite, trust, most) for layer, opposite in pairs]
        classes, l1, giou = torch.stack(layers).sum(0).unbind(1)
        return {
            "class": self.args.class_weight * classes,
            "l1": self.args.l1_weight * l1,
            "giou": self.args.giou_weight * giou,
        }

    def _features(self, step: Step) -> Tensor:
        """(B,): differences where the teacher's queries look, summed over its layers and over levels."""
        teacher = step.teacher.rows[OWN]
        looks = [
            [self._look(teacher, labels, picture, layer) for picture, labels in enumerate(step.labels)]
            for layer in range(len(teacher.logits))
        ]
        sought = torch.stack([torch.stack(layer) for layer in looks])  # (N, B, d)
        levels = paired_levels(step.student.neck, step.teacher.neck)
        return torch.stack([self._level(step, sought, *pair) for pair in levels]).sum(0)

    def _look(self, rows: Rows, labels: Labels, picture: int, layer: int) -> Tensor:
        """(d,) what the teacher's surest queries look for, each worth its score times its IoU with a label; its score alone where nothing is labelled."""
        chosen = _surest(rows, layer, picture, self.args.mask_queries)
        worth = foreground(rows.logits[layer, picture, chosen])
        if len(labels.boxes):
            worth = worth * best_label(rows.boxes[layer, picture, chosen], labels)[1]
        return worth @ F.normalize(rows.states[layer, picture, chosen].float(), dim=1)

    def _level(self, step: Step, sought: Tensor, level: int, opposite: int) -> Tensor:
        student, teacher = step.student.neck[level].float(), step.teacher.neck[opposite].float()
        valid = valid_cells(step, level, student)
        seen = target_masks(sought, teacher, valid).square().sum(0)  # the mask is applied before squaring
        difference = (self.adapter(student) - teacher).square().mean(1) * cell_trust(step, *student.shape[2:])
        mean: Tensor = (difference * seen).sum((1, 2)) / valid.sum((1, 2)).clamp(min=1)
        return mean

    def _assigned(self, step: Step) -> Tensor:
        """(B,): the detection loss of the teacher's proposals in the student, whose labels are those that the teacher's rows take."""
        student, teacher = step.student.rows[SHARED], step.teacher.rows[SHARED]
        trust = row_trust(step, teacher) * student.valid
        layers = []
        for layer, opposite in enumerate(paired_layers(len(student.logits), len(teacher.logits))):
            takers = taken(teacher, step.labels, opposite)
            pictures = zip(
                student.logits[layer],
                student.boxes[layer],
                step.labels,
                takers,
                trust,
                label_trust(step),
                strict=True,
            )
            layers.append(torch.stack([self._assigned_loss(*picture) for picture in pictures]))
        return torch.stack(layers).sum(0)

    def _assigned_loss(
        self, logits: Tensor, boxes: Tensor, labels: Labels, takers: Tensor, row_trust: Tensor, trust: Tensor
    ) -> Tensor:
        found = takers >= 0
        rows, truths, trust = takers[found], labels.kept(found), trust[found]
        wanted = torch.zeros_like(logits)
        wanted[rows, truths.labels] = 1
        believed = row_trust.index_put((rows,), trust)
        focal = (focal_loss(logits.float(), wanted.float()).sum(1) * believed).sum()
        l1, giou = ((part * trust).sum() for part in box_distances(boxes[rows], truths.boxes))
        total: Tensor = focal + self.args.l1_weight * l1 + self.args.giou_weight * giou
        return total / max(1, len(labels.boxes))


def matched_loss(student: Rows, layer: int, teacher: Rows, opposite: int, trust: Tensor, most: int) -> Tensor:
    """Of predictions of two layers, matched one to one: class divergence (summed over categories), L1 and 1 - GIoU; (B, 3) means over pairs.

    Args:
        trust: (B, R) multipliers of the teacher's rows. most: so many of the teacher's surest rows take part.
    """
    losses = []
    for picture, believed in enumerate(trust):
        ours, theirs = matched(
            student, teacher, picture, _surest(teacher, opposite, picture, most), layer=layer, opposite=opposite
        )
        classes = sigmoid_divergence(student.logits[layer, picture, ours], teacher.logits[opposite, picture, theirs])
        boxes = box_distances(student.boxes[layer, picture, ours], teacher.boxes[opposite, picture, theirs])
        pairs = torch.stack([classes.sum(-1), *boxes])
        losses.append((pairs * believed[theirs]).sum(1) / max(1, len(ours)))
    return torch.stack(losses)


def target_masks(sought: Tensor, features: Tensor, valid: Tensor) -> Tensor:
    """(N, B, H, W) from 0.01 up, the largest 1: where features look like what is sought; 0 on padding.

    Args:
        sought: (N, B, d) sums of unit vectors, each times its worth. features: (B, d, H, W). valid: (B, H, W) bool.
    """
    alike = torch.einsum("nbd,bdhw->nbhw", sought, F.normalize(features, dim=1))  # a sum of cosines is one product
    mask = alike.clamp(min=LEAST_MASK) * valid
    return mask / mask.amax((2, 3), keepdim=True).clamp(min=LEAST_MASK)


def _surest(rows: Rows, layer: int, picture: int, most: int) -> Tensor:
    """Places of the valid rows with the highest scores."""
    valid = rows.valid[picture]
    scores = foreground(rows.logits[layer, picture]).masked_fill(~valid, -1)
    return scores.topk(min(most, int(valid.sum()))).indices
