"""Which cells of a map are of objects, and how much (distillation.md 3.2 and 6.1)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ml.distill.geometry import cells


def scale_masks(boxes_cxcywh: Sequence[Tensor], valid: Tensor) -> tuple[Tensor, Tensor]:
    """1 / (cells of a box) on its cells, where boxes overlap the larger; and 1 / (cells in no box) on those. (B, H, W) both, 0 on padding.

    Args:
        boxes_cxcywh: (N, 4) relative, of each picture. valid: (B, H, W) bool.
    """
    objects, background = torch.zeros(valid.shape, device=valid.device), valid.clone()
    for picture, boxes in enumerate(boxes_cxcywh):
        for rows, columns in cells(boxes, *valid.shape[1:]):
            inside = valid[picture, rows, columns]
            objects[picture, rows, columns] = objects[picture, rows, columns].maximum(
                inside / inside.sum().clamp(min=1)
            )
            background[picture, rows, columns] = False
    return objects, background / background.sum((1, 2), keepdim=True).clamp(min=1)


def soft_masks(boxes_cxcywh: Sequence[Tensor], valid: Tensor) -> Tensor:
    """1 on a box's cells, falling off with distance up to twice its size, all over the area of that; where boxes overlap the larger. (B, H, W).

    Computed in cells of the map, so that a box that moves by a cell moves its mask by a cell, which the published code's pasted Gaussians don't.

    Args: as `scale_masks`.
    """
    masks = torch.zeros(valid.shape, device=valid.device)
    for picture, boxes in enumerate(boxes_cxcywh):
        for rows, columns in cells(boxes, *valid.shape[1:]):
            masks[picture] = masks[picture].maximum(_soft(rows, columns, masks[picture]))
    return masks * valid


def _soft(rows: slice, columns: slice, like: Tensor) -> Tensor:
    down, across = (_profile(part, count, like) for part, count in zip((rows, columns), like.shape, strict=True))
    mask: Tensor = down[:, None] * across
    mask[rows, columns] = 1
    area: int = (rows.stop - rows.start) * (columns.stop - columns.start)
    return mask / (4 * area)


def _profile(inside: slice, count: int, like: Tensor) -> Tensor:
    """(count,) Gaussian along one axis, whose deviation is the box's length; 0 beyond twice that length."""
    length, centre = inside.stop - inside.start, (inside.start + inside.stop) / 2
    distance = (torch.arange(count, device=like.device) + 0.5 - centre).abs() / length
    return torch.where(distance <= 1, torch.exp(-0.5 * distance.square()), 0.0)
