"""Average precision by the COCO protocol, computed by pycocotools: the reported numbers of this project."""

from __future__ import annotations

import contextlib
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from ml.coco import box_problem, validate
from ml.errors import BadAnnotations
from ml.schemas import EvalReport

NO_TRUTH = -1.0
ALL_AREAS, HUNDRED_DETECTIONS = 0, 2  # positions on pycocotools' axes of areas and of detections an image


def evaluate(truth: Mapping[str, Any], results: Sequence[Mapping[str, Any]]) -> EvalReport:
    """Box AP of `results` against `truth`.

    Args:
        truth: a COCO dict. `iscrowd` annotations are ignore regions; one whose `category_id` is None ignores every category.
        results: COCO results: `image_id`, `category_id`, `bbox` [x, y, width, height], `score`.
    Returns:
        Figures in [0, 1]; a category without truth has AP -1 and is left out of the means.
    Raises:
        BadAnnotations: a record of either breaks its format or names an image or category that is not there.
    """
    return report_of(accumulated(truth, results), truth, results)


def accumulated(truth: Mapping[str, Any], results: Sequence[Mapping[str, Any]]) -> COCOeval:
    """pycocotools' evaluation with its matches, precisions and summary. Raises: BadAnnotations, as `evaluate`."""
    evaluation = _prepared(truth, results)
    with silent():
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return evaluation


def matched_at_all_sizes(truth: Mapping[str, Any], results: Sequence[Mapping[str, Any]]) -> COCOeval:
    """pycocotools' evaluation with its matches alone, and none of them by size. Raises: BadAnnotations, as `evaluate`."""
    evaluation = _prepared(truth, results)
    evaluation.params.areaRng = evaluation.params.areaRng[: ALL_AREAS + 1]
    with silent():
        evaluation.evaluate()
    return evaluation


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """pycocotools prints its progress."""
    with contextlib.redirect_stdout(io.StringIO()):
        yield


def matches_by_category(evaluation: COCOeval) -> list[list[Mapping[str, Any]]]:
    """pycocotools' matches at all sizes: by category, in the order of `params.catIds`, those of each image that holds anything of it."""
    images, areas = len(evaluation.params.imgIds), len(evaluation.params.areaRng)
    firsts = [(place * areas + ALL_AREAS) * images for place in range(len(evaluation.params.catIds))]
    return [[match for match in evaluation.evalImgs[first : first + images] if match] for first in firsts]


def report_of(evaluation: COCOeval, truth: Mapping[str, Any], results: Sequence[Mapping[str, Any]]) -> EvalReport:
    """The figures of an accumulated evaluation."""
    ap, ap50, ap75, small, medium, large, _, _, ar100 = (float(value) for value in evaluation.stats[:9])
    return EvalReport(
        ap=ap,
        ap50=ap50,
        ap75=ap75,
        ap_small=small,
        ap_medium=medium,
        ap_large=large,
        ar100=ar100,
        per_category=_per_category(evaluation, truth),
        frames=len(truth["images"]),
        truths=sum(not annotation.get("iscrowd") for annotation in truth["annotations"]),
        detections=len(results),
    )


def _prepared(truth: Mapping[str, Any], results: Sequence[Mapping[str, Any]]) -> COCOeval:
    validate(truth)
    _refuse_broken(truth, results)
    with silent():
        return COCOeval(_index(truth), _index(_as_annotations(truth, results)), "bbox")


def _refuse_broken(truth: Mapping[str, Any], results: Sequence[Mapping[str, Any]]) -> None:
    images = {image["id"] for image in truth["images"]}
    categories = {category["id"] for category in truth["categories"]}
    for position, result in enumerate(results):
        if problem := _problem(result, images, categories):
            raise BadAnnotations(f"result {position} {problem}")


def _problem(result: Any, images: set[int], categories: set[int]) -> str | None:
    if not isinstance(result, Mapping):
        return "is no object"
    for key, known in (("image_id", images), ("category_id", categories)):
        id = result.get(key)
        if not isinstance(id, int) or id not in known:
            return f"has {key} {id!r}, which is not in the truth"
    score = result.get("score")
    if not isinstance(score, int | float) or not math.isfinite(score):
        return f"has score {score!r}, not a finite number"
    return box_problem(result.get("bbox"))


def _index(coco: Mapping[str, Any]) -> COCO:
    """pycocotools' index over own copies of the annotations, with what it takes for granted filled in."""
    indexed = COCO()
    every = [category["id"] for category in coco["categories"]]
    spread = (
        {**annotation, "category_id": category}
        for annotation in sorted(coco["annotations"], key=lambda a: a["id"])
        for category in (every if annotation["category_id"] is None else [annotation["category_id"]])
    )
    annotations = [
        {"area": a["bbox"][2] * a["bbox"][3], "iscrowd": 0, **a, "id": number}
        for number, a in enumerate(spread, start=1)
    ]
    indexed.dataset = {**coco, "annotations": annotations}
    indexed.createIndex()
    return indexed


def _as_annotations(truth: Mapping[str, Any], results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Results as a COCO dict. `COCO.loadRes` does the same but fails on an empty list and guesses the format.

    pycocotools ranks equal scores by their place in the list; one order for all of them makes the figures a function of the set.
    """
    ranked = sorted(results, key=lambda r: (r["image_id"], r["category_id"], -r["score"], list(r["bbox"])))
    annotations = [{**result, "id": number} for number, result in enumerate(ranked, start=1)]
    return {"images": truth["images"], "categories": truth["categories"], "annotations": annotations}


def _per_category(evaluation: COCOeval, truth: Mapping[str, Any]) -> dict[str, float]:
    precision = evaluation.eval["precision"][..., ALL_AREAS, HUNDRED_DETECTIONS]  # (T, R, K)
    names = {category["id"]: category["name"] for category in truth["categories"]}
    return {names[id]: mean_precision(precision[..., k]) for k, id in enumerate(evaluation.params.catIds)}


def mean_precision(precision: np.ndarray[Any, Any]) -> float:
    """Over what is known of pycocotools' precisions; NO_TRUTH where nothing is."""
    known = precision[precision > -1]
    return float(known.mean()) if known.size else NO_TRUTH
