"""The loss of MM-Grounding-DINO: Hungarian matching at every decoder layer, and over all encoder tokens.

transformers' own loss gives the two-stage proposal head no gradient, so the model cannot be trained from scratch with it. Here the encoder's
logits and boxes are matched too, before its top-k, with every truth repeated so that enough tokens learn. Matching costs 2/5/2 and
loss weights 1/5/2 (class, L1, GIoU) are those of mmdet; see distillation.md 8.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from scipy.optimize import linear_sum_assignment
from torch import Tensor

from ml.models.grounding_dino.boxes import Targets, generalised_iou, to_xyxy
from ml.models.grounding_dino.denoising import Noised

ALPHA, GAMMA = 0.25, 2.0
COST_CLASS, COST_L1, COST_GIOU = 2.0, 5.0, 2.0
WEIGHT_CLASS, WEIGHT_L1, WEIGHT_GIOU = 1.0, 5.0, 2.0
ENCODER_REPEATS = 4
EPSILON = 1e-8


def detection_loss(
    model: Any,
    output: Any,
    attention_mask: Tensor,
    targets: Sequence[Targets],
    token_map: Tensor,
    noise: Noised | None = None,
) -> dict[str, Tensor]:
    """Named terms, weighted: `decoder_<l>` for every layer, `encoder`, and `denoising_<l>` where there are noised truths. Their sum is what is minimised.

    Args:
        model: MMGroundingDinoForObjectDetection. output: of `model.model`, the part below the heads.
        attention_mask: (B, L). token_map: (K, L) 1 where token l belongs to category k.
        noise: the truths that stood behind the queries (denoising.py).
    """
    length, queries = token_map.shape[1], output.init_reference_points.shape[1]
    text = output.encoder_last_hidden_state_text.float()
    before = output.init_reference_points
    if noise:
        before = torch.cat([before, noise.boxes.to(before.dtype)], 1)
    terms: dict[str, Tensor] = {}
    for layer in range(output.intermediate_hidden_states.shape[1]):
        hidden = output.intermediate_hidden_states[:, layer].float()
        logits = model.class_embed[layer](
            vision_hidden_state=hidden, text_hidden_state=text, text_token_mask=attention_mask.bool()
        )[..., :length].float()
        boxes = (model.bbox_embed[layer](hidden) + torch.special.logit(before.float(), eps=1e-5)).sigmoid()
        before = output.intermediate_reference_points[:, layer]
        terms[f"decoder_{layer}"] = layer_loss(logits[:, :queries], boxes[:, :queries], targets, token_map)
        if noise:
            terms[f"denoising_{layer}"] = denoising_loss(logits[:, queries:], boxes[:, queries:], noise, token_map)
    logits = output.enc_outputs_class[..., :length].float()
    boxes = output.enc_outputs_coord_logits.float().sigmoid()
    terms["encoder"] = layer_loss(logits, boxes, targets, token_map, repeats=ENCODER_REPEATS)
    return terms


def denoising_loss(logits: Tensor, boxes: Tensor, noise: Noised, token_map: Tensor) -> Tensor:
    """Positives are their truth again, negatives background; over the number of positives.

    Args:
        logits: (B, N, L). boxes: (B, N, 4) relative cxcywh.
    """
    wanted = token_map[noise.labels] * noise.positive[..., None]
    real = (noise.positive | noise.negative)[..., None]
    found, truths = boxes[noise.positive], noise.truths[noise.positive]
    l1 = (found - truths).abs().sum()
    giou = (1 - generalised_iou(to_xyxy(found), to_xyxy(truths))).sum()
    focal = (focal_loss(logits, wanted) * real).sum()
    return (WEIGHT_CLASS * focal + WEIGHT_L1 * l1 + WEIGHT_GIOU * giou) / noise.positive.sum().clamp(min=1)


def layer_loss(
    logits: Tensor, boxes: Tensor, targets: Sequence[Targets], token_map: Tensor, *, repeats: int = 1
) -> Tensor:
    """Focal + L1 + GIoU of one layer, over the number of (repeated) truths; finite, and only background, without any.

    Args:
        logits: (B, Q, L). boxes: (B, Q, 4) relative cxcywh. repeats: how many queries each truth takes.
    """
    wanted = torch.zeros_like(logits)
    l1 = giou = logits.new_zeros(())
    for image, target in enumerate(targets):
        if not len(target.boxes):
            continue
        queries, truths = match(logits[image], boxes[image], token_map[target.labels], target.boxes, repeats=repeats)
        wanted[image, queries] = token_map[target.labels[truths]]
        l1 = l1 + (boxes[image, queries] - target.boxes[truths]).abs().sum()
        overlap = generalised_iou(to_xyxy(boxes[image, queries]), to_xyxy(target.boxes[truths]))
        giou = giou + (1 - overlap).sum()
    count = max(1, repeats * sum(len(target.boxes) for target in targets))
    return (WEIGHT_CLASS * focal_loss(logits, wanted).sum() + WEIGHT_L1 * l1 + WEIGHT_GIOU * giou) / count


@torch.no_grad()
def match(
    logits: Tensor, boxes: Tensor, truth_tokens: Tensor, truth_boxes: Tensor, *, repeats: int = 1
) -> tuple[Tensor, Tensor]:
    """Which query takes which truth at the least cost; (queries, truths), each of length N * repeats at most.

    Args:
        logits: (Q, L). boxes: (Q, 4) relative cxcywh. truth_tokens: (N, L) 0/1. truth_boxes: (N, 4).
    """
    share = truth_tokens / truth_tokens.sum(1, keepdim=True).clamp(min=1)
    cost = (
        COST_CLASS * class_cost(logits.sigmoid()) @ share.T
        + COST_L1 * torch.cdist(boxes, truth_boxes, p=1)
        - COST_GIOU * generalised_iou(to_xyxy(boxes)[:, None], to_xyxy(truth_boxes)[None])
    )
    finite = np.nan_to_num(cost.repeat(1, repeats).cpu().numpy(), nan=1e6, posinf=1e6, neginf=-1e6)
    queries, columns = linear_sum_assignment(finite)
    return torch.as_tensor(queries), torch.as_tensor(columns % len(truth_boxes))


def class_cost(probs: Tensor) -> Tensor:
    """Focal cost of calling a token positive: what it would cost as positive minus what it would as negative."""
    positive = ALPHA * (1 - probs) ** GAMMA * -(probs + EPSILON).log()
    negative = (1 - ALPHA) * probs**GAMMA * -(1 - probs + EPSILON).log()
    return positive - negative


def focal_loss(logits: Tensor, wanted: Tensor) -> Tensor:
    """Sigmoid focal loss of each element, unreduced (Lin et al., 2017; alpha .25, gamma 2)."""
    probs = logits.sigmoid()
    entropy = F.binary_cross_entropy_with_logits(logits, wanted, reduction="none")
    right = probs * wanted + (1 - probs) * (1 - wanted)
    return (ALPHA * wanted + (1 - ALPHA) * (1 - wanted)) * entropy * (1 - right) ** GAMMA
