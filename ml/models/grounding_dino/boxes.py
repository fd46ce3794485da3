"""Truths of a picture, and boxes as tensors with gradient: relative cxcywh, corners, GIoU."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

SAME_OBJECT = 0.5  # IoU from which two boxes are about one object


@dataclass(frozen=True)
class Targets:
    """Truth of one image: `labels` (N,) are rows of the prompt's token map, `boxes` (N, 4) relative cxcywh."""

    labels: Tensor
    boxes: Tensor


def to_xyxy(boxes_cxcywh: Tensor) -> Tensor:
    """(..., 4) centre and size to corners."""
    centre, half = boxes_cxcywh[..., :2], boxes_cxcywh[..., 2:] / 2
    return torch.cat([centre - half, centre + half], -1)


def generalised_iou(a_xyxy: Tensor, b_xyxy: Tensor) -> Tensor:
    """GIoU in [-1, 1], element by element with broadcasting (Rezatofighi et al., 2019)."""
    inner = (
        (torch.min(a_xyxy[..., 2:], b_xyxy[..., 2:]) - torch.max(a_xyxy[..., :2], b_xyxy[..., :2]))
        .clamp(min=0)
        .prod(-1)
    )
    outer = (
        (torch.max(a_xyxy[..., 2:], b_xyxy[..., 2:]) - torch.min(a_xyxy[..., :2], b_xyxy[..., :2]))
        .clamp(min=0)
        .prod(-1)
    )
    areas = ((box[..., 2:] - box[..., :2]).clamp(min=0).prod(-1) for box in (a_xyxy, b_xyxy))
    union = sum(areas) - inner
    return inner / union.clamp(min=1e-7) - (outer - union) / outer.clamp(min=1e-7)


def iou(a_cxcywh: Tensor, b_cxcywh: Tensor) -> Tensor:
    """(R, 4) against (N, 4): (R, N) in [0, 1]."""
    a, b = to_xyxy(a_cxcywh)[:, None], to_xyxy(b_cxcywh)[None]
    inner = (torch.min(a[..., 2:], b[..., 2:]) - torch.max(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    areas = a_cxcywh[:, None, 2:].prod(-1) + b_cxcywh[None, :, 2:].prod(-1)
    return inner / (areas - inner).clamp(min=1e-9)
