"""Feed-forward blocks over a slice of the tokens at a time, so that what lies between their two matrices stays in the processor's cache."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

TOKENS = 512  # x 2,048 hidden values in bf16 = 2 MB
LAYERS = ("DeformableLayer", "DecoderLayer")


class SlicedFeedForward(nn.Module):
    """fc2(activation(fc1(x))) of tokens (B, S, d), the same numbers whatever the slices."""

    def __init__(self, first: nn.Module, activation: Any, second: nn.Module) -> None:
        super().__init__()
        self.first, self.activation, self.second = first, activation, second

    def forward(self, tokens: Tensor) -> Tensor:
        flat = tokens.flatten(0, -2)
        parts = [self.second(self.activation(self.first(part))) for part in torch.split(flat, TOKENS)]
        return torch.cat(parts).view(*tokens.shape[:-1], -1)


def slice_feed_forward(model: nn.Module) -> None:
    """In every encoder and decoder layer of a model on the processor; for inference, as dropout between the matrices is left out."""
    for module in model.modules():
        if type(module).__name__.endswith(LAYERS):
            layer: Any = module
            layer.fc2 = SlicedFeedForward(layer.fc1, layer.activation_fn, layer.fc2)
            layer.fc1, layer.activation_fn = nn.Identity(), nn.Identity()
