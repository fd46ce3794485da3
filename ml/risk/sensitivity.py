"""How many of the errors put before auditors they find: as a figure with its interval, and as a lower limit for the stop rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.stats import beta

from ml.risk.stop_rule import upper_bound


@dataclass(frozen=True, slots=True)
class Found:
    """What one auditor did with the errors shown to them, and their share of the labels that a bound is about."""

    shown: int
    found: int
    share: float = 1.0


def clopper_pearson(found: int, shown: int, confidence: float = 0.95) -> tuple[float, float]:
    """Both ends of the exact interval of a share, for one look; (0, 1) before anything was shown.

    Source: Clopper & Pearson, Biometrika 26 (1934). Golden: 8 of 10 is [0.4439, 0.9748] (R, binom.test(8, 10)).
    """
    tail = (1 - confidence) / 2
    low = float(beta.ppf(tail, found, shown - found + 1)) if found else 0.0
    high = float(beta.ppf(1 - tail, found + 1, shown - found)) if found < shown else 1.0
    return low, high


def least_sensitivity(auditors: Sequence[Found], alpha: float) -> float:
    """A lower limit of the probability that an error among these auditors' labels is found, anytime-valid at 1 - alpha.

    Each auditor's own limit, weighted by their share of the labels: somebody who finds everything but decides little vouches for
    little. Alpha is split between them (union bound). An auditor without a measurement counts as one who finds nothing.
    """
    total = sum(auditor.share for auditor in auditors)
    if total <= 0:
        return 0.0
    each = alpha / len(auditors)
    limits = ((1 - upper_bound(a.shown, a.shown - a.found, each)) * a.share for a in auditors)
    return sum(limits) / total
