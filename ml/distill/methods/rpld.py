"""RPLD: pseudo-labels are believed as far as their risk allows, and most where it matters for safety."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor

from ml.distill.method import Labels, Method, Shape, Step, Trust
from ml.distill.tiers import Tiers, tiered
from ml.errors import BadRecipe
from ml.train.recipe import knob


@dataclass(frozen=True)
class Args:
    """Defaults of distillation.md 2.4."""

    reliable_risk: float = knob(0.2, "RPLD", "Up to this risk a label is a hard target.", minimum=0, maximum=1)
    risky_risk: float = knob(
        0.6,
        "RPLD",
        "From this risk on a label is neither object nor background, until somebody audits it.",
        minimum=0,
        maximum=1,
    )
    doubt: float = knob(1.0, "RPLD", "Power of (1 - risk) in a label's weight.", minimum=0, maximum=10)
    severity_focus: float = knob(
        0.5, "RPLD", "Power of severity in a label's weight; 0 takes every object alike.", minimum=0, maximum=10
    )
    kept_share: float = knob(
        0.5,
        "RPLD",
        "Of each category's labels, the least risky are kept whatever their risk: rare categories are risky as a whole.",
        minimum=0,
        maximum=1,
    )


class RPLD(Method):
    """Tiers, soft targets, ignore regions and severity focus of distillation.md 2.4; audited labels have risk 0 and count wholly."""

    name = "rpld"
    title = "RPLD (risk-focused pseudo-labels)"
    paper = "MMKD, Risk-focused Pseudo-label Distillation"
    description = (
        "Pseudo-labels by their risk: sure ones are hard targets, doubtful ones soft and light, risky ones are left out until they are audited, and "
        "what matters for safety weighs more. Needs labels with risk, as the product exports them, and no teacher at training time."
    )
    families: ClassVar[tuple[str, ...]] = ("grounding-dino", "yolox")
    needs_teacher = False
    Args = Args

    def __init__(self, args: Any, student: Shape, teacher: Shape | None) -> None:
        super().__init__(args, student, teacher)
        if args.reliable_risk > args.risky_risk:
            raise BadRecipe(
                f"A reliable label's risk ({args.reliable_risk}) is above a risky one's ({args.risky_risk}).",
                field="reliable_risk",
            )
        self.tiers = Tiers(args.reliable_risk, args.risky_risk, args.doubt, args.severity_focus, args.kept_share)
        self._highest: Mapping[str, float] = {}

    def survey(self, risks: Mapping[str, Sequence[float]]) -> None:
        self._highest = self.tiers.highest(risks)
        for name, values in sorted(risks.items()):
            kept = sum(value < self._highest[name] for value in values)
            hard = sum(value <= self.tiers.low for value in values)
            self.notes.append(
                f"RPLD: of {len(values)} labels of {name} {hard} are hard, {kept - hard} soft, {len(values) - kept} ignored."
            )

    def trust(self, labels: Sequence[Labels], names: Sequence[str], progress: float) -> list[Trust] | None:
        found = tiered(labels, names, self.tiers, self._highest)
        self.watched = {"label weights": torch.cat([each.weight for each in found])}
        return found

    def forward(self, step: Step) -> dict[str, Tensor]:
        return {}
