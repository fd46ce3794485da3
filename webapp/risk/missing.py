"""How many objects of a drive's audited frames nobody has found, from two finders that know nothing of each other.

The first is the label model below its threshold (its candidates that a person accepted), the second another model on the same frames. The
truth that both are held against is what a person accepted or drew and the labels did not have.
"""

from typing import Any

from ml.boxes import iou_matrix, xywh_to_xyxy
from ml.risk.capture import chapman
from webapp.footage.models import Drive, Frame
from webapp.labels.models import Box, BoxEvent
from webapp.registry.models import ModelVersion
from webapp.risk.selectors import score_threshold, second_model

SAME_IOU = 0.5
KEPT = (Box.State.ACCEPTED, Box.State.EDITED)
XYWH = ("x", "y", "width", "height")


def missed_estimate(drive: Drive) -> dict[str, Any]:
    """Counts of the two finders, and the estimate; `estimate` is null without a second model or before both have found something."""
    other = second_model(drive, drive.label_model) if drive.label_model else None
    audited = Frame.objects.filter(drive=drive, state=Frame.State.AUDITED)
    candidates = set(
        BoxEvent.objects.filter(
            frame__in=audited, before__state=Box.State.MISSED_CANDIDATE, box__state__in=KEPT
        ).values_list("box", flat=True)
    )
    truth = [box for box in Box.objects.filter(frame__in=audited, state__in=KEPT) if _missed(box, candidates)]
    seen = _seen_by(other, drive, truth) if other else set()
    first, second, both = len(candidates), len(seen), len(seen & candidates)
    found = chapman(first, second, both) if first and second else None
    return {
        "frames": audited.count(),
        "model": {"id": drive.label_model.id, "name": drive.label_model.name} if drive.label_model else None,
        "second": {"id": other.id, "name": other.name} if other else None,
        "found_first": first,
        "found_second": second,
        "found_both": both,
        "estimate": found and {"missing": found.missing, "lower": found.lower, "upper": found.upper},
    }


def _missed(box: Box, candidates: set[int]) -> bool:
    return box.id in candidates or box.source == Box.Source.HUMAN


def _seen_by(other: ModelVersion, drive: Drive, truth: list[Box]) -> set[int]:
    """Those of the boxes that the other model has a label on."""
    labels: dict[int, list[list[float]]] = {}
    theirs = Box.objects.filter(
        frame__in={box.frame_id for box in truth}, model_version=other, score__gte=score_threshold(drive, other)
    )
    for frame, *box in theirs.values_list("frame", *XYWH):
        labels.setdefault(frame, []).append(box)
    return {box.id for box in truth if _overlaps(box, labels.get(box.frame_id, []))}


def _overlaps(box: Box, labels: list[list[float]]) -> bool:
    mine = xywh_to_xyxy([[getattr(box, name) for name in XYWH]])
    return bool(labels) and bool(iou_matrix(mine, xywh_to_xyxy(labels)).max() >= SAME_IOU)
