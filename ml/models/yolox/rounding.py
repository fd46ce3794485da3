"""Training through 8 bits: each convolution sees its weights and its input rounded as an 8-bit network rounds them, and learns to live with it.

Weights are rounded channel by channel, which a batch norm that is folded into them later does not change; maps by the least and greatest value of the batch.
Gradients pass the rounding as if it were not there (Jacob et al., CVPR 2018). No state is kept: what is saved is an ordinary network.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import torch
from torch import Tensor, nn

LEVELS, WEIGHT_LIMIT = 255, 127
SMALLEST = 1e-8  # of a range: a map of noughts has none


@contextmanager
def rounded(model: nn.Module) -> Iterator[None]:
    """Within it every convolution of the model computes with rounded numbers."""
    convolutions = [module for module in model.modules() if isinstance(module, nn.Conv2d)]
    for convolution in convolutions:
        convolution.forward = partial(_convolved, convolution)  # type: ignore[method-assign]  # on the object, before its class
    try:
        yield
    finally:
        for convolution in convolutions:
            del convolution.forward


def rounded_weights(weight: Tensor) -> Tensor:
    """(C, ...) to the nearest of 255 values, even around nought, each channel on a scale of its own."""
    scale = weight.detach().abs().amax(tuple(range(1, weight.dim()))).clamp_min(SMALLEST) / WEIGHT_LIMIT
    places = torch.zeros_like(scale, dtype=torch.int32)
    return torch.fake_quantize_per_channel_affine(weight, scale, places, 0, -WEIGHT_LIMIT, WEIGHT_LIMIT)


def rounded_map(values: Tensor) -> Tensor:
    """To the nearest of 256 values between the least, or nought, and the greatest."""
    low, high = values.detach().amin().clamp(max=0), values.detach().amax().clamp(min=0)
    scale = ((high - low) / LEVELS).clamp_min(SMALLEST)
    place = (-low / scale).round().clamp(0, LEVELS).to(torch.int32)
    return torch.fake_quantize_per_tensor_affine(values, scale, place, 0, LEVELS)


def _convolved(convolution: nn.Conv2d, values: Tensor) -> Tensor:
    held = rounded_weights(convolution.weight)
    return convolution._conv_forward(rounded_map(values), held, convolution.bias)  # type: ignore[no-any-return]
