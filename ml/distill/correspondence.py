"""Rows of two decoders that are one object, found without running anything twice (distillation.md 1.4, D and E)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from scipy.optimize import linear_sum_assignment
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from ml.distill.method import OWN, Labels, Rows, Step
from ml.models.grounding_dino.boxes import generalised_iou, to_xyxy
from ml.models.grounding_dino.criterion import class_cost

COST_CLASS, COST_L1, COST_GIOU = 1.0, 5.0, 2.0  # DETRDistill
LEAST = 0.05  # teacher rows that see nothing are not worth a partner
Places = tuple[Tensor, Tensor]  # (R,) of the student's rows, (R,) of the teacher's


def by_matching(step: Step) -> tuple[Rows, Rows]:
    """D: the cheapest one-to-one matching of each model's own last predictions, for teacher rows that see something."""
    student, teacher = step.student.rows[OWN], step.teacher.rows[OWN]
    pairs = [matched(student, teacher, picture) for picture in range(len(step.labels))]
    return _paired(student, teacher, pairs)


def by_labels(step: Step) -> tuple[Rows, Rows]:
    """E: the two rows that took the same label in each model's own matching."""
    student, teacher = step.student.rows[OWN], step.teacher.rows[OWN]
    pairs = [
        (taken(student, labels, picture), taken(teacher, labels, picture)) for picture, labels in enumerate(step.labels)
    ]
    return _paired(student, teacher, pairs)


@torch.no_grad()
def matched(student: Rows, teacher: Rows, picture: int) -> Places:
    """Hungarian between last layers; cost BCE + 5 L1 + 2 (1 - GIoU)."""
    sure = teacher.logits[-1, picture].sigmoid().amax(1)
    theirs = ((sure >= LEAST) & teacher.valid[picture]).nonzero()[:, 0]
    ours = student.valid[picture].nonzero()[:, 0]
    wanted = teacher.logits[-1, picture, theirs].sigmoid()
    logits = student.logits[-1, picture, ours]
    cross = (
        torch.nn.functional.softplus(logits).sum(1)[:, None] - logits @ wanted.T
    )  # BCE summed over categories, of every pair
    boxes, others = student.boxes[-1, picture, ours], teacher.boxes[-1, picture, theirs]
    cost = COST_CLASS * cross + COST_L1 * torch.cdist(boxes, others, p=1)
    cost = cost + COST_GIOU * (1 - generalised_iou(to_xyxy(boxes)[:, None], to_xyxy(others)[None]))
    return _places(cost, ours, theirs)


@torch.no_grad()
def taken(rows: Rows, labels: Labels, picture: int) -> Tensor:
    """(N,) the row that each label takes at the least cost of detection (2 class + 5 L1 - 2 GIoU) after the last layer."""
    own = rows.valid[picture].nonzero()[:, 0]
    boxes = rows.boxes[-1, picture, own]
    cost = 2 * class_cost(rows.logits[-1, picture, own].sigmoid())[:, labels.labels] + 5 * torch.cdist(
        boxes, labels.boxes, p=1
    )
    cost = cost - 2 * generalised_iou(to_xyxy(boxes)[:, None], to_xyxy(labels.boxes)[None])
    places, of_label = _places(cost, own, torch.arange(len(labels.labels), device=own.device))
    return places[of_label.argsort()]


def _places(cost: Tensor, ours: Tensor, theirs: Tensor) -> Places:
    rows, columns = linear_sum_assignment(cost.cpu().numpy())
    return ours[torch.as_tensor(rows, device=ours.device)], theirs[torch.as_tensor(columns, device=theirs.device)]


def _paired(student: Rows, teacher: Rows, pairs: Sequence[Places]) -> tuple[Rows, Rows]:
    """Both models' rows in the order of the pairs, padded to the picture that has most."""
    counts = torch.tensor([len(ours) for ours, _ in pairs])
    most = max(1, int(counts.max()))
    valid = (torch.arange(most) < counts[:, None]).to(student.valid.device)
    ours, theirs = (pad_sequence([pair[side] for pair in pairs], batch_first=True) for side in (0, 1))
    return _picked(student, ours, valid), _picked(teacher, theirs, valid)


def _picked(rows: Rows, places: Tensor, valid: Tensor) -> Rows:
    places = torch.nn.functional.pad(places, (0, valid.shape[1] - places.shape[1]))

    def layers(part: Tensor) -> Tensor:
        return part.gather(2, places[None, :, :, None].expand(len(part), -1, -1, part.shape[-1]))

    references = rows.references.gather(1, places[..., None].expand(-1, -1, 4))
    return Rows(layers(rows.logits), layers(rows.tokens), layers(rows.boxes), layers(rows.states), references, valid)
