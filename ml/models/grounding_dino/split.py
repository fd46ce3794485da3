"""Linear layers of fp32 numbers on a processor that multiplies bf16 many times faster: each number as the sum of two, three products of parts.

One product of bf16 keeps 8 bits and moves boxes; these three keep 16, of sums in fp32 (split.cpp). For inference: there is no backward.
"""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ml.models.grounding_dino.extension import built
from ml.models.grounding_dino.feedforward import SlicedFeedForward

logger = logging.getLogger(__name__)
SOURCE = Path(__file__).with_suffix(".cpp")
INSTRUCTIONS = ["-march=x86-64-v4", "-mavx512bf16", "-mamx-tile", "-mamx-bf16"]
ACTIVATIONS = {"ReLU": 1, "GELUActivation": 2, "GELU": 2}  # by class; split.cpp has the numbers
LEAST_WIDTH = 32  # of a matrix: narrower ones waste the tiles


class SplitLinear(nn.Module):
    """In place of `nn.Linear`; it keeps that one's weight, which folded attention reads."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.weight, self.bias = linear.weight, linear.bias
        self.out_features = linear.out_features
        self.register_buffer("packed", _packed(linear), persistent=False)

    def forward(self, states: Tensor) -> Tensor:
        """(..., K) -> (..., N)."""
        flat = states.float().reshape(-1, states.shape[-1]).contiguous()
        out: Tensor = _kernel().linear(flat, self.packed, _bias(self), self.out_features, 0)
        return out.view(*states.shape[:-1], self.out_features)


class SplitFeedForward(nn.Module):
    """In place of `SlicedFeedForward`: both matrices and the activation in one pass."""

    def __init__(self, first: nn.Linear, activation: int, second: nn.Linear) -> None:
        super().__init__()
        self.first, self.activation, self.second = SplitLinear(first), activation, SplitLinear(second)

    def forward(self, tokens: Tensor) -> Tensor:
        """(..., K) -> (..., N)."""
        first, second = self.first, self.second
        flat = tokens.float().reshape(-1, tokens.shape[-1]).contiguous()
        out: Tensor = _kernel().feed_forward(
            *(flat, first.packed, _bias(first), first.out_features, self.activation),
            *(second.packed, _bias(second), second.out_features),
        )
        return out.view(*tokens.shape[:-1], second.out_features)


def splits(device: torch.device) -> bool:
    """Whether the device is a processor with AMX that lets us use it, and a C++ compiler is at hand."""
    if device.type != "cpu" or not torch.cpu._is_amx_tile_supported() or not torch.cpu._is_avx512_bf16_supported():
        return False
    try:
        return bool(_kernel().permitted())
    except (OSError, RuntimeError, ImportError) as error:
        logger.warning("Split products were not compiled, fp32 is slower: %s", str(error).splitlines()[0])
        return False


def split_linear(model: nn.Module) -> None:
    """Put split products into every linear layer and feed-forward block of a model for inference."""
    for parent in list(model.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, SlicedFeedForward):
                setattr(parent, name, _feed_forward(child))
            elif type(child) is nn.Linear and min(child.weight.shape) >= LEAST_WIDTH:
                setattr(parent, name, SplitLinear(child))


def _feed_forward(block: SlicedFeedForward) -> nn.Module:
    """Its own kernel where the activation is one that it has; else the block as it is, whose matrices are split one by one."""
    kind = ACTIVATIONS.get(type(block.activation).__name__)
    if kind is None or not (type(block.first) is type(block.second) is nn.Linear):
        return block
    return SplitFeedForward(block.first, kind, block.second)


def _bias(layer: SplitLinear) -> Tensor:
    return layer.bias if layer.bias is not None else layer.weight.new_empty(0)


def _packed(linear: nn.Linear) -> Tensor:
    packed: Tensor = _kernel().pack(linear.weight.detach().float().contiguous())
    return packed


@cache
def _kernel() -> Any:
    return built(SOURCE, "AMX", INSTRUCTIONS)


if __name__ == "__main__":
    splits(torch.device("cpu"))  # as the set-up does, so that no user waits for it
