"""Does the order of the queue find errors early? Errors found against labels audited, for every way to rank. numpy alone.

The gain is 0 for a random order and 1 for a perfect one. Source: distillation.md 2.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
DRAWS = 1000
INTERVAL = (2.5, 97.5)
POINTS = 101  # of a curve


class Ranking:
    """Labels by falling doubt; equal doubt is in random order, so that what is computed is the mean over such orders.

    Args:
        doubt: (N,), the higher the earlier. wrong: (N,) what an error counts: 0 for a right label, 1 or its severity for a wrong one.
    """

    def __init__(self, doubt: ArrayLike, wrong: ArrayLike) -> None:
        values = -np.asarray(doubt, np.float64)
        self._order = np.argsort(values, kind="stable")
        ranked = values[self._order]
        self._starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])  # of runs of equal doubt
        self._wrong = np.asarray(wrong, np.float64)[self._order]

    def gain(self, copies: ArrayLike | None = None) -> float:
        """(area - random) / (perfect - random); NaN where there is nothing to find, or nothing but. `copies` (N,): how often each
        label is there."""
        there, errors = self._runs(copies)
        total, found = there.sum(), errors.sum()
        positions = np.cumsum(there) - (there - 1) / 2  # mean rank within each run, from 1
        area = (total + 1 - (errors * positions).sum() / found) / total if found else np.nan
        random = (total + 1) / (2 * total)
        best = self._perfect(copies)
        return float((area - random) / (best - random)) if best > random else float("nan")

    def found(self, shares: ArrayLike) -> Floats:
        """What share of all errors lies in the first `shares` of the queue."""
        there, errors = self._runs(None)
        audited = np.r_[0.0, np.cumsum(there)] / there.sum()
        shown: Floats = np.interp(
            np.asarray(shares, np.float64), audited, np.r_[0.0, np.cumsum(errors)] / max(errors.sum(), 1e-12)
        )
        return shown

    def _runs(self, copies: ArrayLike | None) -> tuple[Floats, Floats]:
        """Labels, and what their errors count, in each run of equal doubt."""
        weight = np.ones(len(self._order)) if copies is None else np.asarray(copies, np.float64)[self._order]
        return np.add.reduceat(weight, self._starts), np.add.reduceat(weight * self._wrong, self._starts)

    def _perfect(self, copies: ArrayLike | None) -> float:
        """Area of the order that has the costliest errors first."""
        weight = np.ones(len(self._order)) if copies is None else np.asarray(copies, np.float64)[self._order]
        first = np.argsort(-self._wrong, kind="stable")
        weight, cost = weight[first], self._wrong[first]
        positions = np.cumsum(weight) - (weight - 1) / 2
        total = weight.sum()
        return float((total + 1 - (weight * cost * positions).sum() / max((weight * cost).sum(), 1e-12)) / total)


def audit_curves(
    doubts: Mapping[str, ArrayLike],
    wrong: ArrayLike,
    blocks: ArrayLike,
    *,
    baseline: str = "confidence",
    draws: int = DRAWS,
    seed: int = 0,
) -> dict[str, Any]:
    """Curve and gain of every ranking, with the 95 % interval of blocks drawn with replacement (Efron and Tibshirani, 1993).

    Args:
        doubts: by ranking, (N,). wrong: (N,) as `Ranking`. blocks: (N,) the frame or drive of each label: drawn together.
    Returns:
        `labels`, `wrong` (how many are), `blocks`, `shares` (the axis of every `found`), `perfect` and `rankings`: per name `gain`, `low`, `high`,
        `found`, and `difference`, `difference_low`, `difference_high` to the baseline on the same draws. None where there is no error, or
        no right label, to tell apart.
    """
    cost = np.asarray(wrong, np.float64)
    shares = np.linspace(0, 1, POINTS)
    rankings = {name: Ranking(doubt, cost) for name, doubt in doubts.items()}
    drawn = _drawn_gains(rankings, np.asarray(blocks), draws, seed)
    return {
        "labels": len(cost),
        "wrong": int((cost > 0).sum()),
        "blocks": len(np.unique(blocks)),
        "shares": [round(share, 2) for share in shares.tolist()],
        "perfect": _rounded(Ranking(cost, cost).found(shares)) if len(cost) else [],
        "rankings": {name: _figures(name, rankings, drawn, baseline, shares) for name in rankings} if len(cost) else {},
    }


def _drawn_gains(rankings: Mapping[str, Ranking], blocks: NDArray[Any], draws: int, seed: int) -> dict[str, Floats]:
    names, place = np.unique(blocks, return_inverse=True)
    rng = np.random.default_rng(seed)
    gains: dict[str, list[float]] = {name: [] for name in rankings}
    for _ in range(draws if len(names) > 1 else 0):
        copies = np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names))[place]
        for name, ranking in rankings.items():
            gains[name].append(ranking.gain(copies))
    return {name: np.array(values) for name, values in gains.items()}


def _figures(
    name: str, rankings: Mapping[str, Ranking], drawn: Mapping[str, Floats], baseline: str, shares: Floats
) -> dict[str, Any]:
    gain = rankings[name].gain()
    figures = {"gain": _number(gain), **_interval(drawn[name]), "found": _rounded(rankings[name].found(shares))}
    if baseline in rankings:
        interval = _interval(drawn[name] - drawn[baseline])
        figures |= {"difference": _number(gain - rankings[baseline].gain())}
        figures |= {f"difference_{end}": value for end, value in interval.items()}
    return figures


def _interval(drawn: Floats) -> dict[str, float | None]:
    known = drawn[np.isfinite(drawn)]  # a draw may hold no error
    if not known.size:
        return {"low": None, "high": None}
    low, high = np.percentile(known, INTERVAL)
    return {"low": _number(float(low)), "high": _number(float(high))}


def _number(value: float) -> float | None:
    return round(value, 4) if np.isfinite(value) else None


def _rounded(values: Floats) -> list[float]:
    return [round(value, 4) for value in values.tolist()]
