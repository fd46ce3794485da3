"""Neck maps of student and teacher side by side: levels of one size, in the teacher's channels, with what each cell is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from ml.distill.geometry import cell_trust, valid_cells
from ml.distill.layers import paired_levels
from ml.distill.method import NECK, Method, Shape, Step, Tap
from ml.errors import BadRecipe


@dataclass(frozen=True)
class Level:
    """One level of B pictures. `place` in the student's neck, `opposite` in the teacher's; `student`, with gradient, and `teacher` (B, C, H, W).

    `valid` (B, H, W) bool: not padding. `trust` (B, H, W): AID's multipliers, 0 on padding, else 1 unless somebody set them; `picture_trust` (B,): the
    same of a picture as a whole.
    """

    place: int
    opposite: int
    student: Tensor
    teacher: Tensor
    valid: Tensor
    trust: Tensor
    picture_trust: Tensor

    def mean(self, cells: Tensor) -> Tensor:
        """(B,) mean of (B, H, W) over the cells that are picture, each times its trust."""
        return (cells * self.trust).sum((1, 2)) / self.valid.sum((1, 2)).clamp(min=1)

    def summed(self, cells: Tensor) -> Tensor:
        """(B,) sum of (B, H, W), each times its trust."""
        return (cells * self.trust).sum((1, 2))


class NeckMethod(Method):
    """A method that compares necks level by level. A 1x1 convolution brings a level to the teacher's channels where those differ.

    Levels are paired by the size of their maps; those without a partner stay out.
    """

    families: ClassVar[tuple[str, ...]] = ("grounding-dino", "yolox")
    taps: ClassVar[frozenset[Tap]] = frozenset({NECK})

    def __init__(self, args: Any, student: Shape, teacher: Shape | None, *, adapt: bool = True) -> None:
        """`adapt`: whether channels are compared one by one; else a level's two maps may have any."""
        super().__init__(args, student, teacher)
        assert teacher is not None
        # Which of the teacher's levels is of a level's size shows at the first step: until then, the one in the same place.
        self.channels = [teacher.neck[min(place, len(teacher.neck) - 1)] for place in range(len(student.neck))]
        pairs = zip(student.neck, self.channels, strict=True)
        self.adapters = nn.ModuleList(
            nn.Conv2d(ours, theirs, 1) if adapt and ours != theirs else nn.Identity() for ours, theirs in pairs
        )
        self._adapt = adapt
        self.notes += _differences(student, teacher, adapt=adapt)

    def forward(self, step: Step) -> dict[str, Tensor]:
        """The terms of `level`, summed over levels."""
        levels = self.levels(step)
        parts = [self.level(level, step) for level in levels]
        return {name: torch.stack([part[name] for part in parts]).sum(0) for name in parts[0]}

    def level(self, level: Level, step: Step) -> dict[str, Tensor]:
        """Weighted terms of one level, (B,) each."""
        raise NotImplementedError

    def levels(self, step: Step) -> list[Level]:
        """Raises: BadRecipe when no level of one has the size and the channels of one of the other."""
        ours, theirs = step.student.neck, step.teacher.neck
        pairs = paired_levels(ours, theirs)
        if self._adapt:
            pairs = [pair for pair in pairs if theirs[pair[1]].shape[1] == self.channels[pair[0]]]
        if not pairs:
            raise BadRecipe(
                f"'{self.name}' compares maps of one size, and the student's {_named(ours)} meet none of the teacher's {_named(theirs)}.",
                field="teacher",
                hint="Choose a teacher whose pyramid has the student's strides.",
            )
        return [self._level(step, *pair) for pair in pairs]

    def _level(self, step: Step, place: int, opposite: int) -> Level:
        student = step.student.neck[place].float()
        valid = valid_cells(step, place, student)
        ones = torch.ones(len(student), device=student.device)
        return Level(
            place=place,
            opposite=opposite,
            student=self.adapters[place](student),
            teacher=step.teacher.neck[opposite].float(),
            valid=valid,
            trust=cell_trust(step, *student.shape[2:]) * valid,
            picture_trust=ones if step.image_trust is None else step.image_trust,
        )


def _named(maps: tuple[Tensor, ...]) -> str:
    return ", ".join(f"{part.shape[2]}x{part.shape[3]} of {part.shape[1]} channels" for part in maps)


def _differences(student: Shape, teacher: Shape, *, adapt: bool) -> list[str]:
    notes = []
    if len(student.neck) != len(teacher.neck):
        notes.append(
            f"The student's neck has {len(student.neck)} levels and the teacher's {len(teacher.neck)}: those of one size are compared, the others stay out."
        )
    if adapt and set(student.neck) != set(teacher.neck):
        notes.append(
            f"The student's levels of {_listed(student.neck)} channels are brought to the teacher's {_listed(teacher.neck)} by 1x1 convolutions."
        )
    return notes


def _listed(channels: tuple[int, ...]) -> str:
    return ", ".join(map(str, channels))
