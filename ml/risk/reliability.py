"""Whether risk means what it says: of labels with risk .3, are three in ten wrong?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Labels with a risk from `low` on, and below `high` (the last bin: up to 1)."""

    low: float
    high: float
    count: int
    mean_risk: float
    error_rate: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """Bins that hold labels, the expected calibration error over them, and the Brier score, of the risk and of the error rate alone."""

    bins: tuple[Bin, ...]
    ece: float
    brier: float
    brier_base: float


def reliability(risk: ArrayLike, wrong: ArrayLike) -> Reliability:
    """In bins of equal width. `risk` (N,) in [0, 1] of labels that it was not fitted on; `wrong` (N,).

    ECE = the mean over labels of |mean risk - error rate| of their bin (Naeini et al., AAAI 2015).
    """
    r, y = np.asarray(risk, np.float64), np.asarray(wrong, np.float64)
    place = np.minimum((r * BINS).astype(int), BINS - 1)
    bins = tuple(
        Bin(k / BINS, (k + 1) / BINS, int(held.sum()), float(r[held].mean()), float(y[held].mean()))
        for k in range(BINS)
        if (held := place == k).any()
    )
    ece = sum(one.count * abs(one.mean_risk - one.error_rate) for one in bins) / max(1, len(r))
    return Reliability(bins, ece, _brier(r, y), _brier(np.full_like(y, y.mean()), y))


def _brier(risk: np.ndarray, wrong: np.ndarray) -> float:
    return float(((risk - wrong) ** 2).mean())
