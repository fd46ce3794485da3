"""Precision over recall, and the score from which on F1 is best; both at IoU 0.5."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from pycocotools.cocoeval import COCOeval

from ml.evaluate.detection import ALL_AREAS, HUNDRED_DETECTIONS, accumulated, matches_by_category
from ml.evaluate.matching import IOU, IOU_PLACE

NOTHING_RIGHT = 0.5  # the threshold where no score has any detection right
Floats = npt.NDArray[np.float64]


def pr_curves(evaluation: COCOeval, names: Mapping[int, str]) -> dict[str, Any]:
    """pycocotools' precision at 101 recalls, by category that has truth, with the score that reaches each recall (0: none does).

    `all` is the mean over the categories, so that the mean of its precision is AP50; its score, over those that reach the recall.
    """
    precision = evaluation.eval["precision"][IOU_PLACE, :, :, ALL_AREAS, HUNDRED_DETECTIONS]  # (R, K)
    scores = evaluation.eval["scores"][IOU_PLACE, :, :, ALL_AREAS, HUNDRED_DETECTIONS]
    recall = [round(float(value), 2) for value in evaluation.params.recThrs]
    known = np.flatnonzero((precision > -1).all(axis=0))
    if not known.size:
        return {}
    reached = (precision[:, known] > 0).sum(axis=1)
    mean_score = scores[:, known].sum(axis=1) / np.maximum(reached, 1)
    curves = {"all": _curve(recall, precision[:, known].mean(axis=1), mean_score)}
    for place in known:
        name = names[evaluation.params.catIds[place]]
        curves[name] = _curve(recall, precision[:, place], scores[:, place])
    return curves


def best_threshold(truth: Mapping[str, Any], results: Sequence[Mapping[str, Any]]) -> float:
    """The score from which on detections give the best F1; NOTHING_RIGHT where none is right at any. Raises: BadAnnotations."""
    threshold, _ = best_f1(chain.from_iterable(matches_by_category(accumulated(truth, results))))
    return NOTHING_RIGHT if threshold is None else threshold


def best_f1(matches: Any) -> tuple[float | None, float | None]:
    """The score from which on detections give the best F1, and that F1.

    Args:
        matches: an iterable of pycocotools' `evalImgs`, of any images and categories.
    Returns:
        (None, 0) where nothing is right at any score; (None, None) where there is no truth.
    """
    rows = list(matches)
    truths = sum(int(np.count_nonzero(np.asarray(row["gtIgnore"]) == 0)) for row in rows)
    if not truths:
        return None, None
    scores = np.concatenate([np.asarray(row["dtScores"], np.float64) for row in rows])
    right = np.concatenate([row["dtMatches"][IOU_PLACE] for row in rows]) > 0
    counted = ~np.concatenate([row["dtIgnore"][IOU_PLACE] for row in rows]).astype(bool)
    order = np.argsort(-scores, kind="stable")
    f1 = 2 * np.cumsum((right & counted)[order]) / (truths + np.cumsum(counted[order]))
    f1[:-1][np.diff(scores[order]) == 0] = 0.0  # a threshold takes all of a score or none
    if not f1.size or not f1.max():
        return None, 0.0
    return float(scores[order][f1.argmax()]), float(f1.max())


def _curve(recall: list[float], precision: Floats, score: Floats) -> dict[str, Any]:
    rounded = [[round(float(value), 4) for value in values] for values in (precision, score)]
    return {"iou": IOU, "recall": recall, "precision": rounded[0], "score": rounded[1]}
