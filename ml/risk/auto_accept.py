"""How far down the risk labels may be accepted unseen, with a promised share of wrong ones; and when to stop.

Learn then test (Angelopoulos, Bates, Candès, Jordan & Lei 2021, arXiv 2110.01052) with fixed-sequence testing: "more than alpha of the labels
up to this risk are wrong" is tested threshold by threshold, the safest first, until one is not refused. The tests are e-processes
(Waudby-Smith & Ramdas 2024), so that a lead may look as often as they please before switching on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaln
from scipy.stats import ks_2samp

from ml.risk.stop_rule import SENSITIVITY_SHARE, Found, least_sensitivity, log_evidence

SHARES = tuple(round(0.3 + 0.05 * step, 2) for step in range(15))  # of the slice's drawn labels, up to all of them
SHIFT_P = 1e-3


@dataclass(frozen=True, slots=True)
class DrawnRisk:
    """A label of the random sample, in the order of the draw: its risk, and whether it was wrong; None while it waits."""

    risk: float
    wrong: bool | None


@dataclass(frozen=True, slots=True)
class Slice:
    """Labels up to the risk `threshold` may be accepted: of `seen` drawn ones among them `wrong` were wrong."""

    threshold: float
    share: float
    seen: int
    wrong: int


def certify(
    drawn: Sequence[DrawnRisk], *, alpha: float, delta: float, auditors: Sequence[Found] | None = None
) -> Slice | None:
    """The largest threshold up to which at most `alpha` of a slice's labels are wrong, at confidence 1 - delta; None where none is.

    Thresholds are quantiles of the risk of all that was drawn, decided or not, from the first that so many labels could prove with none wrong:
    they depend on no decision. What auditors overlook is
    reckoned with as in the stop rule: a fifth of delta is spent on a lower limit of their sensitivity.
    """
    least = 1.0 if auditors is None else least_sensitivity(auditors, delta * SENSITIVITY_SHARE)
    spent = delta if auditors is None else delta * (1 - SENSITIVITY_SHARE)
    risks = np.array([label.risk for label in drawn])
    wrong = np.array([np.nan if label.wrong is None else label.wrong for label in drawn], np.float64)
    best = None
    for share in SHARES if least > 0 and len(risks) else ():
        threshold = float(np.quantile(risks, share, method="higher"))
        if (risks <= threshold).sum() < least_labels(alpha, delta):
            continue
        seen, found = _counts(wrong[risks <= threshold])
        if float(log_evidence(seen, found, alpha * least)) < -np.log(spent):
            break
        best = Slice(threshold, float((risks <= threshold).mean()), seen, found)
    return best


@cache
def least_labels(alpha: float, delta: float) -> int:
    """So many labels, none of them wrong, prove that at most `alpha` are."""
    counts = np.arange(1, int(20 / alpha))
    enough = log_evidence(counts, np.zeros_like(counts), alpha) >= -np.log(delta)
    return int(counts[enough.argmax()]) if enough.any() else len(counts)


def log_excess(seen: Any, wrong: Any, alpha: float) -> Any:
    """Log of the e-process against "at most `alpha` of the labels are wrong"; arrays broadcast.

    A Beta mixture truncated to shares above alpha over the likelihood at alpha. At any share up to alpha it is a supermartingale that
    starts at 1: it ever reaches 1/delta with a probability of at most delta.
    """
    a, b = 1.0, max(1 / alpha / 4, 1.0)
    right = np.subtract(seen, wrong)
    with np.errstate(divide="ignore"):
        above = np.log(betainc(b + right, a + wrong, 1 - alpha)) - np.log(betainc(b, a, 1 - alpha))
    mixture = betaln(a + wrong, b + right) - betaln(a, b) + above
    return mixture - np.multiply(wrong, np.log(alpha)) - right * np.log1p(-alpha)


def drifted(seen: int, wrong: int, *, alpha: float, delta: float) -> bool:
    """Whether later audits of what was accepted speak against the promise. May be asked after every label."""
    return bool(log_excess(seen, wrong, alpha) >= -np.log(delta))


def shifted(before: Sequence[float], now: Sequence[float]) -> bool:
    """Whether the risks of a slice are spread otherwise than when it was certified (two-sample Kolmogorov-Smirnov, p < 0.001)."""
    if not len(before) or not len(now):
        return False
    return bool(ks_2samp(before, now).pvalue < SHIFT_P)


def _counts(wrong: NDArray[np.float64]) -> tuple[int, int]:
    """Labels decided, up to the first that waits (NaN), and the wrong ones among them."""
    waiting = np.isnan(wrong)
    seen = int(waiting.argmax()) if waiting.any() else len(wrong)
    return seen, int(wrong[:seen].sum())
