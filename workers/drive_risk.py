"""The risk of a drive, or of a clip of it, from the rows in the database: what the model found, what another one found, and the risk in force."""

from dataclasses import dataclass

from ml.risk.drive import assess_drive
from webapp.footage.models import Drive, Frame
from webapp.labels.models import Box
from webapp.registry.models import ModelVersion
from webapp.risk import selectors
from workers import translate


@dataclass(frozen=True)
class AssessedDrive:
    """The model's boxes with their new risk, unsaved, and the number of the track of each, counted on from `first_track`."""

    boxes: list[Box]
    tracks: list[int | None]
    last_track: int


def assessed(
    drive: Drive,
    model: ModelVersion,
    *,
    score_threshold: float,
    second: ModelVersion | None = None,
    clip: int | None = None,
    first_track: int = 0,
) -> AssessedDrive:
    """All frames of the drive, or of one clip. `second` is the model that is asked for its opinion; the latest other one when None."""
    frames = Frame.objects.filter(drive=drive, **({"clip": clip} if clip else {})).order_by("clip_id", "index")
    rows = {frame.id: frame for frame in frames}
    own = _by_frame(list(rows), model)
    second = second or selectors.second_model(drive, model)
    others = _by_frame(list(rows), second) if second else {}
    second_threshold = selectors.score_threshold(drive, second) if second else 0.0
    seen = [
        translate.as_frame_detections(frame, own[id], others.get(id, ()), second_threshold)
        for id, frame in rows.items()
    ]
    in_force = selectors.risk_in_force(model)
    scored = assess_drive(
        seen,
        categories=drive.taxonomy.values(),
        score_threshold=score_threshold,
        calibrated=in_force[1] if in_force else None,
    )
    boxes: list[Box] = []
    tracks: list[int | None] = []
    for id, found in zip(rows, scored, strict=True):
        for box, one in zip(own[id], found, strict=True):
            translate.set_risk(box, one)
            # A candidate of a missed object has a risk of its own, which no fit judges.
            box.risk_model = in_force[0] if in_force and not one.detection.candidate else None
            boxes.append(box)
            tracks.append(one.track + first_track if one.track else None)
    return AssessedDrive(boxes, tracks, max((number for number in tracks if number), default=first_track))


def _by_frame(frames: list[int], model: ModelVersion) -> dict[int, list[Box]]:
    """The model's boxes of each frame in their order; a frame without any has none."""
    found: dict[int, list[Box]] = {id: [] for id in frames}
    for box in Box.objects.filter(frame__in=frames, model_version=model).select_related("category").order_by("index"):
        found[box.frame_id].append(box)
    return found
