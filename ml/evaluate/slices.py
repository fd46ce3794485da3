"""Figures of parts of the frames (a drive, the night, ...) and of objects by size, from one run of matching."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from pycocotools.cocoeval import COCOeval

from ml.evaluate.detection import ALL_AREAS, HUNDRED_DETECTIONS, mean_precision, silent
from ml.evaluate.matching import IOU_PLACE

UNKNOWN = "unknown"  # the value of frames that an attribute says nothing of


def by_attribute(evaluation: COCOeval, attributes: Mapping[int, Mapping[str, str]]) -> dict[str, Any]:
    """AP, AP50, frames and truths of every value of every attribute that any frame of the truth has."""
    images = [int(id) for id in evaluation.params.imgIds]
    names = sorted({name for id in images for name in attributes.get(id, {})})
    return {name: _values(evaluation, {id: _value(attributes, id, name) for id in images}) for name in names}


def by_size(evaluation: COCOeval) -> dict[str, Any]:
    """COCO's sizes: an area up to 32 x 32 px, up to 96 x 96 px, and larger."""
    areas = enumerate(zip(evaluation.params.areaRngLbl, evaluation.params.areaRng, strict=True))
    sizes = {}
    for place, (label, (least, most)) in areas:
        if place != ALL_AREAS:
            precision = evaluation.eval["precision"][..., place, HUNDRED_DETECTIONS]
            counted = [a for a in evaluation.cocoGt.anns.values() if not a["iscrowd"] and least <= a["area"] <= most]
            sizes[label] = {**_figures(precision), "truths": len(counted)}
    return sizes


def known(value: float) -> float | None:
    """A figure as JSON has it: five digits, None where there is no truth."""
    return None if value < 0 else round(float(value), 5)


def _value(attributes: Mapping[int, Mapping[str, str]], image_id: int, name: str) -> str:
    return attributes.get(image_id, {}).get(name) or UNKNOWN


def _values(evaluation: COCOeval, value_of: Mapping[int, str]) -> dict[str, Any]:
    groups: dict[str, set[int]] = {}
    for id, value in value_of.items():
        groups.setdefault(value, set()).add(id)
    return {value: _slice(evaluation, ids) for value, ids in sorted(groups.items())}


def _slice(evaluation: COCOeval, images: set[int]) -> dict[str, Any]:
    truths = sum(not a["iscrowd"] for id in images for a in evaluation.cocoGt.imgToAnns.get(id, ()))
    return {**_figures(_precision(evaluation, images)), "frames": len(images), "truths": truths}


def _precision(evaluation: COCOeval, images: set[int]) -> Any:
    """pycocotools' precision (T, R, K) over some of the images: its own accumulation of the matches that it already has.

    Its `accumulate` cannot choose images itself (it looks the places up in the chosen list, not in the list of all), so that the
    matches are chosen for it, and with them the one size and the one number of detections that are asked for.
    """
    params = evaluation.params
    places = [place for place, id in enumerate(params.imgIds) if id in images]
    firsts = [(k * len(params.areaRng) + ALL_AREAS) * len(params.imgIds) for k in range(len(params.catIds))]
    part = copy.copy(evaluation)
    part.params = copy.copy(params)
    part.params.imgIds = [params.imgIds[place] for place in places]
    part.params.areaRng = [params.areaRng[ALL_AREAS]]
    part.params.maxDets = [params.maxDets[HUNDRED_DETECTIONS]]
    part._paramsEval = part.params
    part.evalImgs = [evaluation.evalImgs[first + place] for first in firsts for place in places]
    with silent():
        part.accumulate()
    return part.eval["precision"][..., 0, 0]


def _figures(precision: Any) -> dict[str, float | None]:
    return {"AP": known(mean_precision(precision)), "AP50": known(mean_precision(precision[IOU_PLACE]))}
