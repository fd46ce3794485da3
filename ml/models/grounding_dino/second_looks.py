"""How sure a decoder is of its boxes: do its layers agree, and does it find back to a box from beside it?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

LAYERS = 3  # the last ones, as distillation.md 2.3 has it
VIEWS = 4  # decoder passes; Soft Teacher takes ten of its far cheaper heads
JITTER = 0.06  # of the box's side, to each edge: Soft Teacher's


@contextmanager
def decoder_calls(model: Any) -> Iterator[list[dict[str, Any]]]:
    """Collects what the decoder is called with meanwhile."""
    calls: list[dict[str, Any]] = []
    handle = model.model.decoder.register_forward_pre_hook(
        lambda _module, _args, named: calls.append(named), with_kwargs=True
    )
    try:
        yield calls
    finally:
        handle.remove()


def layer_boxes(model: Any, output: Any, layer: int, start: Tensor) -> Tensor:
    """What a decoder layer answers, (B, Q, 4) relative cxcywh; `start` is where the first one begins."""
    hidden = output.intermediate_hidden_states[:, layer].float()
    before = output.intermediate_reference_points[:, layer - 1] if layer else start
    boxes: Tensor = (model.bbox_embed[layer](hidden) + torch.special.logit(before.float(), eps=1e-5)).sigmoid()
    return boxes


def last_layers(model: Any, output: Any) -> Tensor:
    """The boxes of the last layers, (J, B, Q, 4)."""
    count = output.intermediate_hidden_states.shape[1]
    chosen = range(max(0, count - LAYERS), count)
    return torch.stack([layer_boxes(model, output, layer, output.init_reference_points) for layer in chosen])


def redecoded(model: Any, output: Any, call: dict[str, Any]) -> Tensor:
    """The boxes that the same queries find when they begin beside their answer, (J, B, Q, 4). The same picture gives the same."""
    last = output.intermediate_hidden_states.shape[1] - 1
    answer = layer_boxes(model, output, last, output.init_reference_points)
    noise = torch.Generator().manual_seed(0)
    views = []
    for _ in range(VIEWS):
        start = jittered(answer, noise)
        again = model.model.decoder(**{**call, "reference_points": start.to(call["reference_points"].dtype)})
        views.append(layer_boxes(model, again, last, start))
    return torch.stack(views)


def jittered(boxes_cxcywh: Tensor, noise: torch.Generator) -> Tensor:
    """Each edge moved by a normal share of its side."""
    centre, sides = boxes_cxcywh[..., :2], boxes_cxcywh[..., 2:]
    moves = JITTER * torch.randn((2, *sides.shape), generator=noise).to(sides.device) * sides
    low, high = centre - sides / 2 + moves[0], centre + sides / 2 + moves[1]
    return torch.cat([(low + high) / 2, (high - low).abs().clamp(min=1e-4)], -1).clamp(0, 1)
