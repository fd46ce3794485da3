"""Official weights carried over into YOLOX-Lite, and the shapes that pruning leaves (edge.md 1.3 and 1.4; the switches are in sizes.py)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ml.models.yolox.network import YOLOX

State = dict[str, Tensor]
STEM = "backbone.backbone.stem.conv.conv.weight"
CLASSES = "head.cls_preds."
PHASES = ((0, 0), (1, 0), (0, 1), (1, 1))  # row and column of the pixels in Focus's groups of three channels


@torch.no_grad()
def carried_over(state: State, into: YOLOX) -> State:
    """The weights of a network in the shapes of `into`, the same one refined; where `into` has more channels they change no answer, and can be learnt.

    Raises: ValueError when the two are not the same network refined.
    """
    wanted = into.state_dict()
    if state.keys() != wanted.keys():
        raise ValueError("The weights are of another network.")
    held = dict(state)
    if held[STEM].shape[1:] != wanted[STEM].shape[1:]:
        held[STEM] = as_one_convolution(held[STEM])
    return {name: _widened(name, held[name], wanted[name]) for name in wanted}


def as_one_convolution(focus: Tensor) -> Tensor:
    """The weight (C, 12, 3, 3) behind Focus as that of a 6x6 convolution of stride 2 on the picture, (C, 3, 6, 6); the sums are the same."""
    weight = focus.new_zeros(len(focus), 3, 6, 6)
    for group, (row, column) in enumerate(PHASES):
        weight[:, :, row::2, column::2] = focus[:, 3 * group : 3 * group + 3]
    return weight


def shaped(model: YOLOX, state: State) -> YOLOX:
    """`model` with the channels that `state` has, as pruning leaves them; its weights are not loaded. The classes stay the model's own.

    Raises: ValueError when a layer is missing in `state`.
    """
    for name, module in model.named_modules():
        if not isinstance(module, nn.Conv2d | nn.BatchNorm2d):
            continue
        weight = state.get(f"{name}.weight")
        if weight is None:
            raise ValueError(f"There are no weights for {name}.")
        if isinstance(module, nn.BatchNorm2d):
            _resize_norm(module, len(weight))
        else:
            _resize_conv(module, len(weight) if CLASSES not in name else module.out_channels, weight.shape[1])
    return model


def _widened(name: str, old: Tensor, new: Tensor) -> Tensor:
    """A larger tensor that holds `old` and, for the channels that are more: as inputs zeros, so that nothing is added; as outputs what is fresh in `new`."""
    if old.shape == new.shape:
        return old
    out = new.clone()
    if old.dim() == 4:
        places = _inputs(name, old.shape[1], new.shape[1])
        out[: len(old)] = 0
        out[: len(old), places] = old
        return out
    out[: len(old)] = old
    return out


def _inputs(name: str, old: int, new: int) -> Tensor:
    """Where the inputs of a convolution lie after widening: conv3 of a CSP layer joins two halves, each of which became wider."""
    places = torch.arange(old)
    if name.endswith("conv3.conv.weight"):
        places[old // 2 :] += (new - old) // 2
    return places


def _resize_conv(conv: nn.Conv2d, out: int, inner: int) -> None:
    if conv.groups > 1:  # depthwise: as many groups as channels
        conv.groups, conv.in_channels, conv.out_channels = out, out, out
    else:
        conv.in_channels, conv.out_channels = inner, out
    conv.weight = nn.Parameter(conv.weight.new_empty(out, inner, *conv.kernel_size))
    nn.init.kaiming_uniform_(conv.weight, a=5**0.5)
    if conv.bias is not None and len(conv.bias) != out:
        conv.bias = nn.Parameter(conv.bias.new_zeros(out))


def _resize_norm(norm: nn.BatchNorm2d, channels: int) -> None:
    norm.num_features = channels
    norm.weight, norm.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
    norm.running_mean, norm.running_var = torch.zeros(channels), torch.ones(channels)
