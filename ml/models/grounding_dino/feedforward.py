"""Feed-forward blocks over a slice of the tokens at a time, so that what lies between their two matrices stays in the processor's cache."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

TOKENS = 512  # x 2,048 hidden values in bf16 = 2 MB
NAMES = {  # of the first matrix, the activation and the second matrix, by the ending of a layer's class
    "DeformableLayer": ("fc1", "activation_fn", "fc2"),
    "DecoderLayer": ("fc1", "activation_fn", "fc2"),
    "ConvNextLayer": ("pwconv1", "act", "pwconv2"),
    "SwinMLP": ("fc1", "activation_fn", "fc2"),
}


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
    """In every layer of backbone, encoder and decoder of a model on the processor; for inference, as dropout between the matrices is left out."""
    for layer in list(model.modules()):
        for ending, (first, activation, second) in NAMES.items():
            if type(layer).__name__.endswith(ending):
                parts = (getattr(layer, name) for name in (first, activation, second))
                setattr(layer, second, SlicedFeedForward(*parts))
                setattr(layer, first, nn.Identity())
                setattr(layer, activation, nn.Identity())
