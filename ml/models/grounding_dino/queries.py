"""Queries beside the decoder's own, hidden from them: noised truths, or objects that teacher and student are both asked about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

HIDDEN = -1e4  # added to an attention score


@dataclass(frozen=True)
class Extra:
    """N queries a picture. `references` (B, N, 4) relative cxcywh: where they begin.

    Their content is the text feature of `categories` (B, N), or what the model's own query table holds at `slots` (B, N), round and round where the table
    is shorter. Queries see those of the same `part` (N,) alone, and the model's own where `sees_own`; nobody sees what is not `valid` (B, N).
    """

    references: Tensor
    categories: Tensor | None = None
    slots: Tensor | None = None
    part: Tensor | None = None
    sees_own: bool = False
    valid: Tensor | None = None


def beside(model: Any, extras: Sequence[Extra], token_map: Tensor) -> Any:
    """A context in which `model`'s decoder gets `extras`, in their order, behind its own queries.

    The pictures of a batch share one prompt, so no text is padding and the decoder needs no text mask.
    """
    return _beside(model, extras, token_map) if extras else nullcontext()


@contextmanager
def _beside(model: Any, extras: Sequence[Extra], token_map: Tensor) -> Iterator[None]:
    def append(_: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        own, references = kwargs["inputs_embeds"], kwargs["reference_points"]
        contents = [_content(model, extra, kwargs["text_encoder_hidden_states"], token_map) for extra in extras]
        more = {
            "inputs_embeds": torch.cat([own, *(content.to(own.dtype) for content in contents)], 1),
            "reference_points": torch.cat(
                [references, *(extra.references.to(references.dtype) for extra in extras)], 1
            ),
            "self_attn_mask": attention_mask(own.shape[1], extras),
            "text_encoder_attention_mask": None,
        }
        return args, {**kwargs, **more}

    handle = model.model.decoder.register_forward_pre_hook(append, with_kwargs=True)
    try:
        yield
    finally:
        handle.remove()


def attention_mask(own: int, extras: Sequence[Extra]) -> Tensor:
    """To add to the scores of all queries, the model's `own` first: nobody looks at another's extra queries. (Q, Q), or (B, 1, Q, Q) with padding."""
    device = extras[0].references.device
    groups, looks = [torch.full((own,), -1, device=device)], [torch.ones(own, dtype=torch.bool, device=device)]
    first = 0
    for extra in extras:
        part = extra.references.new_zeros(extra.references.shape[1]).long() if extra.part is None else extra.part
        groups.append(part + first)
        looks.append(torch.full_like(part, extra.sees_own, dtype=torch.bool))
        first += int(part.max()) + 1 if len(part) else 0
    group, sees_own = torch.cat(groups), torch.cat(looks)
    visible = (group[:, None] == group[None]) | (sees_own[:, None] & (group[None] < 0))
    if any(extra.valid is not None for extra in extras):
        real = torch.cat([*(_real(extra) for extra in extras)], 1)
        real = torch.cat([real.new_ones(len(real), own), real], 1)
        itself = torch.eye(len(group), dtype=torch.bool, device=device)  # a softmax over nothing is no number
        visible = ((visible & real[:, None, :]) | itself)[:, None]
    return torch.zeros(visible.shape, device=device).masked_fill(~visible, HIDDEN)


def _real(extra: Extra) -> Tensor:
    if extra.valid is not None:
        return extra.valid
    return torch.ones(extra.references.shape[:2], dtype=torch.bool, device=extra.references.device)


def _content(model: Any, extra: Extra, text: Tensor, token_map: Tensor) -> Tensor:
    """(B, N, d), without gradient into the text: these queries ask, they do not teach what to ask."""
    if extra.categories is not None:
        share = token_map / token_map.sum(1, keepdim=True).clamp(min=1)
        features = (share.to(text.dtype) @ text[:, : share.shape[1]]).detach()  # (B, K, d)
        return features.gather(1, extra.categories[..., None].expand(-1, -1, features.shape[2]))
    assert extra.slots is not None
    table: Tensor = model.model.query_position_embeddings.weight
    return table[extra.slots % len(table)]
