"""Prompts: a taxonomy's phrases as one text, and which tokens belong to which category.

Spans are kept as character offsets from the moment the text is built. Searching for the words would not do: "car" is found in "car rear" too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ml.errors import IncompatibleTaxonomy
from ml.schemas import Category


@dataclass(frozen=True)
class Prompt:
    """One tokenised prompt.

    `token_map` (K, L) is 1 where token l belongs to the phrase of category k; special tokens and dots belong to none.
    """

    categories: tuple[Category, ...]
    text: str
    input_ids: Tensor  # (1, L)
    attention_mask: Tensor  # (1, L)
    token_map: Tensor  # (K, L)


def prompt_text(phrases: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """ "car. car rear." and the character span of each phrase in it, end exclusive."""
    text, spans = "", []
    for phrase in phrases:
        start = len(text)
        text += phrase
        spans.append((start, len(text)))
        text += ". "
    return text.rstrip(), spans


def tokenise(categories: Sequence[Category], tokenizer: Any, max_tokens: int) -> Prompt:
    """The prompt of these categories.

    Raises:
        IncompatibleTaxonomy: a phrase has no tokens, or the text is longer than the model reads.
    """
    text, spans = prompt_text([category.phrase.lower() for category in categories])
    encoded = tokenizer(text, return_offsets_mapping=True, return_tensors="pt")
    offsets = encoded["offset_mapping"][0].tolist()
    if len(offsets) > max_tokens:
        raise IncompatibleTaxonomy(f"The prompt has {len(offsets)} tokens; the model reads {max_tokens}.")
    token_map = torch.tensor([[float(start <= s < e <= end) for s, e in offsets] for start, end in spans])
    if empty := [c.name for c, row in zip(categories, token_map, strict=True) if not row.any()]:
        raise IncompatibleTaxonomy(f"These categories have no phrase that the model can read: {', '.join(empty)}.")
    return Prompt(tuple(categories), text, encoded["input_ids"], encoded["attention_mask"], token_map)


def prompts(categories: Sequence[Category], tokenizer: Any, max_tokens: int) -> list[Prompt]:
    """As few prompts as hold all categories in order; a large taxonomy needs several passes."""
    try:
        return [tokenise(categories, tokenizer, max_tokens)]
    except IncompatibleTaxonomy:
        if len(categories) == 1:
            raise
    half = len(categories) // 2
    return prompts(categories[:half], tokenizer, max_tokens) + prompts(categories[half:], tokenizer, max_tokens)


def category_probs(logits: Tensor, token_map: Tensor) -> Tensor:
    """Probability of each category: the mean of its tokens' sigmoids, as MM-Grounding-DINO defines it.

    Args:
        logits: (..., >= L); what lies behind the prompt's tokens is padding.
        token_map: (K, L).
    Returns:
        (..., K) in [0, 1].
    """
    probs = logits[..., : token_map.shape[1]].float().sigmoid()
    return probs @ (token_map / token_map.sum(1, keepdim=True)).T
