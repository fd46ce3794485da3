"""The bound on wrong labels of several sets together, each with a random sample of its own.

The product of the sets' e-processes is one again, whatever shares of them are wrong. The joint share is refused where every way of dealing it out among the
sets is: the least evidence over all of them must reach 1/alpha. Its Lagrangian bounds that least evidence from below, so that the bound
errs to the safe side only. Sources: as `stop_rule`; Spertus, Sridhar & Stark 2024, arXiv 2409.06680, for stratified samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.risk.stop_rule import ALPHA, SENSITIVITY_SHARE, Found, alpha_of_sample, least_sensitivity, log_evidence

SHARES = np.concatenate([np.geomspace(1e-5, 0.5, 240), 1 - np.geomspace(0.5, 1e-9, 40)[1:]])
MULTIPLIERS = np.geomspace(1, 1e6, 120)


@dataclass(frozen=True, slots=True)
class Part:
    """One set: its decisions in the order of the draw, how many labels it stands for, and the number of its sample (from 1 on)."""

    seen: int
    wrong: int
    labels: float
    sample: int = 1
    auditors: Sequence[Found] | None = None


def joint_upper(parts: Sequence[Part], *, alpha: float = ALPHA, corrected: bool = False) -> float:
    """The largest share of all these sets' labels that may be wrong, anytime-valid at 1 - alpha; 1 where nothing is known.

    `corrected`: reckoned with what the auditors overlook, each set's sensitivity at its part of alpha (union bound).
    """
    total = sum(part.labels for part in parts)
    if total <= 0:
        return 1.0
    least = [_least(part, alpha * SENSITIVITY_SHARE / len(parts)) if corrected else 1.0 for part in parts]
    alpha_labels = alpha * (1 - SENSITIVITY_SHARE) if corrected else alpha
    known = [(part, part.labels / total / low) for part, low in zip(parts, least, strict=True) if low > 0]
    unknown = sum(part.labels for part, low in zip(parts, least, strict=True) if low <= 0) / total
    dealt = sum((_least_evidence(part, weight) for part, weight in known), np.zeros(len(MULTIPLIERS)))
    return float(min(np.min((-np.log(alpha_labels) - dealt) / MULTIPLIERS) + unknown, 1.0))


def _least(part: Part, alpha: float) -> float:
    return least_sensitivity(part.auditors, alpha) if part.auditors else 0.0


def _least_evidence(part: Part, weight: float) -> NDArray[np.float64]:
    """By multiplier, the least over the part's wrong share of its log evidence less multiplier x weighted share. (multipliers,)

    Between two shares of the grid: the lesser evidence of both, at the larger share.
    """
    evidence = log_evidence(part.seen, part.wrong, SHARES) + np.log(alpha_of_sample(part.sample, 1.0))
    between = np.minimum(np.append(evidence[:1], evidence[:-1]), evidence)
    least: NDArray[np.float64] = np.min(between - np.outer(MULTIPLIERS, weight * SHARES), axis=1)
    return least
