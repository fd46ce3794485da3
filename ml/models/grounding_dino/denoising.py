"""Denoising queries: truths with noise on box and class are put beside the learned queries, and the decoder learns to undo it.

No matching is needed for them, so that they teach from the first step (DN-DETR, Li et al., 2022; with far negatives: DINO, Zhang et al., 2023). Here a
query's content is the text feature of its category, as the vocabulary is open: no weights are added, and inference is untouched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ml.models.grounding_dino.boxes import Targets
from ml.models.grounding_dino.queries import Extra

NEAR, FAR = 0.4, 1.0  # box noise as a share of half the box: positives up to NEAR, negatives from there to FAR
WRONG_CLASS_SHARE = 0.2


@dataclass(frozen=True)
class Noised:
    """Noised truths of a batch, N a picture: groups of positives and negatives.

    `asked` (B, N): the category row that the content names. `labels` (B, N): the true row. `positive`, `negative` (B, N); what is neither is
    padding. `boxes`, `truths` (B, N, 4) relative cxcywh. `group` (N,).
    """

    asked: Tensor
    labels: Tensor
    positive: Tensor
    negative: Tensor
    boxes: Tensor
    truths: Tensor
    group: Tensor

    @property
    def queries(self) -> Extra:
        """As queries that see the learned ones, and their own group."""
        return Extra(self.boxes, categories=self.asked, part=self.group, sees_own=True)


def noised(targets: Sequence[Targets], categories: int, queries: int) -> Noised | None:
    """About `queries` noised truths a picture, in as many groups as fit; None where no picture has a truth. Draws from torch's generator."""
    most = max(len(target.boxes) for target in targets)
    if not most or queries <= 0:
        return None
    groups = max(1, queries // (2 * most))
    padded = [_padded(target, most) for target in targets]
    labels, truths, real = (torch.stack(parts).repeat_interleave(2, 1) for parts in zip(*padded, strict=True))
    labels, truths, real = (part.repeat(1, groups, *[1] * (part.dim() - 2)) for part in (labels, truths, real))
    number = torch.arange(labels.shape[1], device=labels.device)
    near = number % 2 == 0
    wrong = torch.rand(labels.shape, device=labels.device) < WRONG_CLASS_SHARE
    return Noised(
        asked=torch.where(wrong, torch.randint_like(labels, categories), labels),
        labels=labels,
        positive=real & near,
        negative=real & ~near,
        boxes=_shifted(truths, near),
        truths=truths,
        group=number // (2 * most),
    )


def _padded(target: Targets, most: int) -> tuple[Tensor, Tensor, Tensor]:
    """Labels (most,), boxes (most, 4) and which are real (most,)."""
    count, device = len(target.boxes), target.boxes.device
    labels = torch.zeros(most, dtype=torch.long, device=device)
    boxes = torch.full((most, 4), 0.5, device=device)
    labels[:count], boxes[:count] = target.labels, target.boxes
    return labels, boxes, torch.arange(most, device=device) < count


def _shifted(boxes_cxcywh: Tensor, near: Tensor) -> Tensor:
    """Each corner moved by a share of half the box's side: up to NEAR for positives, NEAR to FAR for negatives."""
    half = boxes_cxcywh[..., 2:] / 2
    corners = torch.cat([boxes_cxcywh[..., :2] - half, boxes_cxcywh[..., :2] + half], -1)
    size = torch.rand_like(corners) * torch.where(near, NEAR, FAR - NEAR)[..., None]
    size = size + torch.where(near, 0.0, NEAR)[..., None]
    moved = corners + size * (torch.randint_like(corners, 2) * 2 - 1) * half.repeat(1, 1, 2)
    moved = moved.clamp(0, 1)
    low, high = torch.minimum(moved[..., :2], moved[..., 2:]), torch.maximum(moved[..., :2], moved[..., 2:])
    return torch.cat([(low + high) / 2, (high - low).clamp(min=1e-3)], -1)
