"""The Haar wavelet transform of feature maps."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def haar(maps: Tensor) -> tuple[Tensor, Tensor]:
    """One level: the low band (..., H/2, W/2), and the three others (..., 3, H/2, W/2): differences of rows, of columns, and diagonal ones."""
    a, b = maps[..., ::2, ::2], maps[..., ::2, 1::2]
    c, d = maps[..., 1::2, ::2], maps[..., 1::2, 1::2]
    details = torch.stack([a + b - c - d, a - b + c - d, a - b - c + d], -3)
    return (a + b + c + d) / 2, details / 2


def details(maps: Tensor, depth: int) -> list[Tensor]:
    """The detail bands (B, C, 3, H / 2^j, W / 2^j) of j = 1 to depth, fine to coarse, without the low band. Sides must be multiples of 2^depth."""
    found = []
    for _ in range(depth):
        maps, bands = haar(maps)
        found.append(bands)
    return found


def whole_blocks(maps: Tensor, depth: int) -> Tensor:
    """(B, C, H, W) with its last row and column repeated until its sides are multiples of 2^depth: a constant map stays one."""
    side = 2**depth
    height, width = maps.shape[2:]
    return F.pad(maps, (0, -width % side, 0, -height % side), mode="replicate")
