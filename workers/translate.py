"""ORM rows <-> `ml` values: the only file that knows both vocabularies."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from ml.risk.cipo import Lanes
from ml.risk.observations import FrameDetections, SecondOpinion
from ml.schemas import Detection, ScoredDetection
from webapp.footage.models import Frame
from webapp.labels.models import Box
from webapp.registry.models import ModelVersion
from webapp.taxonomy.models import Category


def as_box(
    scored: ScoredDetection, *, frame: Frame, model: ModelVersion, index: int, categories: Mapping[str, Category]
) -> Box:
    """An unsaved pre-label. `categories` maps names to the drive's taxonomy."""
    detection = scored.detection
    x, y, width, height = detection.box_xywh
    box = Box(
        frame=frame,
        category=categories[detection.category],
        x=x,
        y=y,
        width=width,
        height=height,
        frame_width=frame.width,
        frame_height=frame.height,
        source=Box.Source.PSEUDO,
        state=Box.State.MISSED_CANDIDATE if detection.candidate else Box.State.PENDING,
        model_version=model,
        index=index,
        score=detection.score,
        probs={name: round(p, 5) for name, p in detection.probs.items()},
        evidence={look: round(value, 5) for look, value in detection.evidence.items()},
    )
    set_risk(box, scored)
    return box


def set_risk(box: Box, scored: ScoredDetection) -> None:
    """Put an assessment on a row."""
    box.risk, box.severity = scored.assessment.risk, scored.assessment.severity
    box.signals = [asdict(signal) for signal in scored.assessment.signals]
    box.cipo = scored.assessment.cipo


def as_frame_detections(
    frame: Frame, boxes: Sequence[Box], second: Sequence[Box] = (), second_threshold: float = 0.3
) -> FrameDetections:
    """A frame's rows as `ml.risk` sees them, in the order given; `second` are another model's.

    The frame's scene may tell the own lane, `lanes: [left, right]` as points [x, y] in px, and the row of the `vanishing_row`.
    """
    return FrameDetections(
        frame.width,
        frame.height,
        frame.time_ms,
        [_as_detection(box) for box in boxes],
        second=SecondOpinion([_as_detection(box) for box in second], second_threshold) if second else None,
        lanes=Lanes.from_json(frame.scene.get("lanes")),
        vanishing_row=frame.scene.get("vanishing_row"),
    )


def _as_detection(box: Box) -> Detection:
    assert box.category
    return Detection(
        box_xywh=(box.x, box.y, box.width, box.height),
        category=box.category.name,
        score=box.score if box.score is not None else 1.0,
        probs=dict(box.probs),
        evidence=dict(box.evidence),
        # A candidate that a person accepted is a label from then on.
        candidate=box.state in (Box.State.MISSED_CANDIDATE, Box.State.DISMISSED),
    )
