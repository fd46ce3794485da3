"""Which cells and channels of a map a model's own loss hangs on, by its gradient (GKD, distillation.md 3.1)."""

from __future__ import annotations

import torch
from torch import Tensor

EPSILON = 1e-7


def channel_gradients(gradients: Tensor, valid: Tensor) -> Tensor:
    """(B, C): mean over the valid cells of (B, C, H, W)."""
    return (gradients * valid[:, None]).sum((2, 3)) / valid.sum((1, 2)).clamp(min=1)[:, None]


def attribution(features: Tensor, weights: Tensor) -> Tensor:
    """(B, H, W): the channels of (B, C, H, W) by their weights (B, C), where they add up to something positive."""
    return torch.einsum("bchw,bc->bhw", features, weights).relu()


def normalised(maps: Tensor, valid: Tensor) -> Tensor:
    """(B, H, W) from 0 to 1 over the valid cells of each picture, 0 on the others; the limits carry no gradient."""
    with torch.no_grad():
        low = maps.masked_fill(~valid, torch.inf).amin((1, 2), keepdim=True)
        span = (maps - low).masked_fill(~valid, 0).amax((1, 2), keepdim=True)
        low = low.nan_to_num(posinf=0.0)  # nothing is valid
    return (maps - low) / (EPSILON + span) * valid


def unit(weights: Tensor) -> Tensor:
    """(B, C) with magnitudes of sum 1: a loss that is averaged over more boxes has smaller gradients and means the same. Zeros stay zeros."""
    total = weights.abs().sum(1, keepdim=True)
    return weights / torch.where(total > 0, total, 1.0)
