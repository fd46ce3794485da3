"""Pseudo-labels from a score up, hard: what RPLD has to beat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from torch import Tensor

from ml.distill.method import Labels, Method, Step, Trust
from ml.train.labels import whole_trust
from ml.train.recipe import knob


@dataclass(frozen=True)
class Args:
    """Unbiased Teacher takes 0.7 of a calibrated score; Grounding DINO's are lower."""

    least_score: float = knob(0.5, "Score threshold", "Labels below it are background.", minimum=0, maximum=1)


class Threshold(Method):
    """Labels below a score are dropped, the others believed wholly; a person's label has score 1."""

    name = "threshold"
    title = "Score threshold (hard pseudo-labels)"
    description = "Pseudo-labels below a score are dropped and those above believed wholly: the control that RPLD is measured against."
    families: ClassVar[tuple[str, ...]] = ("grounding-dino", "yolox")
    needs_teacher = False
    Args = Args

    def trust(self, labels: Sequence[Labels], names: Sequence[str], progress: float) -> list[Trust] | None:
        return [self._above(each, whole) for each, whole in zip(labels, whole_trust(labels, len(names)), strict=True)]

    def forward(self, step: Step) -> dict[str, Tensor]:
        return {}

    def _above(self, labels: Labels, whole: Trust) -> Trust:
        kept = torch.nonzero(labels.score >= self.args.least_score)[:, 0]
        parts = {name: getattr(whole, name)[kept] for name in ("weight", "box_weight", "wanted", "objectness")}
        return replace(whole, kept=kept, **parts)
