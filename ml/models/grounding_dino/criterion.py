"""The loss of MM-Grounding-DINO: Hungarian matching at every decoder layer, and over all encoder tokens.

transformers' own loss gives the two-stage proposal head no gradient, so the model cannot be trained from scratch with it. Here the encoder's
logits and boxes are matched too, before its top-k, with every truth repeated so that enough tokens learn. Matching costs 2/5/2 and
loss weights 1/5/2 (class, L1, GIoU) are those of mmdet; see distillation.md 8.2.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from scipy.optimize import linear_sum_assignment
from torch import Tensor

from ml.models.grounding_dino.boxes import SAME_OBJECT, Targets, generalised_iou, iou, to_xyxy
from ml.models.grounding_dino.denoising import Noised
from ml.models.grounding_dino.heads import Decoded
from ml.train.labels import Trust

ALPHA, GAMMA = 0.25, 2.0
COST_CLASS, COST_L1, COST_GIOU = 2.0, 5.0, 2.0
WEIGHT_CLASS, WEIGHT_L1, WEIGHT_GIOU = 1.0, 5.0, 2.0
ENCODER_REPEATS = 4
EPSILON = 1e-8


def detection_loss(
    decoded: Decoded,
    proposed: Decoded,
    targets: Sequence[Targets],
    token_map: Tensor,
    noise: Noised | None = None,
    trust: Sequence[Trust] | None = None,
) -> dict[str, Tensor]:
    """Named terms, weighted: `decoder_<l>` for every layer, `encoder`, and `denoising_<l>` where there are noised truths. Their sum is what is minimised.

    Args:
        decoded: the decoder's own queries, then the noised truths, then others, which are left alone. `own` counts the first.
        proposed: every encoder token, one layer. token_map: (K, L) 1 where token l belongs to category k.
        noise: the truths that stood behind the queries (denoising.py).
        trust: how far each label is believed; wholly unless given.
    """
    terms: dict[str, Tensor] = {}
    own = decoded.own
    for layer, (logits, boxes) in enumerate(zip(decoded.tokens, decoded.boxes, strict=True)):
        terms[f"decoder_{layer}"] = layer_loss(logits[:, :own], boxes[:, :own], targets, token_map, trust=trust)
        if noise:
            behind = slice(own, own + noise.boxes.shape[1])
            terms[f"denoising_{layer}"] = denoising_loss(logits[:, behind], boxes[:, behind], noise, token_map)
    terms["encoder"] = layer_loss(
        proposed.tokens[0], proposed.boxes[0], targets, token_map, repeats=ENCODER_REPEATS, trust=trust
    )
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
    logits: Tensor,
    boxes: Tensor,
    targets: Sequence[Targets],
    token_map: Tensor,
    *,
    repeats: int = 1,
    trust: Sequence[Trust] | None = None,
) -> Tensor:
    """Focal + L1 + GIoU of one layer, over the number (with trust: the weights) of repeated truths; finite, and only background, without any.

    With `trust` (distillation.md 2.4) kept labels alone are matched; a soft class target makes the focal term its quality form; queries on an ignored
    region that took no label have no class term.
    Args:
        logits: (B, Q, L). boxes: (B, Q, 4) relative cxcywh. repeats: how many queries each truth takes.
    """
    wanted, weight = torch.zeros_like(logits), torch.ones_like(logits)
    l1 = giou = logits.new_zeros(())
    count = 0.0
    for image, target in enumerate(targets):
        believed = trust[image] if trust else None
        kept = target if believed is None else Targets(target.labels[believed.kept], target.boxes[believed.kept])
        queries = logits.new_zeros(0).long()
        if len(kept.boxes):
            queries, truths = match(logits[image], boxes[image], token_map[kept.labels], kept.boxes, repeats=repeats)
            each = logits.new_ones(len(truths)) if believed is None else believed.box_weight[truths]
            tokens = token_map[kept.labels] if believed is None else believed.wanted @ token_map
            wanted[image, queries] = tokens[truths]
            if believed is not None:
                positive = tokens[truths] > 0
                weight[image, queries] = torch.where(positive, believed.weight[truths, None], 1.0)
            l1 = l1 + ((boxes[image, queries] - kept.boxes[truths]).abs().sum(1) * each).sum()
            overlap = generalised_iou(to_xyxy(boxes[image, queries]), to_xyxy(kept.boxes[truths]))
            giou = giou + ((1 - overlap) * each).sum()
            count += repeats * (len(kept.boxes) if believed is None else float(believed.weight.sum()))
        if believed is not None and len(believed.ignored):
            weight[image, _silent(boxes[image], queries, believed.ignored)] = 0.0
    focal = (focal_loss(logits, wanted) * weight).sum()
    return (WEIGHT_CLASS * focal + WEIGHT_L1 * l1 + WEIGHT_GIOU * giou) / max(1.0, count)


@torch.no_grad()
def _silent(boxes: Tensor, taken: Tensor, ignored: Tensor) -> Tensor:
    """(Q,) bool: queries on an ignored region (IoU > 0.5) that took no label."""
    silent = (iou(boxes, ignored) > SAME_OBJECT).any(1)
    silent[taken] = False
    return silent


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
    """Sigmoid focal loss of each element, unreduced (Lin et al., 2017; alpha .25, gamma 2); a soft positive takes the quality form (Li et al., 2020)."""
    return torch.where(wanted > 0, ALPHA, 1 - ALPHA) * quality_focal_loss(logits, wanted)


def quality_focal_loss(logits: Tensor, wanted: Tensor) -> Tensor:
    """|t - p|^2 BCE(p, t) of each element, for targets t in [0, 1]; at 0 and 1 the focal loss without its alpha."""
    entropy = F.binary_cross_entropy_with_logits(logits, wanted, reduction="none")
    return (wanted - logits.sigmoid()).abs() ** GAMMA * entropy
