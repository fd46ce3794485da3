"""What a Grounding DINO's heads say of every query after every layer, with gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True)
class Decoded:
    """`tokens` (N, B, Q, L) class logits of the prompt's tokens, `boxes` (N, B, Q, 4) relative cxcywh, `states` (N, B, Q, d), after each of N layers.

    The first `own` queries are the model's, those behind were put beside them.
    """

    tokens: Tensor
    boxes: Tensor
    states: Tensor
    own: int


def decoded(model: Any, output: Any, attention_mask: Tensor, references: list[Tensor], length: int) -> Decoded:
    """Of the decoder, in fp32.

    Args:
        model: MMGroundingDinoForObjectDetection. output: of `model.model`, the part below the heads.
        attention_mask: (B, L). references: of the queries beside the model's own, each (B, n, 4). length: L of the prompt without padding.
    """
    text = output.encoder_last_hidden_state_text.float()
    own = output.init_reference_points
    before = torch.cat([own, *(part.to(own.dtype) for part in references)], 1)
    states = output.intermediate_hidden_states.float().transpose(0, 1)
    tokens, boxes = [], []
    for layer, hidden in enumerate(states):
        found = model.class_embed[layer](
            vision_hidden_state=hidden, text_hidden_state=text, text_token_mask=attention_mask.bool()
        )
        tokens.append(found[..., :length].float())
        boxes.append((model.bbox_embed[layer](hidden) + torch.special.logit(before.float(), eps=1e-5)).sigmoid())
        before = output.intermediate_reference_points[:, layer]
    return Decoded(torch.stack(tokens), torch.stack(boxes), states, own.shape[1])


def proposed(output: Any, length: int) -> Decoded:
    """Of the encoder: every token as a query of its own."""
    tokens, boxes = output.enc_outputs_class[..., :length].float(), output.enc_outputs_coord_logits.float().sigmoid()
    return Decoded(tokens[None], boxes[None], tokens.new_zeros(1, *tokens.shape[:2], 0), tokens.shape[1])
