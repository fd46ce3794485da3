"""All that a page shows of an evaluation: figures by category and slice, curves, confusion, kinds of errors and the frames behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from pycocotools.cocoeval import COCOeval

from ml.evaluate.confusion import confusion
from ml.evaluate.curves import NOTHING_RIGHT, best_f1, pr_curves
from ml.evaluate.detection import (
    ALL_AREAS,
    HUNDRED_DETECTIONS,
    accumulated,
    matches_by_category,
    mean_precision,
    report_of,
)
from ml.evaluate.errors import error_counts, error_rows, errors_of, worst_frames
from ml.evaluate.matching import IOU_PLACE, matches_by_image
from ml.evaluate.slices import by_attribute, by_size, known
from ml.schemas import EvalReport

FIGURES = {
    "AP": "ap",
    "AP50": "ap50",
    "AP75": "ap75",
    "APs": "ap_small",
    "APm": "ap_medium",
    "APl": "ap_large",
    "AR": "ar100",
}
Coco = Mapping[str, Any]
Results = Sequence[Mapping[str, Any]]


def report(
    truth: Coco,
    results: Results,
    *,
    attributes: Mapping[int, Mapping[str, str]] | None = None,
    threshold: float | None = None,
) -> dict[str, Any]:
    """Pure JSON; None stands where there is no truth to measure on. The order of records changes nothing.

    Args:
        truth, results: as in `evaluate`.
        attributes: by image id: drive, time of day, ...; a slice is made of every value of every attribute.
        threshold: the score from which on confusion and errors are counted; that of the best F1 unless given.
    Raises:
        BadAnnotations: as `evaluate`.
    """
    evaluation = accumulated(truth, results)
    whole = report_of(evaluation, truth, results)
    names = {category["id"]: category["name"] for category in sorted(truth["categories"], key=lambda c: c["id"])}
    file_names = {image["id"]: image["file_name"] for image in truth["images"]}
    cut = _best_threshold(evaluation) if threshold is None else float(threshold)
    matches = matches_by_image(evaluation, cut)
    errors = errors_of(matches)
    return {
        "figures": figures(whole),
        "frames": whole.frames,
        "truths": whole.truths,
        "detections": whole.detections,
        "threshold": cut,
        "per_category": _per_category(evaluation, names),
        "slices": {**by_attribute(evaluation, attributes or {}), "size": by_size(evaluation)},
        "pr_curves": pr_curves(evaluation, names),
        "confusion": confusion(matches, errors, names, cut),
        "error_counts": error_counts(errors),
        "worst_frames": worst_frames(errors, file_names),
        "errors": error_rows(errors, names),
    }


def figures(whole: EvalReport) -> dict[str, float | None]:
    """Under the names of the field."""
    return {name: known(getattr(whole, key)) for name, key in FIGURES.items()}


def _best_threshold(evaluation: COCOeval) -> float:
    threshold, _ = best_f1(chain.from_iterable(matches_by_category(evaluation)))
    return NOTHING_RIGHT if threshold is None else threshold


def _per_category(evaluation: COCOeval, names: Mapping[int, str]) -> dict[str, Any]:
    precision = evaluation.eval["precision"][..., ALL_AREAS, HUNDRED_DETECTIONS]  # (T, R, K)
    truths = Counter(a["category_id"] for a in evaluation.cocoGt.anns.values() if not a["iscrowd"])
    detections = Counter(a["category_id"] for a in evaluation.cocoDt.anns.values())
    rows: dict[str, Any] = {}
    for place, (id, matches) in enumerate(zip(evaluation.params.catIds, matches_by_category(evaluation), strict=True)):
        threshold, f1 = best_f1(matches)
        rows[names[id]] = {
            "AP": known(mean_precision(precision[..., place])),
            "AP50": known(mean_precision(precision[IOU_PLACE, :, place])),
            "truths": truths[id],
            "detections": detections[id],
            "best_f1": f1 if f1 is None else round(f1, 5),
            "best_threshold": threshold,
        }
    return rows
