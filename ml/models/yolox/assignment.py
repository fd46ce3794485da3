"""SimOTA: which anchors learn which truth (Ge et al., "YOLOX", 2021; distillation.md 8.1)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ml.models.yolox.anchors import Anchors, iou

RADIUS = 1.5  # strides around a truth's centre within which anchors may learn it
IOU_SHARE = 3.0  # of the cost of a box against that of a class
ELSEWHERE = 1e6  # the cost of an anchor that lies outside the radius of this truth but inside that of another
MOST_OVERLAPS = 10  # are counted for how many anchors a truth may take


@dataclass(frozen=True)
class Assignment:
    """F foreground `anchors`, the `truths` that they took, by place, and the `overlap` of their boxes with them, all (F,)."""

    anchors: Tensor
    truths: Tensor
    overlap: Tensor


@torch.no_grad()
def assign(
    boxes: Tensor, classes: Tensor, objectness: Tensor, truths: Tensor, labels: Tensor, anchors: Anchors
) -> Assignment:
    """Of one picture, in fp32. No foreground where there is no truth, or none with its centre inside.

    Args:
        boxes: (A, 4) decoded cxcywh px. classes: (A, K) and objectness: (A,) probabilities.
        truths: (N, 4) cxcywh px. labels: (N,) category rows.
    """
    near = _near(truths, anchors)
    candidates = near.any(0).nonzero()[:, 0]
    overlap = iou(truths[:, None].float(), boxes[None, candidates].float())
    costs = cost(overlap, classes[candidates].float(), objectness[candidates].float(), labels, near[:, candidates])
    taken = costs.argsort(dim=1, stable=True).argsort(1) < budget(overlap)[:, None]
    contested = (taken.sum(0) > 1).nonzero()[:, 0]
    if len(contested):
        taken[:, contested] = False
        taken[costs[:, contested].argmin(0), contested] = True
    places, rows = taken.T.nonzero(as_tuple=True)
    return Assignment(candidates[places], rows, overlap[rows, places])


def cost(overlap: Tensor, classes: Tensor, objectness: Tensor, labels: Tensor, near: Tensor) -> Tensor:
    """(N, C) what it costs to let each of C anchors learn each of N truths.

    Args:
        overlap, near: (N, C). classes: (C, K) and objectness: (C,) probabilities. labels: (N,).
    """
    joint = (classes * objectness[:, None]).sqrt()
    # Logs at -100, as in torch's own cross-entropy, which refuses what is not finite: that is for the trainer to find, and to name.
    yes, no = -joint.log().clamp(min=-100), -(1 - joint).log().clamp(min=-100)
    entropy = no.sum(1) + (yes - no)[:, labels].T
    return entropy - IOU_SHARE * (overlap + 1e-8).log() + ELSEWHERE * ~near


def budget(overlap: Tensor) -> Tensor:
    """(N,) how many anchors each truth takes: the sum of its ten best overlaps (N, C), rounded down, at least one."""
    best = overlap.topk(min(MOST_OVERLAPS, overlap.shape[1]), 1).values
    return best.sum(1).int().clamp(min=1)


def _near(truths: Tensor, anchors: Anchors) -> Tensor:
    """(N, A) whether an anchor's cell has its centre within the radius of a truth's."""
    away = (anchors.centres[None] - truths[:, None, :2]).abs()
    return (away < RADIUS * anchors.strides).all(-1)
