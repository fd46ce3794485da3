"""What is taken for what: truths by row, detections by column, background last in both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ml.evaluate.errors import DetectionError
from ml.evaluate.matching import IOU, ImageMatches

BACKGROUND = "background"


def confusion(
    matches: Sequence[ImageMatches], errors: Sequence[DetectionError], names: Mapping[int, str], threshold: float
) -> dict[str, Any]:
    """Every truth is in one cell of its row and every detection in one of its column, so that rows sum to truths and columns to detections.

    A truth that nobody found but that one of another category lies on (IoU >= 0.5) is taken for that; the best-scoring one where
    there are several. All others that nobody found are in the background's column, detections that found nothing in its row.
    """
    places = {id: place for place, id in enumerate(names)}
    background = len(places)
    matrix = [[0] * (background + 1) for _ in range(background + 1)]
    taken_for = _taken_for(matches, errors)
    for image in matches:
        for truth, _ in image.right:
            place = places[truth["category_id"]]
            matrix[place][place] += 1
        for truth in image.missing:
            column = places[taken_for[truth["id"]]["category_id"]] if truth["id"] in taken_for else background
            matrix[places[truth["category_id"]]][column] += 1
        for result in image.wrong:
            matrix[background][places[result["category_id"]]] += 1
    for result in taken_for.values():
        matrix[background][places[result["category_id"]]] -= 1  # it stands in its truth's row
    return {"labels": [*names.values(), BACKGROUND], "matrix": matrix, "iou": IOU, "score": threshold}


def _taken_for(matches: Sequence[ImageMatches], errors: Sequence[DetectionError]) -> dict[int, Mapping[str, Any]]:
    """By the id of a truth that nobody found: the best detection of another category that lies on it."""
    missing = {truth["id"] for image in matches for truth in image.missing}
    confused = [e for e in errors if e.kind == "confused" and e.truth and e.result and e.truth["id"] in missing]
    taken_for: dict[int, Mapping[str, Any]] = {}
    for error in sorted(confused, key=lambda e: -e.result["score"] if e.result else 0.0):
        if error.truth and error.result:
            taken_for.setdefault(error.truth["id"], error.result)
    return taken_for
