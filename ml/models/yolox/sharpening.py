"""From SiLU to ReLU by degrees: x * sigmoid(b * x) is SiLU at b = 1 and ReLU without end (Swish; Ramachandran et al., 2017).

A network that was trained with SiLU and goes on with ReLU from one step to the next has lost nearly all that it knew.
"""

from __future__ import annotations

from functools import partial

import torch.nn.functional as F
from torch import Tensor, nn

from ml.models.yolox.network import BaseConv

SHARP_FROM = 0.7  # of the run: the rest is ReLU itself
STEEPEST = 20.0  # there it is 0.014 off ReLU, a twentieth of what SiLU is


def sharpen(model: nn.Module, progress: float) -> None:
    """Give every convolution of the model the activation of that share of the run, 0 to 1."""
    steepness = STEEPEST ** (progress / SHARP_FROM)
    activation = F.relu if progress >= SHARP_FROM else partial(swish, steepness=steepness)
    for module in model.modules():
        if isinstance(module, BaseConv):
            module.activation = activation


def swish(x: Tensor, steepness: float) -> Tensor:
    """x * sigmoid(steepness * x)."""
    return F.silu(steepness * x) / steepness
