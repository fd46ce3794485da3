"""Attention without its matrix: transformers' heads computed by torch's fused kernel, and masks of nothing left out. For inference."""

from __future__ import annotations

from typing import Any

import torch.nn.functional as F
from torch import Tensor, nn


class FusedAttention(nn.Module):
    """In place of transformers' `MultiheadAttention`; it returns no attention weights, and has no dropout."""

    def __init__(self, inner: Any) -> None:
        super().__init__()
        self.inner = inner

    def forward(
        self,
        queries: Tensor,
        keys: Tensor,
        values: Tensor,
        attention_mask: Tensor | None = None,
        output_attentions: bool = False,
    ) -> tuple[Tensor, ...]:
        """`queries` (B, Q, d), `keys` and `values` (B, K, d); `attention_mask` is added to the scores (B, H, Q, K)."""
        inner = self.inner
        query, key, value = (
            self._of_heads(part) for part in (inner.query(queries), inner.key(keys), inner.value(values))
        )
        if attention_mask is not None:
            attention_mask = attention_mask.to(query.dtype)
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=attention_mask)
        out: Tensor = inner.out_proj(mixed.transpose(1, 2).flatten(2))
        return (out, None) if output_attentions else (out,)  # type: ignore[return-value]

    def _of_heads(self, states: Tensor) -> Tensor:
        return states.view(*states.shape[:2], self.inner.num_attention_heads, -1).transpose(1, 2)


def fuse_attention(model: nn.Module) -> None:
    """In every layer of a model that attends among queries or to the text; and no copy of all values for a mask that hides none."""
    for parent in list(model.modules()):
        for name, child in list(parent.named_children()):
            kind = type(child).__name__
            if kind.endswith("GroundingDinoMultiheadAttention"):
                setattr(parent, name, FusedAttention(child))
            elif kind.endswith("MultiscaleDeformableAttention"):
                child.register_forward_pre_hook(_without_idle_mask, with_kwargs=True)


def _without_idle_mask(_: nn.Module, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
    mask = named.get("attention_mask")
    if mask is not None and mask.all():
        named = {**named, "attention_mask": None}
    return args, named
