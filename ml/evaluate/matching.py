"""Which detection found which truth, at IoU 0.5 and from a score on: pycocotools' matches, image by image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pycocotools.cocoeval import COCOeval

from ml.evaluate.detection import matches_by_category

IOU = 0.5
IOU_PLACE = 0  # of 0.5 on pycocotools' axis of IoU thresholds
Record = Mapping[str, Any]


@dataclass
class ImageMatches:
    """COCO records of one image. Truths and detections that are to be ignored are in none of the lists."""

    image_id: int
    right: list[tuple[Record, Record]] = field(default_factory=list)  # truth, and the detection that found it
    wrong: list[Record] = field(default_factory=list)  # detections that found none of their category
    missing: list[Record] = field(default_factory=list)  # truths that none of their category found


def matches_by_image(evaluation: COCOeval, threshold: float) -> list[ImageMatches]:
    """Of detections that score `threshold` or more, by image id.

    Matching is greedy by score, so that detections under the threshold change nothing above it.
    """
    images = {int(id): ImageMatches(int(id)) for id in evaluation.params.imgIds}
    for matches in matches_by_category(evaluation):
        for match in matches:
            _sort_in(images[match["image_id"]], match, evaluation, threshold)
    return list(images.values())


def _sort_in(image: ImageMatches, match: Mapping[str, Any], evaluation: COCOeval, threshold: float) -> None:
    truths, detections = evaluation.cocoGt.anns, evaluation.cocoDt.anns
    found: set[int] = set()
    columns = (match["dtIds"], match["dtScores"], match["dtMatches"][IOU_PLACE], match["dtIgnore"][IOU_PLACE])
    for id, score, truth, ignored in zip(*columns, strict=True):
        if score < threshold:
            break
        if truth and not ignored:
            found.add(int(truth))
            image.right.append((truths[int(truth)], detections[id]))
        elif not ignored:
            image.wrong.append(detections[id])
    counted = [id for id, ignored in zip(match["gtIds"], match["gtIgnore"], strict=True) if not ignored]
    image.missing += [truths[id] for id in counted if id not in found]
