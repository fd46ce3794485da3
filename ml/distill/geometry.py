"""Boxes and labels against query rows and feature cells, in the words of ml.distill.method."""

from __future__ import annotations

import torch
from torch import Tensor

from ml.distill.method import Labels, Rows, Step
from ml.models.grounding_dino.boxes import SAME_OBJECT, iou, to_xyxy


def best_label(boxes_cxcywh: Tensor, labels: Labels) -> tuple[Tensor, Tensor]:
    """For each of R boxes the place of the label that it overlaps most, and their IoU, both (R,); place 0 and IoU 0 without labels."""
    if not len(labels.boxes):
        nothing = boxes_cxcywh.new_zeros(len(boxes_cxcywh))
        return nothing.long(), nothing
    overlap, place = iou(boxes_cxcywh, labels.boxes).max(1)
    return place, overlap


def cells(boxes_cxcywh: Tensor, height: int, width: int) -> list[tuple[slice, slice]]:
    """The rows and columns of a map of height x width cells that each box touches: floor and ceil, at least one cell."""
    corners = to_xyxy(boxes_cxcywh).clamp(0, 1) * boxes_cxcywh.new_tensor([width, height, width, height])
    found = []
    for x1, y1, x2, y2 in corners.tolist():
        left, top = min(int(x1), width - 1), min(int(y1), height - 1)
        right, bottom = (max(first + 1, -int(-last // 1)) for first, last in ((left, x2), (top, y2)))
        found.append((slice(top, min(bottom, height)), slice(left, min(right, width))))
    return found


def label_trust(step: Step) -> list[Tensor]:
    """(N,) multipliers of each picture's labels; ones when nobody set any."""
    return list(step.label_trust) or [torch.ones_like(each.risk) for each in step.labels]


def row_trust(step: Step, rows: Rows) -> Tensor:
    """(B, R) multipliers of query rows: that of the label that the row began at, else its picture's; ones when nobody set any."""
    if step.image_trust is None:
        return torch.ones(rows.valid.shape, device=rows.boxes.device)
    pairs = zip(rows.references, step.labels, step.label_trust, step.image_trust, strict=True)
    return torch.stack([_by_label(best_label(boxes, labels), trust, rest) for boxes, labels, trust, rest in pairs])


def cell_trust(step: Step, height: int, width: int) -> Tensor:
    """(B, height, width) multipliers of feature cells, as `row_trust`; where labels overlap, the smaller multiplier."""
    shape = (len(step.labels), height, width)
    device = step.labels[0].boxes.device
    if step.image_trust is None:
        return torch.ones(shape, device=device)
    found = step.image_trust[:, None, None].expand(shape).clone()
    for picture, (labels, trust) in enumerate(zip(step.labels, step.label_trust, strict=True)):
        for place in trust.argsort(descending=True).tolist():
            rows, columns = cells(labels.boxes[place : place + 1], height, width)[0]
            found[picture, rows, columns] = trust[place]
    return found


def valid_cells(step: Step, level: int, like: Tensor) -> Tensor:
    """(B, H, W) bool of a level's map (B, C, H, W): True where it is not padding."""
    if step.valid:
        return step.valid[level]
    return torch.ones(like.shape[0], *like.shape[2:], dtype=torch.bool, device=like.device)


def _by_label(found: tuple[Tensor, Tensor], trust: Tensor, rest: Tensor) -> Tensor:
    place, overlap = found
    return torch.where(overlap >= SAME_OBJECT, trust[place], rest) if len(trust) else rest.expand(len(place))
