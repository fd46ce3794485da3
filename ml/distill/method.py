"""The contract of every distillation method: what it sees of student and teacher, and what it gives.

A method is one file in `methods/`, found by presence. It declares its knobs, the detectors that it serves and what it has to see; the trainer
shows it exactly that, and adds the terms that it gives to the detector's own loss.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from torch import Tensor, nn

from ml.train.labels import Labels, Trust
from ml.train.observation import (
    GRADIENTS,
    GROUPS,
    MEMORY,
    NECK,
    OWN,
    POINTS,
    QUERIES,
    SHARED,
    TARGETS,
    Group,
    Rows,
    Shape,
    Tap,
    View,
)
from ml.train.recipe import MethodSpec, options_of

__all__ = [
    "GRADIENTS", "GROUPS", "MEMORY", "NECK", "OWN", "POINTS", "QUERIES", "SHARED", "TARGETS",
    "Group", "Labels", "Method", "NoArgs", "Rows", "Shape", "Step", "Tap", "Trust", "View",
]  # fmt: skip

AtTeacher = Literal["zero", "zero at first", "not zero"]


@dataclass(frozen=True)
class Step:
    """One training step as a method sees it.

    `labels` of each picture; `size` (H, W) of the input in px, padding included; `valid`: per level (B, H, W), False where the input is padding, empty when nothing
    is. `progress` in [0, 1): share of the run that is done. `label_trust` and `image_trust`: multipliers that another method (AID) puts on
    instances, one (N,) a picture for its labels and (B,) for everything else; see geometry.py. `own_loss`: the student's detection loss, with gradient.
    """

    student: View
    teacher: View
    labels: Sequence[Labels]
    size: tuple[int, int]
    progress: float = 0.0
    valid: tuple[Tensor, ...] = ()
    label_trust: Sequence[Tensor] = ()
    image_trust: Tensor | None = None
    own_loss: Tensor | None = None


@dataclass(frozen=True)
class NoArgs:
    """A method without knobs of its own."""


class Method(nn.Module):
    """Base of all methods. Its parameters (adapters) are trained with the student and thrown away with the run."""

    name: ClassVar[str]
    title: ClassVar[str]
    paper: ClassVar[str] = ""
    description: ClassVar[str]
    families: ClassVar[tuple[str, ...]] = ("grounding-dino",)
    refused: ClassVar[Mapping[str, str]] = {}  # family -> why it cannot be served
    taps: ClassVar[frozenset[Tap]] = frozenset()
    at_teacher: ClassVar[AtTeacher] = "zero"  # the loss of a student that equals its teacher
    needs_teacher: ClassVar[bool] = True
    heeds_trust: ClassVar[bool] = True  # whether `Step`'s trust weighs its terms; AID takes no other as its base
    Args: ClassVar[type] = NoArgs

    def __init__(self, args: Any, student: Shape, teacher: Shape | None) -> None:
        super().__init__()
        self.args, self.student, self.teacher = args, student, teacher
        self.notes: list[str] = []  # for the run's log
        self.watched: dict[str, Tensor] = {}  # values worth a histogram, by name; replaced at every step

    @classmethod
    def spec(cls) -> MethodSpec:
        """For forms: the knobs of every run, then this method's own."""
        return MethodSpec(
            cls.name,
            cls.title,
            cls.description,
            cls.families,
            options_of(cls.Args),
            needs_teacher=cls.needs_teacher,
            refused=dict(cls.refused),
            paper=cls.paper,
        )

    def groups(self, progress: float) -> frozenset[Group]:
        """Which groups of queries it wants at this point of the run, beside OWN, which QUERIES gives."""
        return frozenset()

    def looks(self, progress: float) -> frozenset[Tap]:
        """What it wants to see at this point of the run; empty: no teacher pass."""
        return self.taps

    def survey(self, risks: Mapping[str, Sequence[float]]) -> None:
        """Told once, before the first step: the risk of every label of the training file by category name. Empty for rendered scenes."""

    def trust(self, labels: Sequence[Labels], names: Sequence[str], progress: float) -> list[Trust] | None:
        """How the detector's own loss shall believe the labels, whose rows are of the categories `names`; None: all of them, wholly."""
        return None

    def forward(self, step: Step) -> dict[str, Tensor]:
        """Named terms, weighted, (B,) each: one value a picture, so that duplicating a batch changes nothing.

        Gradient in the student alone; finite for pictures without labels.
        """
        raise NotImplementedError
