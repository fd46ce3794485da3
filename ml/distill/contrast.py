"""Contrast between query rows and categories (CLIP-KD), within one picture, so that a batch's other pictures change nothing.

The published losses contrast the pairs of a whole batch. Here a picture's rows are told apart by category, and several rows of one category are
all positives of it.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

CLIP_SCALE = (
    14.285714  # 1 / 0.07, of cosines; CLIP-KD's released code forgets the exponential and uses ln of it, 2.659260
)
NO_TEXT = {"yolox": "It contrasts decoder queries with the words of the prompt, and YOLOX has neither."}


def rows_to_classes(rows: Tensor, classes: Tensor, labels: Tensor, scale: float) -> Tensor:
    """Cross entropy of each row finding its category among all K, over n; (n,), so that the sum is their mean.

    Args:
        rows: (n, d). classes: (K, d). labels: (n,) places in `classes`. scale: of the cosines.
    Source: CLIP-KD, arXiv 2307.12732.
    """
    return F.cross_entropy(scale * cosines(rows, classes), labels, reduction="none") / max(1, len(rows))


def classes_to_rows(classes: Tensor, rows: Tensor, labels: Tensor, scale: float) -> Tensor:
    """Cross entropy of each category that is there finding its rows among all n, each of them alike; (n,), so that the sum is the mean over these categories."""
    if not len(rows):
        return rows.new_zeros(0)
    found = (scale * cosines(classes, rows)).log_softmax(1)  # (K, n)
    counts = labels.bincount(minlength=len(classes))
    return -found[labels, torch.arange(len(rows), device=rows.device)] / counts[labels] / (counts > 0).sum()


def cosines(a: Tensor, b: Tensor) -> Tensor:
    """(n, d) against (m, d): (n, m), in single precision."""
    return F.normalize(a.float(), dim=1) @ F.normalize(b.float(), dim=1).T
