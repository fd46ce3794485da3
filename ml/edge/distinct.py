"""One object, one box: an unsure model says car and truck of the same thing, and the driver must not see it twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ml.boxes import iou_matrix, xywh_to_xyxy
from ml.schemas import CategoryGroup, Detection

SAME_OBJECT = 0.7  # IoU
GROUPS = ("vehicle", "vulnerable")  # a face lies over its vehicle and is no second object


def distinct(detections: Sequence[Detection], groups: Mapping[str, CategoryGroup]) -> list[Detection]:
    """Without the boxes that a stronger one of their group covers; the order stays."""
    dropped: set[int] = set()
    for group in GROUPS:
        places = [place for place, one in enumerate(detections) if groups.get(one.category) == group]
        places.sort(key=lambda place: -detections[place].score)
        boxes = xywh_to_xyxy([detections[place].box_xywh for place in places])
        overlaps = iou_matrix(boxes, boxes)
        for weaker in range(len(places)):
            if any(overlaps[weaker, s] > SAME_OBJECT for s in range(weaker) if places[s] not in dropped):
                dropped.add(places[weaker])
    return [one for place, one in enumerate(detections) if place not in dropped]
