"""Is one model better than another, or was it luck? Paired bootstrap over images, and mean and deviation over seeds."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.errors import BadAnnotations
from ml.evaluate.detection import matched_at_all_sizes, matches_by_category

Coco = Mapping[str, Any]
Results = Sequence[Mapping[str, Any]]
INTERVAL = (2.5, 97.5)


@dataclass(frozen=True)
class _Category:
    """The matches of a category's detections over all images, by descending score: from them AP of any multiset of images follows."""

    image: npt.NDArray[np.int64]  # (N,) place of each detection's image
    right: npt.NDArray[np.bool_]  # (T, N)
    ignored: npt.NDArray[np.bool_]  # (T, N)
    truths: npt.NDArray[np.int64]  # (I,) truths of each image that count


def paired_bootstrap(
    truth: Coco, results_a: Results, results_b: Results, *, draws: int = 1000, seed: int = 0
) -> dict[str, float]:
    """The difference in AP, b - a, with the 95 % percentile interval of images drawn with replacement (Efron and Tibshirani, 1993).

    See `bootstrap_over_seeds`, of which it is the case of one training run each.
    """
    return bootstrap_over_seeds(truth, [results_a], [results_b], draws=draws, seed=seed)


def bootstrap_over_seeds(
    truth: Coco, runs_a: Sequence[Results], runs_b: Sequence[Results], *, draws: int = 1000, seed: int = 0
) -> dict[str, float]:
    """The difference in mean AP, b - a, of two ways to train, whose n-th runs share a seed; with the 95 % percentile interval.

    Images are drawn with replacement and so are the seeds, together with both their runs, so that what is hard for both cancels out and luck in
    training widens the interval. `p` is two-sided: twice the share of draws on the
    rarer side of nil, nil itself counted on both and the data themselves as one draw more, so that it is never 0 (Davison and
    Hinkley, 1997, section 4.2). `first` and `second` are the mean APs themselves. A draw without truth is drawn again.
    Raises:
        BadAnnotations: as `evaluate`, or there is no truth at all.
    """
    pairs = [(matched_categories(truth, a), matched_categories(truth, b)) for a, b in zip(runs_a, runs_b, strict=True)]
    count = len(truth["images"])
    once = np.ones(count, np.int64)
    first, second = (float(np.mean([average_precision(pair[side], once) for pair in pairs])) for side in (0, 1))
    if math.isnan(first):
        raise BadAnnotations("There is no truth to compare on.")
    differences = np.array(_differences(pairs, count, draws, np.random.default_rng(seed)))
    low, high = np.percentile(differences, INTERVAL)
    rarer = 1 + min(int((differences <= 0).sum()), int((differences >= 0).sum()))
    return {
        "first": round(first, 5),
        "second": round(second, 5),
        "difference": round(second - first, 5),
        "low": round(float(low), 5),
        "high": round(float(high), 5),
        "p": round(min(1.0, 2 * rarer / (draws + 1)), 5),
        "draws": draws,
    }


def over_seeds(aps: Sequence[float]) -> dict[str, float | None]:
    """Mean and sample deviation over runs that differ in their seed alone; the deviation of one run is unknown, not nil."""
    deviation = statistics.stdev(aps) if len(aps) > 1 else None
    return {"mean": statistics.fmean(aps), "deviation": deviation, "n": len(aps)}


def average_precision(categories: Sequence[_Category], counts: npt.NDArray[np.int64]) -> float:
    """AP of the multiset that has image i (by ascending id) `counts[i]` times, as pycocotools computes it; NaN without truth.

    Where detections of one image and category score the same to the last bit, pycocotools' order of the copies, and so its AP, may
    differ in the last digits.
    """
    values = [ap for category in categories if not np.isnan(ap := _ap(category, counts))]
    return float(np.mean(values)) if values else float("nan")


def _differences(
    pairs: Sequence[tuple[Sequence[_Category], Sequence[_Category]]],
    images: int,
    draws: int,
    rng: np.random.Generator,
) -> list[float]:
    differences: list[float] = []
    while len(differences) < draws:
        counts = np.bincount(rng.integers(0, images, images), minlength=images)
        drawn = range(1) if len(pairs) == 1 else rng.integers(0, len(pairs), len(pairs))
        # A run that is drawn twice counts twice; all see the same images.
        values = [average_precision(b, counts) - average_precision(a, counts) for a, b in (pairs[n] for n in drawn)]
        if not math.isnan(values[0]):
            differences.append(float(np.mean(values)))
    return differences


def _ap(category: _Category, counts: npt.NDArray[np.int64]) -> float:
    total = int((category.truths * counts).sum())
    if not total:
        return float("nan")
    weight = counts[category.image]  # how often each detection is there
    counted = ~category.ignored * weight
    right = np.cumsum(category.right * counted, 1)
    wrong = np.cumsum(~category.right * counted, 1)
    recalls = np.linspace(0, 1, 101)
    values = []
    for hits, misses in zip(right, wrong, strict=True):  # one a threshold of IoU
        recall, precision = hits / total, hits / np.maximum(hits + misses, np.spacing(1))
        envelope = np.maximum.accumulate(precision[::-1])[::-1]
        places = np.searchsorted(recall, recalls, side="left")
        reached = places < len(envelope)
        values.append(
            np.where(reached, envelope[np.minimum(places, len(envelope) - 1)], 0.0).mean() if len(envelope) else 0.0
        )
    return float(np.mean(values))


def matched_categories(truth: Coco, results: Results) -> list[_Category]:
    """pycocotools' own matches, category by category."""
    evaluation = matched_at_all_sizes(truth, results)
    places = {int(id): place for place, id in enumerate(evaluation.params.imgIds)}
    return [_category(matches, places) for matches in matches_by_category(evaluation)]


def _category(evaluated: Sequence[Mapping[str, Any]], places: Mapping[int, int]) -> _Category:
    truths = np.zeros(len(places), np.int64)
    for image in evaluated:
        truths[places[image["image_id"]]] = (np.asarray(image["gtIgnore"]) == 0).sum()
    parts = [image for image in evaluated if image["dtScores"]]
    if not parts:
        empty = np.zeros((10, 0), bool)
        return _Category(np.zeros(0, np.int64), empty, empty, truths)
    scores = np.concatenate([image["dtScores"] for image in parts])
    order = np.argsort(-scores, kind="mergesort")
    origin = np.concatenate([np.full(len(p["dtScores"]), places[p["image_id"]]) for p in parts])
    matched = np.concatenate([p["dtMatches"] for p in parts], axis=1) > 0
    ignored = np.concatenate([p["dtIgnore"] for p in parts], axis=1).astype(bool)
    return _Category(origin[order], matched[:, order], ignored[:, order], truths)
