"""All that a page shows of an evaluation: figures by category and slice, curves, confusion, kinds of errors and the frames behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ml.evaluate.detection import ALL_AREAS, HUNDRED_DETECTIONS, accumulated, evaluate, report_of
from ml.evaluate.matching import IOU, Finding, best_f1, best_threshold, findings
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
COSTS = {"missed": 1.0, "false": 1.0, "confused": 1.0, "mislocalised": 0.5, "duplicate": 0.5}  # of a worst frame
MOST_FRAMES, MOST_ERRORS = 50, 2000
AP50_PLACE = 0  # on pycocotools' axis of IoU thresholds
BACKGROUND = "background"
Coco = Mapping[str, Any]
Results = Sequence[Mapping[str, Any]]


def report(
    truth: Coco,
    results: Results,
    *,
    attributes: Mapping[int, Mapping[str, str]] | None = None,
    threshold: float | None = None,
) -> dict[str, Any]:
    """Pure JSON; None stands where there is no truth to measure on.

    Args:
        truth, results: as in `evaluate`.
        attributes: by image id: drive, time of day, ...; a slice is made of every value of every attribute.
        threshold: the score from which on errors are counted; that of the best F1 unless given.
    Raises:
        BadAnnotations: as `evaluate`.
    """
    evaluation = accumulated(truth, results)
    whole = report_of(evaluation, truth, results)
    cut = best_threshold(truth, results) if threshold is None else threshold
    found = list(findings(truth, results, cut))
    return {
        "figures": figures(whole),
        "frames": whole.frames,
        "truths": whole.truths,
        "detections": whole.detections,
        "threshold": cut,
        "per_category": _per_category(evaluation, truth, results),
        "slices": {"size": _sizes(whole), **_slices(truth, results, attributes or {})},
        "pr_curves": _curves(evaluation, truth),
        "confusion": _confusion(truth, found, cut),
        "error_counts": {kind: sum(f.kind == kind for f in found) for kind in COSTS},
        "worst_frames": _worst(truth, found),
        "errors": _errors(truth, found),
    }


def figures(whole: EvalReport) -> dict[str, float | None]:
    """Under the names of the field."""
    return {name: _known(getattr(whole, key)) for name, key in FIGURES.items()}


def _per_category(evaluation: Any, truth: Coco, results: Results) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    precision = evaluation.eval["precision"][..., ALL_AREAS, HUNDRED_DETECTIONS]  # (T, R, K)
    for place, category in enumerate(sorted(truth["categories"], key=lambda c: c["id"])):
        own = [a for a in truth["annotations"] if a["category_id"] == category["id"]]
        detections = [r for r in results if r["category_id"] == category["id"]]
        score, f1 = best_f1({"annotations": own}, detections)
        rows[category["name"]] = {
            "AP": _mean(precision[..., place]),
            "AP50": _mean(precision[AP50_PLACE, :, place]),
            "truths": sum(not a.get("iscrowd") for a in own),
            "detections": len(detections),
            "best_f1": round(f1, 4),
            "best_threshold": round(score, 4),
        }
    return rows


def _sizes(whole: EvalReport) -> dict[str, Any]:
    """COCO's: under 32 x 32 px, up to 96 x 96, and larger."""
    return {name: {"AP": _known(getattr(whole, f"ap_{name}"))} for name in ("small", "medium", "large")}


def _slices(truth: Coco, results: Results, attributes: Mapping[int, Mapping[str, str]]) -> dict[str, Any]:
    slices: dict[str, Any] = {}
    for name in sorted({name for values in attributes.values() for name in values}):
        groups: dict[str, set[int]] = {}
        for image in truth["images"]:
            value = attributes.get(image["id"], {}).get(name) or "unknown"
            groups.setdefault(value, set()).add(image["id"])
        slices[name] = {value: _slice(truth, results, ids) for value, ids in sorted(groups.items())}
    return slices


def _slice(truth: Coco, results: Results, ids: set[int]) -> dict[str, Any]:
    part = {
        **truth,
        "images": [i for i in truth["images"] if i["id"] in ids],
        "annotations": [a for a in truth["annotations"] if a["image_id"] in ids],
    }
    found = evaluate(part, [r for r in results if r["image_id"] in ids])
    return {"AP": _known(found.ap), "AP50": _known(found.ap50), "frames": found.frames, "truths": found.truths}


def _curves(evaluation: Any, truth: Coco) -> dict[str, Any]:
    """Precision at 101 recalls, IoU 0.5, by category, and their mean over the categories that have truth."""
    precision = evaluation.eval["precision"][AP50_PLACE, :, :, ALL_AREAS, HUNDRED_DETECTIONS]  # (R, K)
    scores = evaluation.eval["scores"][AP50_PLACE, :, :, ALL_AREAS, HUNDRED_DETECTIONS]
    recall = [round(float(r), 2) for r in evaluation.params.recThrs]
    known = [place for place in range(precision.shape[1]) if precision[0, place] > -1]
    names = {category["id"]: category["name"] for category in truth["categories"]}
    curves = {
        names[evaluation.params.catIds[place]]: _curve(recall, precision[:, place], scores[:, place]) for place in known
    }
    if known:
        curves["all"] = _curve(recall, precision[:, known].mean(1), scores[:, known].mean(1))
    return curves


def _curve(recall: list[float], precision: Any, score: Any) -> dict[str, Any]:
    rounded = [[round(float(value), 4) for value in values] for values in (precision, score)]
    return {"iou": IOU, "recall": recall, "precision": rounded[0], "score": rounded[1]}


def _confusion(truth: Coco, found: Sequence[Finding], threshold: float) -> dict[str, Any]:
    """Rows are truths, columns detections; the last of each is background."""
    names = {category["id"]: category["name"] for category in truth["categories"]}
    places = {id: place for place, id in enumerate(names)}
    background = len(places)
    matrix = [[0] * (background + 1) for _ in range(background + 1)]
    for finding in found:
        if finding.kind in ("right", "missed", "confused"):
            row = places[finding.truth["category_id"]] if finding.truth else background
        else:  # a truth that is found already, or only nearly, is no row of its own
            row = background
        column = places[finding.result["category_id"]] if finding.result else background
        matrix[row][column] += 1
        if finding.kind == "mislocalised" and finding.truth:
            matrix[places[finding.truth["category_id"]]][background] += 1
    return {"labels": [*names.values(), BACKGROUND], "matrix": matrix, "iou": IOU, "score": threshold}


def _worst(truth: Coco, found: Sequence[Finding]) -> list[dict[str, Any]]:
    """The frames with the costliest errors (COSTS), worst first."""
    counts: dict[int, Counter[str]] = {}
    for finding in found:
        if finding.kind != "right":
            counts.setdefault(finding.image_id, Counter())[finding.kind] += 1
    names = {image["id"]: image["file_name"] for image in truth["images"]}
    rows = [
        {
            "image_id": id,
            "file_name": names[id],
            "cost": sum(COSTS[kind] * n for kind, n in kinds.items()),
            **{kind: kinds[kind] for kind in COSTS},
        }
        for id, kinds in counts.items()
    ]
    return sorted(rows, key=lambda row: (-row["cost"], row["image_id"]))[:MOST_FRAMES]


def _errors(truth: Coco, found: Sequence[Finding]) -> list[dict[str, Any]]:
    """The surest errors first, with missed truths after them."""
    names = {category["id"]: category["name"] for category in truth["categories"]}
    rows: list[dict[str, Any]] = [
        {
            "image_id": f.image_id,
            "kind": f.kind,
            "category": names[f.truth["category_id"]] if f.truth else None,
            "predicted": names[f.result["category_id"]] if f.result else None,
            "score": round(float(f.result["score"]), 4) if f.result else None,
            "iou": round(f.iou, 4),
            "box_xywh": [float(v) for v in (f.result or f.truth or {})["bbox"]],
        }
        for f in found
        if f.kind != "right"
    ]
    return sorted(rows, key=lambda row: -(row["score"] or 0.0))[:MOST_ERRORS]


def _mean(precision: Any) -> float | None:
    known = precision[precision > -1]
    return round(float(np.mean(known)), 5) if known.size else None


def _known(value: float) -> float | None:
    return None if value < 0 else round(float(value), 5)
