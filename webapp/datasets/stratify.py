"""Whole drives into splits, so that each split has its share of every category, hour and weather. The same seed gives the same splits."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FRAMES = "frames"  # the stratum of all frames
FRAMES_WEIGHT = 4.0  # the size of a split matters more than any one stratum
ROUNDS = 50


@dataclass(frozen=True)
class Stratified:
    """The split of each drive, and of each stratum the share that every split got."""

    splits: dict[int, str]
    shares: dict[str, dict[str, float]]


def stratified(strata: Mapping[int, Mapping[str, float]], shares: Mapping[str, float], *, seed: int = 0) -> Stratified:
    """Greedy, the largest drive first, then single drives are moved and two exchanged for as long as that helps.

    What is made least is the squared distance of each stratum's share from the asked one, each stratum counting alike.

    Args:
        strata: per drive, how much of each stratum it holds; `frames` among them.
        shares: of each split; they are taken in proportion.
    """
    drives, names = sorted(strata), sorted({name for row in strata.values() for name in row})
    held = np.array([[strata[drive].get(name, 0.0) for name in names] for drive in drives])  # (drives, strata)
    parts = held / np.maximum(held.sum(axis=0), 1e-12)
    weights = np.array([FRAMES_WEIGHT if name == FRAMES else 1.0 for name in names])
    asked = np.array(list(shares.values())) / sum(shares.values())
    places = _placed(parts * np.sqrt(weights), np.outer(asked, np.sqrt(weights)), np.random.default_rng(seed))
    got = np.array([parts[places == split].sum(axis=0) for split in range(len(shares))])
    splits = list(shares)
    return Stratified(
        {drive: splits[place] for drive, place in zip(drives, places.tolist(), strict=True)},
        {name: {split: float(got[k, n]) for k, split in enumerate(splits)} for n, name in enumerate(names)},
    )


def _placed(parts: NDArray[np.float64], asked: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
    """The split of each drive. `parts`: (drives, strata); `asked`: (splits, strata)."""
    order = rng.permutation(len(parts))
    order = order[np.argsort(-parts[order].sum(axis=1), kind="stable")]
    places, off = np.full(len(parts), -1), -asked
    for drive in order:
        places[drive] = _best(parts[drive], off)
        off[places[drive]] += parts[drive]
    for _ in range(ROUNDS):
        if not (_moved(parts, places, off, order) | _exchanged(parts, places, off, order)):
            break
    return places


def _best(part: NDArray[np.float64], off: NDArray[np.float64]) -> int:
    """The split to which adding `part` costs least: |off + part|^2 - |off|^2."""
    return int(np.argmin(off @ part))


def _moved(
    parts: NDArray[np.float64], places: NDArray[np.int64], off: NDArray[np.float64], order: NDArray[np.int64]
) -> bool:
    better = False
    for drive in order:
        off[places[drive]] -= parts[drive]
        best = _best(parts[drive], off)
        # Only what is surely better, so that rounding never turns in a circle.
        if off[places[drive]] @ parts[drive] - off[best] @ parts[drive] > 1e-12:
            places[drive], better = best, True
        off[places[drive]] += parts[drive]
    return better


def _exchanged(
    parts: NDArray[np.float64], places: NDArray[np.int64], off: NDArray[np.float64], order: NDArray[np.int64]
) -> bool:
    """Two drives of different splits change places where that helps; each drive with its best partner."""
    better = False
    for drive in order:
        mine = places[drive]
        step = parts - parts[drive]  # what the drive's split gains, and the partner's loses
        gain = 2 * (step @ off[mine] - np.einsum("ij,ij->i", step, off[places])) + 2 * (step**2).sum(axis=1)
        gain[places == mine] = np.inf
        partner = int(np.argmin(gain))
        if gain[partner] < -1e-12:
            off[mine] += step[partner]
            off[places[partner]] -= step[partner]
            places[drive], places[partner] = places[partner], mine
            better = True
    return better
