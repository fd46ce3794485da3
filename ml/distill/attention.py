"""Where and in which channels a map is loud: the attention of FGD and BMFI (distillation.md 3.2 and 6.1)."""

from __future__ import annotations

import torch
from torch import Tensor

from ml.distill.necks import Level

TEMPERATURE = 0.5  # of both papers


def spatial_attention(features: Tensor, valid: Tensor, temperature: float = TEMPERATURE) -> Tensor:
    """(B, H, W) of (B, C, H, W) and (B, H, W) bool: mean 1 over valid cells, 0 on the others."""
    loudness = (features.abs().mean(1) / temperature).masked_fill(~valid, -torch.inf).flatten(1)
    count = valid.sum((1, 2)).clamp(min=1)[:, None]
    # A picture that is all padding would be a softmax of nothing.
    shares = loudness.masked_fill(~valid.any(2).any(1)[:, None], 0).softmax(1)
    return (shares * count).view(valid.shape) * valid


def channel_attention(features: Tensor, valid: Tensor, temperature: float = TEMPERATURE) -> Tensor:
    """(B, C) of (B, C, H, W) and (B, H, W) bool: mean 1 over channels; padding says nothing."""
    loudness = (features.abs() * valid[:, None]).sum((2, 3)) / valid.sum((1, 2)).clamp(min=1)[:, None]
    return (loudness / temperature).softmax(1) * features.shape[1]


def attended_difference(student: Tensor, teacher: Tensor, valid: Tensor) -> Tensor:
    """(B, H, W): squared difference of maps (B, C, H, W), each cell and channel times the teacher's attention, summed over channels."""
    channels = channel_attention(teacher, valid)[:, :, None, None]
    return ((student - teacher).square() * channels).sum(1) * spatial_attention(teacher, valid)


def attention_distance(student: Tensor, teacher: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
    """L1 between both models' attention: of channels (B,), and of cells (B, H, W) yet to be summed."""
    channels = (channel_attention(student, valid) - channel_attention(teacher, valid)).abs().sum(1)
    return channels, (spatial_attention(student, valid) - spatial_attention(teacher, valid)).abs()


def mean_attention_distance(level: Level) -> Tensor:
    """(B,): the same of a level, averaged over channels and over cells, where the papers sum: their weights hold for one size of map alone."""
    channels, cells = attention_distance(level.student, level.teacher, level.valid)
    return channels / level.student.shape[1] * level.picture_trust + level.mean(cells)
