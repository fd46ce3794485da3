"""CLD's loss: lists of categories by object, and of objects by category (distillation.md 1.3)."""

from __future__ import annotations

import torch
from torch import Tensor

MOST = 50.0  # logits beyond are as good as this in a softmax
PRESENT = 0.05  # a category that some query of the teacher gives this much is in the picture


def listwise(
    student: Tensor,
    teacher: Tensor,
    valid: Tensor,
    *,
    temperature: float = 1.0,
    foreground: bool = True,
    trust: Tensor | None = None,
    candidates: Tensor | None = None,
    null: bool = False,
) -> Tensor:
    """(B,): T^2/2 times the two divergences of teacher from student, as means over objects and over categories.

    Args:
        student, teacher: (B, R, K) logits of the same R objects. The teacher's side is detached.
        valid: (B, R). Rows of padding are in no list.
        foreground: weigh objects by the teacher's surest category and take the categories that it sees; else all alike.
        trust: (B, R) multipliers of the objects' weights. candidates: (K,) bool, the categories that count; all unless given.
        null: a further category of logit 0 in the lists of categories, for what is background.
    """
    student, teacher = (part.float().clamp(-MOST, MOST) for part in (student, teacher.detach()))
    if candidates is not None:
        student, teacher = student[..., candidates], teacher[..., candidates]
    sure = teacher.sigmoid() * valid[..., None]
    weight, share = _weights(sure, valid, foreground=foreground)
    if trust is not None:
        weight = weight * trust
    ours, theirs = (
        torch.cat([part, torch.zeros_like(part[..., :1])], -1) if null else part for part in (student, teacher)
    )
    by_object = (weight * divergence(ours, theirs, temperature, -1)).sum(1)
    ours, theirs = (part.masked_fill(~valid[..., None], -torch.inf) for part in (student, teacher))
    some = valid.any(1)  # a picture without any object has no list of objects
    by_category = torch.where(some, (share * divergence(ours, theirs, temperature, 1)).sum(1), 0.0)
    return temperature**2 / 2 * (by_object + by_category)


def divergence(student: Tensor, teacher: Tensor, temperature: float, axis: int) -> Tensor:
    """KL(teacher || student) of softmaxes along an axis, which goes; minus infinity is no member of a list."""
    member = torch.isfinite(teacher)
    ours, theirs = ((part / temperature).log_softmax(axis) for part in (student, teacher))
    difference = theirs.masked_fill(~member, 0.0) - ours.masked_fill(~member, 0.0)
    return (theirs.exp().masked_fill(~member, 0.0) * difference).sum(axis)


def _weights(sure: Tensor, valid: Tensor, *, foreground: bool) -> tuple[Tensor, Tensor]:
    """Of objects (B, R) and of categories (B, K), each with sum 1 (or 0 where no object is valid)."""
    if not foreground:
        even = valid.float() / valid.sum(1, keepdim=True).clamp(min=1)
        return even, torch.full_like(sure[:, 0], 1 / sure.shape[2])
    best = sure.amax(2)
    present = (sure.amax(1) >= PRESENT).float()
    present = torch.where(present.any(1, keepdim=True), present, 1.0)
    return best / best.sum(1, keepdim=True).clamp(min=1e-9), present / present.sum(1, keepdim=True)
