"""The weights inside an official ONNX export, whose batch norms were folded into its convolutions, as a network that torch runs and trains on."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from ml.errors import BadCheckpoint
from ml.models.yolox.network import YOLOX, BaseConv
from ml.models.yolox.sizes import SIZES, Size

Folded = list[tuple[Tensor, Tensor]]


def load_export(path: Path) -> tuple[YOLOX, Size]:
    """In eval mode; each norm's shift is the bias that was folded, and it scales by one.

    Raises:
        BadCheckpoint: the file is missing, is no ONNX model, or holds no official YOLOX.
    """
    weights = _convolutions(path)
    for size in SIZES.values():
        with torch.device("meta"):
            shapes = [conv.weight.shape for conv in _in_order(YOLOX(size))]
        if shapes == [weight.shape for weight, _ in weights]:
            return _filled(YOLOX(size), weights).eval().requires_grad_(requires_grad=False), size
    raise BadCheckpoint(
        f"{path.name} holds no official YOLOX network ({', '.join(SIZES)}).",
        hint="Give an ONNX export of the official repository, with its batch norms folded.",
    )


def _convolutions(path: Path) -> Folded:
    """Weight and bias of each, in the order in which they run."""
    import onnx  # not needed to load a .pth

    if not path.is_file():
        raise BadCheckpoint(f"{path.name} is not a file.", hint="Give the path of a YOLOX ONNX export.")
    try:
        graph = onnx.load(str(path)).graph
        held = {each.name: torch.tensor(onnx.numpy_helper.to_array(each)) for each in graph.initializer}
        found = [[held[name] for name in node.input[1:]] for node in graph.node if node.op_type == "Conv"]
        return [(weight, bias) for weight, bias in found]
    except Exception as error:  # protobuf's decoder, missing initialisers: no public base class
        raise BadCheckpoint(f"{path.name} cannot be read as an ONNX export: {error}") from error


@torch.no_grad()
def _filled(model: YOLOX, weights: Folded) -> YOLOX:
    norms = {module.conv: module.bn for module in model.modules() if isinstance(module, BaseConv)}
    for conv, (weight, bias) in zip(_in_order(model), weights, strict=True):
        conv.weight.copy_(weight)
        if conv in norms:
            norms[conv].running_var = torch.full_like(bias, 1 - norms[conv].eps)
            norms[conv].bias.copy_(bias)
        else:
            conv.bias.copy_(bias)  # type: ignore[union-attr]
    return model


def _in_order(model: YOLOX) -> list[nn.Conv2d]:
    """As they run."""
    order: list[nn.Conv2d] = []
    convs = [module for module in model.modules() if isinstance(module, nn.Conv2d)]
    hooks = [conv.register_forward_hook(lambda module, *_: order.append(module)) for conv in convs]
    training = model.training
    model.eval()
    with torch.no_grad():
        model(torch.zeros(1, 3, 64, 64, device=convs[0].weight.device))
    model.train(training)
    for hook in hooks:
        hook.remove()
    return order
