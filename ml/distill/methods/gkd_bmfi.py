"""GKD and BMFI together, as their paper has them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar

from torch import Tensor

from ml.distill.method import Method, Shape, Step, Tap
from ml.distill.methods import bmfi, gkd


@dataclass(frozen=True)
class Args(gkd.Args, bmfi.Args):
    """The knobs of both."""


class GradientGuidedBoxAware(Method):
    """The sum of both methods' terms: distillation.md 3.2, all of it."""

    name = "gkd_bmfi"
    title = "GKD and BMFI"
    paper = gkd.GradientGuided.paper
    description = "Gradient-guided maps and box-aware features at once: the whole method of the paper that has both."
    families: ClassVar[tuple[str, ...]] = gkd.GradientGuided.families
    taps: ClassVar[frozenset[Tap]] = gkd.GradientGuided.taps | bmfi.BoxAware.taps
    Args = Args

    def __init__(self, args: Any, student: Shape, teacher: Shape | None) -> None:
        super().__init__(args, student, teacher)
        self.guided = gkd.GradientGuided(_part(gkd.Args, args), student, teacher)
        self.aware = bmfi.BoxAware(_part(bmfi.Args, args), student, teacher)
        self.notes = list(dict.fromkeys(self.guided.notes + self.aware.notes))

    def forward(self, step: Step) -> dict[str, Tensor]:
        parts = {"gkd": self.guided(step), "bmfi": self.aware(step)}
        return {f"{part}_{name}": term for part, terms in parts.items() for name, term in terms.items()}


def _part(kind: type, args: Any) -> Any:
    return kind(**{each.name: getattr(args, each.name) for each in dataclasses.fields(kind)})
