"""The anchors of a YOLOX, one a cell of each level: where they lie, and what their raw boxes mean."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

STRIDES = (8, 16, 32)


@dataclass(frozen=True)
class Anchors:
    """A anchors, level by level, row by row. `cells` (A, 2) whole x and y in strides; `strides` (A, 1) px; `size` (2,) width and height of the input in px."""

    cells: Tensor
    strides: Tensor
    size: Tensor

    @property
    def centres(self) -> Tensor:
        """(A, 2) px."""
        return (self.cells + 0.5) * self.strides

    def decoded(self, raw: Tensor) -> Tensor:
        """Raw boxes (..., A, 4), offsets and log sizes in strides, to cxcywh in px."""
        return torch.cat([raw[..., :2] + self.cells, raw[..., 2:].exp()], -1) * self.strides

    def in_px(self, relative: Tensor) -> Tensor:
        """(..., 4) relative cxcywh to px."""
        return relative * self.size.repeat(2)


def anchors_of(width: int, height: int, device: torch.device) -> Anchors:
    """Those of an input of width x height px, both multiples of the coarsest stride."""
    cells, strides = [], []
    for stride in STRIDES:
        rows, columns = torch.meshgrid(torch.arange(height // stride), torch.arange(width // stride), indexing="ij")
        cells.append(torch.stack([columns, rows], -1).view(-1, 2))
        strides.append(torch.full((columns.numel(), 1), stride))
    size = torch.tensor([width, height])
    return Anchors(*(part.float().to(device) for part in (torch.cat(cells), torch.cat(strides), size)))


def iou(a_cxcywh: Tensor, b_cxcywh: Tensor) -> Tensor:
    """Element by element with broadcasting, (..., 4) to (...) in [0, 1]; 0 where both are empty."""
    a, b = (corners(boxes) for boxes in (a_cxcywh, b_cxcywh))
    inner = (torch.min(a[..., 2:], b[..., 2:]) - torch.max(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    union = a_cxcywh[..., 2:].prod(-1) + b_cxcywh[..., 2:].prod(-1) - inner
    return inner / (union + 1e-16)


def corners(boxes_cxcywh: Tensor) -> Tensor:
    """(..., 4) to xyxy."""
    centre, half = boxes_cxcywh[..., :2], boxes_cxcywh[..., 2:] / 2
    return torch.cat([centre - half, centre + half], -1)
