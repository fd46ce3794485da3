"""Rows of two decoders that are one object (distillation.md 1.4): asked about it together (A, B, C), or found alike without running anything twice (D, E)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
import torch.nn.functional as F
from scipy.optimize import linear_sum_assignment
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from ml.distill.method import OWN, Group, Labels, Rows, Step
from ml.models.grounding_dino.boxes import generalised_iou, to_xyxy
from ml.models.grounding_dino.criterion import match

COST_CLASS, COST_L1, COST_GIOU = 1.0, 5.0, 2.0  # DETRDistill
LEAST = 0.05  # teacher rows that see nothing are not worth a partner
LAYERED: Final = ("logits", "tokens", "boxes", "states")  # parts of Rows whose rows are axis 2, not 1
NO_QUERIES: Final = {"yolox": "It compares decoder queries, and YOLOX has none."}
Places = tuple[Tensor, Tensor]  # (R,) of the student's rows, (R,) of the teacher's


def by_groups(step: Step, groups: Sequence[Group]) -> tuple[Rows, Rows]:
    """A, B, C: what both decoders were asked, group behind group. A batch without labels has no TARGETS; one row of padding where nothing is left."""
    there = [group for group in groups if group in step.student.rows]
    if not there:
        return _nobody(step.student.rows[OWN]), _nobody(step.teacher.rows[OWN])
    return _beside([step.student.rows[group] for group in there]), _beside(
        [step.teacher.rows[group] for group in there]
    )


def by_matching(step: Step) -> tuple[Rows, Rows]:
    """D: the cheapest one-to-one matching of each model's own last predictions, for teacher rows that see something."""
    student, teacher = step.student.rows[OWN], step.teacher.rows[OWN]
    pairs = []
    for picture, valid in enumerate(teacher.valid):
        sure = teacher.logits[-1, picture].sigmoid().amax(1) >= LEAST
        pairs.append(matched(student, teacher, picture, (sure & valid).nonzero()[:, 0]))
    return _paired(student, teacher, pairs)


def by_labels(step: Step) -> tuple[Rows, Rows]:
    """E: the two rows that took the same label in each model's own matching."""
    student, teacher = step.student.rows[OWN], step.teacher.rows[OWN]
    pairs = []
    for ours, theirs in zip(taken(student, step.labels), taken(teacher, step.labels), strict=True):
        both = (ours >= 0) & (theirs >= 0)
        pairs.append((ours[both], theirs[both]))
    return _paired(student, teacher, pairs)


@torch.no_grad()
def matched(
    student: Rows, teacher: Rows, picture: int, theirs: Tensor, *, layer: int = -1, opposite: int = -1
) -> Places:
    """Which of the student's rows takes which of the teacher's rows `theirs` (R,), one to one, at the least cost: BCE summed over categories + 5 L1 - 2 GIoU.

    Args:
        layer, opposite: of the student's and of the teacher's decoder.
    """
    ours = student.valid[picture].nonzero()[:, 0]
    logits, boxes = student.logits[layer, picture, ours], student.boxes[layer, picture, ours]
    wanted, others = teacher.logits[opposite, picture, theirs].sigmoid(), teacher.boxes[opposite, picture, theirs]
    entropy = F.softplus(logits).sum(1)[:, None] - logits @ wanted.T  # BCE of every pair
    cost = COST_CLASS * entropy + COST_L1 * torch.cdist(boxes, others, p=1)
    cost = cost - COST_GIOU * generalised_iou(to_xyxy(boxes)[:, None], to_xyxy(others)[None])
    finite = np.nan_to_num(cost.double().cpu().numpy(), nan=1e6, posinf=1e6)
    rows, columns = (torch.as_tensor(places, device=ours.device) for places in linear_sum_assignment(finite))
    return ours[rows], theirs[columns]


@torch.no_grad()
def taken(rows: Rows, labels: Sequence[Labels], layer: int = -1) -> list[Tensor]:
    """For each picture the row that takes each of its N labels at the least cost of detection (2 class + 5 L1 - 2 GIoU), (N,); -1 where the rows ran out."""
    return [_taken(rows, each, picture, layer) for picture, each in enumerate(labels)]


def _taken(rows: Rows, labels: Labels, picture: int, layer: int) -> Tensor:
    found = torch.full_like(labels.labels, -1)
    own = rows.valid[picture].nonzero()[:, 0]
    if not len(found) or not len(own):
        return found
    logits, boxes = (part[layer, picture, own].float() for part in (rows.logits, rows.boxes))
    wanted = F.one_hot(labels.labels, logits.shape[1]).to(logits.dtype)
    places, takers = (part.to(found.device) for part in match(logits, boxes, wanted, labels.boxes))
    found[takers] = own[places]
    return found


def _beside(parts: Sequence[Rows]) -> Rows:
    """The rows of several groups as one."""
    if len(parts) == 1:
        return parts[0]
    layered = {name: torch.cat([getattr(part, name) for part in parts], 2) for name in LAYERED}
    flat = {name: torch.cat([getattr(part, name) for part in parts], 1) for name in ("references", "valid")}
    return Rows(**layered, **flat)


def _nobody(rows: Rows) -> Rows:
    layered = {name: getattr(rows, name)[:, :, :1] for name in LAYERED}
    return Rows(**layered, references=rows.references[:, :1], valid=torch.zeros_like(rows.valid[:, :1]))


def _paired(student: Rows, teacher: Rows, pairs: Sequence[Places]) -> tuple[Rows, Rows]:
    """Both models' rows in the order of the pairs, padded to the picture that has most."""
    counts = torch.tensor([len(ours) for ours, _ in pairs])
    most = max(1, int(counts.max()))
    valid = (torch.arange(most) < counts[:, None]).to(student.valid.device)
    ours, theirs = (pad_sequence([pair[side] for pair in pairs], batch_first=True) for side in (0, 1))
    return _picked(student, ours, valid), _picked(teacher, theirs, valid)


def _picked(rows: Rows, places: Tensor, valid: Tensor) -> Rows:
    places = F.pad(places, (0, valid.shape[1] - places.shape[1]))

    def layers(part: Tensor) -> Tensor:
        return part.gather(2, places[None, :, :, None].expand(len(part), -1, -1, part.shape[-1]))

    references = rows.references.gather(1, places[..., None].expand(-1, -1, 4))
    return Rows(layers(rows.logits), layers(rows.tokens), layers(rows.boxes), layers(rows.states), references, valid)
