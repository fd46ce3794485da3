"""The share of errors that was found, with its interval for one look at it; limits for any number of looks are the stop rule's."""

from __future__ import annotations

from scipy.stats import beta


def clopper_pearson(found: int, shown: int, confidence: float = 0.95) -> tuple[float, float]:
    """Both ends of the exact interval of a share, for one look; (0, 1) before anything was shown.

    Source: Clopper & Pearson, Biometrika 26 (1934). Golden: 8 of 10 is [0.4439, 0.9748] (R, binom.test(8, 10)).
    """
    tail = (1 - confidence) / 2
    low = float(beta.ppf(tail, found, shown - found + 1)) if found else 0.0
    high = float(beta.ppf(1 - tail, found + 1, shown - found)) if found < shown else 1.0
    return low, high
