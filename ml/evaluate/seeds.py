"""Is one recipe better than another, or was it luck? Runs of both are paired by their seed. No torch and no pycocotools: the web reads it too."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

DRAWS = 10_000
INTERVAL = (2.5, 97.5)


@dataclass(frozen=True)
class SeedDifference:
    """The mean of treated - control over `pairs` seeds, with two 95 % intervals, which are None for one pair.

    `low`, `high`: percentiles of the mean of pairs drawn with replacement (Efron and Tibshirani, 1993). Drawn again, few values never leave their
    own range, so that the interval of few seeds is too narrow: for three it is their range, which holds the true median three times in four.
    `student_low`, `student_high`: Student's t with pairs - 1 degrees of freedom, honest for few seeds whose differences are normal.
    """

    difference: float
    pairs: int
    low: float | None = None
    high: float | None = None
    student_low: float | None = None
    student_high: float | None = None


def paired_over_seeds(
    control: Mapping[int, float], treated: Mapping[int, float], *, draws: int = DRAWS
) -> SeedDifference | None:
    """Figures by seed; seeds that only one of the two has are left out. None where they share no seed. The same figures give the same interval."""
    differences = np.array([treated[seed] - control[seed] for seed in sorted(control.keys() & treated.keys())])
    if not differences.size:
        return None
    mean, pairs = float(differences.mean()), int(differences.size)
    if pairs == 1:
        return SeedDifference(mean, pairs)
    places = np.random.default_rng(0).integers(0, pairs, (draws, pairs))
    low, high = np.percentile(differences[places].mean(1), INTERVAL)
    reach = float(stdtrit(pairs - 1, INTERVAL[1] / 100)) * statistics.stdev(differences.tolist()) / math.sqrt(pairs)
    return SeedDifference(mean, pairs, float(low), float(high), mean - reach, mean + reach)
