"""How far another model agrees with a label."""

from __future__ import annotations

from dataclasses import dataclass

from ml.boxes import iou_matrix
from ml.risk.observations import Observation
from ml.risk.scale import shifted
from ml.schemas import Detection


@dataclass(frozen=True, slots=True)
class Support:
    """The box of the other model that speaks most for a label: probability of its category times IoU, and the IoU alone."""

    value: float
    overlap: float
    box: Detection


def support(observation: Observation, category: str) -> Support | None:
    """What speaks most for `category` at the observation; None where no other model looked, or it does not know the category."""
    second = observation.frame.second
    if second is None or not second.knows(category):
        return None
    box = observation.frame.boxes_xyxy[observation.position : observation.position + 1]
    overlaps = iou_matrix(box, second.boxes_xyxy)[0].tolist()
    found = (
        Support(shifted(other.probs.get(category, 0.0), second.score_threshold) * overlap, overlap, other)
        for overlap, other in zip(overlaps, second.detections, strict=True)
    )
    return max(found, key=lambda one: (one.value, one.overlap))


def doubted(observation: Observation, category: str) -> float | None:
    """1 - the support."""
    found = support(observation, category)
    return None if found is None else 1 - found.value
