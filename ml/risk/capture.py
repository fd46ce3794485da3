"""How many objects two finders that know nothing of each other have both overlooked.

Sources: Chapman, "Some properties of the hypergeometric distribution with applications to zoological sample censuses", 1951; its variance:
Seber, 1970; the interval, log-normal in what is unseen so that it never falls below what was found: Chao, Biometrics 43, 1987.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

Z_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Recapture:
    """`total` objects, `missing` of them found by nobody, with a 95 % interval of the missing."""

    total: float
    missing: float
    lower: float
    upper: float


def chapman(first: int, second: int, both: int) -> Recapture:
    """The estimate from what the first finder found, what the second found, and what both did.

    It is too low where both overlook the same things, as two detectors do with what is small or dark.

    Raises:
        ValueError: more were found by both than by one of them, or a count is negative.
    """
    if both < 0 or both > min(first, second):
        raise ValueError(f"{both} found by both, of {first} and {second}: both is at least 0 and at most either")
    total = (first + 1) * (second + 1) / (both + 1) - 1
    missing = total - (first + second - both)
    variance = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    if missing <= 0 or variance <= 0:
        return Recapture(total, max(missing, 0.0), 0.0, max(missing, 0.0))
    spread = exp(Z_95 * sqrt(log(1 + variance / missing**2)))
    return Recapture(total, missing, missing / spread, missing * spread)
