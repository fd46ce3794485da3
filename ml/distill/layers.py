"""Which layer of a teacher a student's layer learns from."""

from __future__ import annotations


def paired_layers(student: int, teacher: int) -> list[int]:
    """For each of the student's decoder layers the teacher's: the last with the last, those before in proportion (distillation.md 1.3)."""
    return [max(0, round((layer + 1) * teacher / student) - 1) for layer in range(student)]
