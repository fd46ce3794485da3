"""Batch norms of their own for a network whose norms were folded into its convolutions, so that training begins where the network was."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

PICTURES = 8
SEEN = 1000  # batches that the statistics stand for: they move on slowly, as in a network that was trained


@torch.no_grad()
def unfold(model: nn.Module, pixels: Tensor) -> None:
    """Give each norm the statistics of `pixels` (B, 3, H, W), BGR 0-255, and the scale and shift that undo them.

    Nothing that the network says in eval mode changes. In training a norm divides by the deviation of its batch: one that was folded would scale every layer anew.
    """
    hooks = [norm.register_forward_pre_hook(_measured) for norm in _norms(model)]
    training = model.training
    model.eval()(pixels)
    model.train(training)
    for hook in hooks:
        hook.remove()


def rendered_pixels(width: int, height: int) -> Tensor:
    """Road scenes of that size; the same ones for everybody."""
    from ml.export.frames import rendered  # it draws, and opens models by what is here
    from ml.models.yolox_onnx import letterbox

    frames = rendered(PICTURES)
    blobs = [letterbox(frames.load(image), width, height)[0] for image in frames.images]
    return torch.cat([torch.from_numpy(blob) for blob in blobs])


def _measured(norm: Any, inputs: tuple[Tensor]) -> None:
    variance, mean = torch.var_mean(inputs[0], dim=(0, 2, 3), unbiased=False)
    scale = norm.weight / (norm.running_var + norm.eps).sqrt()
    norm.bias += scale * (mean - norm.running_mean)
    norm.weight.copy_(scale * (variance + norm.eps).sqrt())
    norm.running_mean.copy_(mean)
    norm.running_var.copy_(variance)
    norm.num_batches_tracked.fill_(SEEN)


def _norms(model: nn.Module) -> list[nn.BatchNorm2d]:
    return [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
