"""Which decoder layer and which feature level of a teacher a student's learns from."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor


def paired_layers(student: int, teacher: int) -> list[int]:
    """For each of the student's decoder layers the teacher's: the last with the last, those before in proportion (distillation.md 1.3)."""
    return [max(0, round((layer + 1) * teacher / student) - 1) for layer in range(student)]


def paired_levels(student: Sequence[Tensor], teacher: Sequence[Tensor]) -> list[tuple[int, int]]:
    """Places of the maps (B, C, H, W) of both that have one size; a pyramid may have levels that the other lacks."""
    places = {part.shape[2:]: place for place, part in enumerate(teacher)}
    return [(level, places[part.shape[2:]]) for level, part in enumerate(student) if part.shape[2:] in places]
