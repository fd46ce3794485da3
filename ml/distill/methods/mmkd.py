"""MMKD: first CLD, then RPLD."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from torch import Tensor

from ml.distill.method import Group, Labels, Method, Shape, Step, Tap, Trust
from ml.distill.methods import cld, rpld
from ml.train.recipe import knob


@dataclass(frozen=True)
class Args(cld.Args, rpld.Args):
    """The knobs of both, and where the first ends and the second begins."""

    cld_until: float = knob(0.5, "MMKD", "CLD's share of the run, from its beginning.", minimum=0, maximum=1)
    rpld_from: float = knob(
        0.5, "MMKD", "From this share of the run on labels are believed by their risk.", minimum=0, maximum=1
    )


class MMKD(Method):
    """Two stages in one run: the optimiser's schedule goes over both."""

    name = "mmkd"
    title = "MMKD (CLD, then RPLD)"
    paper = "MMKD"
    description = "The teacher's lists first, then training on labels by their risk: both halves of MMKD in one run."
    refused = cld.CLD.refused
    taps: ClassVar[frozenset[Tap]] = cld.CLD.taps
    Args = Args

    def __init__(self, args: Any, student: Shape, teacher: Shape | None) -> None:
        super().__init__(args, student, teacher)
        self.first = cld.CLD(_part(cld.Args, args), student, teacher)
        self.second = rpld.RPLD(_part(rpld.Args, args), student, teacher)

    def looks(self, progress: float) -> frozenset[Tap]:
        return self.taps if progress < self.args.cld_until else frozenset()

    def groups(self, progress: float) -> frozenset[Group]:
        return self.first.groups(progress)

    def survey(self, risks: Mapping[str, Sequence[float]]) -> None:
        self.second.survey(risks)
        self.notes += self.second.notes

    def trust(self, labels: Sequence[Labels], names: Sequence[str], progress: float) -> list[Trust] | None:
        if progress < self.args.rpld_from:
            return None
        found = self.second.trust(labels, names, progress)
        self.watched = self.second.watched
        return found

    def forward(self, step: Step) -> dict[str, Tensor]:
        terms = self.first.forward(step)
        self.watched = {**self.second.watched, **self.first.watched}
        return terms


def _part(kind: type, args: Any) -> Any:
    return kind(**{each.name: getattr(args, each.name) for each in dataclasses.fields(kind)})
