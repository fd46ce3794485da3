"""RPLD's trust in pseudo-labels: reliable ones are hard, uncertain ones soft and light, risky ones say nothing (distillation.md 2.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ml.distill.method import Labels, Trust

LEAST_WEIGHT = 0.1  # of a label that is kept for its category's sake


@dataclass(frozen=True)
class Tiers:
    """`low`: risk up to which a label is hard; `high`: from which it is ignored. Weights are (1 - risk)^`doubt` severity^`focus`.

    `kept_share`: so many of each category's labels, the least risky, are kept whatever their risk, as hard categories are risky as a whole.
    """

    low: float = 0.2
    high: float = 0.6
    doubt: float = 1.0
    focus: float = 0.5
    kept_share: float = 0.5

    def highest(self, risks: Mapping[str, Sequence[float]]) -> dict[str, float]:
        """For each category the risk from which its labels are ignored: `high`, or what keeps its share."""
        found = {}
        for name, values in risks.items():
            ordered = torch.tensor(values).sort().values
            last_kept = (
                ordered[max(0, -int(-self.kept_share * len(ordered) // 1) - 1)].item() if self.kept_share else 0.0
            )
            found[name] = max(self.high, last_kept + 1e-6)
        return found


def tiered(labels: Sequence[Labels], names: Sequence[str], tiers: Tiers, highest: Mapping[str, float]) -> list[Trust]:
    """The trust in the labels of a batch; their weights have mean 1 over all that are kept, which keeps the learning rate what it is.

    The soft target of an uncertain label is 1 - risk on its category: the calibrated probability that it is right, where section 2.4 takes the
    teacher's own vector, which a stored label does not carry.
    """
    limits = torch.tensor([highest.get(name, tiers.high) for name in names])
    ignored = [each.risk >= limits.to(each.risk.device)[each.labels] for each in labels]
    weights = [_weight(each, tiers) for each in labels]
    kept = torch.cat([weight[~out] for weight, out in zip(weights, ignored, strict=True)])
    mean = kept.mean() if len(kept) else torch.ones(())
    return [
        _trust(each, weight / mean.to(weight.device), out, tiers, len(names))
        for each, weight, out in zip(labels, weights, ignored, strict=True)
    ]


def _weight(labels: Labels, tiers: Tiers) -> Tensor:
    weight = (1 - labels.risk) ** tiers.doubt * labels.severity**tiers.focus
    return torch.where(labels.risk >= tiers.high, weight.clamp(min=LEAST_WEIGHT), weight)


def _trust(labels: Labels, weight: Tensor, ignored: Tensor, tiers: Tiers, categories: int) -> Trust:
    kept = (~ignored).nonzero()[:, 0]
    right = torch.where(labels.risk <= tiers.low, 1.0, 1 - labels.risk)[kept]
    wanted = torch.nn.functional.one_hot(labels.labels[kept], categories) * right[:, None]
    return Trust(kept, weight[kept], weight[kept], wanted, right, labels.boxes[ignored])
