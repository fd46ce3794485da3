"""Audited enough: a bound on the share of wrong labels that holds however often somebody looks at it.

Labels are drawn at random and audited one by one. Whoever looks at a Clopper-Pearson bound after each and stops when it pleases certifies
falsely four to five times as often as stated; the e-process below may be looked at after every label (Ville's inequality).
Sources: Waudby-Smith & Ramdas, JRSS B 2024, arXiv 2010.09686; audit-desk.md 4 for what it costs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import betainc, betaln

ALPHA = 0.05
SENSITIVITY_SHARE = 0.2  # of alpha, spent on the auditors' sensitivity; a seeded error costs less than a random label
MOST_FURTHER = 10_000_000


@dataclass(frozen=True, slots=True)
class Found:
    """What one auditor did with the errors shown to them, and their share of the labels that a bound is about."""

    shown: int
    found: int
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class StopRule:
    """Where an audit stands. `upper` bounds the wrong share, `enough` says that it is at or below the target; `further` is None when the
    labels seen so far do not promise to get there."""

    seen: int
    wrong: int
    upper: float
    enough: bool
    further: int | None


def log_evidence(seen: Any, wrong: Any, target: Any) -> Any:
    """Log of the e-process against "at least `target` of the labels are wrong"; arrays broadcast.

    A Beta(1/2, 1/target) mixture, truncated to shares below the target, over the likelihood at the target. At any share from the target up
    it is a non-negative supermartingale that starts at 1: it ever reaches 1/alpha with a probability of at most alpha.
    """
    a, b = _prior(target)
    right = np.subtract(seen, wrong)
    with np.errstate(divide="ignore"):  # nothing of the posterior lies below the target: no evidence at all
        inside = np.log(betainc(a + wrong, b + right, target)) - np.log(betainc(a, b, target))
    mixture = betaln(a + wrong, b + right) - betaln(a, b) + inside
    return mixture - np.multiply(wrong, np.log(target)) - right * np.log1p(-target)


def upper_bound(seen: int, wrong: int, alpha: float = ALPHA) -> float:
    """The largest wrong share in (0, 1] that the evidence does not refuse: anytime-valid at 1 - alpha; 1 before anything was seen.

    The evidence grows with the share from the share seen on, so one crossing is to be found.
    """
    if wrong >= seen:
        return 1.0
    return _crossing(lambda share: float(log_evidence(seen, wrong, share)) + np.log(alpha), wrong / seen)


def stop_rule(
    seen: int, wrong: int, *, target: float, alpha: float = ALPHA, auditors: Sequence[Found] | None = None
) -> StopRule:
    """The bound and how far it is to the target.

    With the auditors' finds, the share found wrong bounds only sensitivity x the share that is wrong. Alpha is split then:
    `SENSITIVITY_SHARE` of it on a lower limit of the sensitivity, anytime-valid like the other, the rest on the labels; both hold together
    at 1 - alpha (union bound). Without them decisions are taken for the truth. Right labels that are called wrong only raise the bound.
    """
    if not 0 <= wrong <= seen or not 0 < target < 1:
        raise ValueError(f"{wrong} of {seen} labels wrong, target {target}")
    least, alpha_labels = 1.0, alpha
    if auditors is not None:
        least = least_sensitivity(auditors, alpha * SENSITIVITY_SHARE)
        alpha_labels = alpha * (1 - SENSITIVITY_SHARE)
    if least <= 0:
        return StopRule(seen, wrong, 1.0, enough=False, further=None)
    upper = min(upper_bound(seen, wrong, alpha_labels) / least, 1.0)
    enough = bool(log_evidence(seen, wrong, target * least) >= -np.log(alpha_labels))
    return StopRule(
        seen, wrong, upper, enough, 0 if enough else further_labels(seen, wrong, target * least, alpha_labels)
    )


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


def further_labels(seen: int, wrong: int, target: float, alpha: float = ALPHA) -> int | None:
    """How many more random labels it takes if they go on being wrong at the rate so far, which the prior steadies while few were seen."""
    a, b = _prior(target)
    rate = (a + wrong) / (a + b + seen)

    def lacking(more: float) -> float:
        return float(log_evidence(seen + more, wrong + rate * more, target)) + float(np.log(alpha))

    if rate >= target or lacking(MOST_FURTHER) < 0:
        return None
    if lacking(0) >= 0:
        return 0
    most = 1.0
    while lacking(most) < 0:
        most *= 2
    return int(np.ceil(brentq(lacking, 0, most, xtol=0.5)))


def alpha_of_sample(number: int, alpha: float = ALPHA) -> float:
    """What the n-th sample of a set may spend, from 1 on: four fifths of what is left, so that drawing until one pleases gains nothing."""
    return alpha * 0.8 * 0.2 ** (number - 1)


def _prior(target: float) -> tuple[float, float]:
    """Beta parameters with the mean at about half of the target: fastest there, and hardly slower at a quarter of it or at none."""
    return 0.5, 1 / target


def _crossing(lacking: Callable[[float], float], low: float) -> float:
    """Where `lacking` turns positive between `low` and 1; 1 where it never does."""
    low, high = max(low, 1e-9), 1 - 1e-9
    return float(brentq(lacking, low, high, xtol=1e-9)) if lacking(high) > 0 else 1.0
