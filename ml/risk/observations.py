"""What a signal sees: one box with its frame, its scaled probabilities, and its place on a track."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ml.boxes import Floats, iou_matrix, xywh_to_xyxy
from ml.risk.cipo import Lanes
from ml.schemas import BoxXYWH, CategoryGroup, Detection


@dataclass(frozen=True)
class SecondOpinion:
    """What another model found in a frame, weak boxes included; `score_threshold` is the one that it was tuned for."""

    detections: Sequence[Detection]
    score_threshold: float = 0.3

    @cached_property
    def boxes_xyxy(self) -> Floats:
        """(M, 4)."""
        return xywh_to_xyxy([detection.box_xywh for detection in self.detections])

    def knows(self, category: str) -> bool:
        """Whether the model was asked for the category, as far as its boxes tell: without any there is no opinion."""
        return any(category in detection.probs for detection in self.detections)


@dataclass(frozen=True)
class FrameDetections:
    """All boxes of one frame, candidates included. `width` and `height` in px, `time_ms` within its clip.

    `second`, `lanes` and `vanishing_row` (a share of the height) are None where no other model, and nobody, has looked.
    """

    width: int
    height: int
    time_ms: float
    detections: Sequence[Detection]
    second: SecondOpinion | None = None
    lanes: Lanes | None = None
    vanishing_row: float | None = None

    @cached_property
    def boxes_xyxy(self) -> Floats:
        """(N, 4)."""
        return xywh_to_xyxy([detection.box_xywh for detection in self.detections])

    @cached_property
    def overlaps(self) -> Floats:
        """IoU of every pair of its boxes, (N, N)."""
        return iou_matrix(self.boxes_xyxy, self.boxes_xyxy)


@dataclass(frozen=True)
class Shot:
    """An unbroken run of frames of one camera: within it, tracks make sense. A still is a shot of one frame."""

    frames: Sequence[FrameDetections]


@dataclass(eq=False)
class Track:
    """The same object over the frames of a shot, in order of time. `number` is its name in the drive, once it has one."""

    shot: Shot
    number: int | None = None
    observations: list[Observation] = field(default_factory=list)

    def add(self, observation: Observation) -> None:
        observation.track, observation.place = self, len(self.observations)
        self.observations.append(observation)

    @cached_property
    def labels(self) -> Counter[str]:
        """How often each category was given along the track, candidates left out. Ask when the track is complete."""
        return Counter(seen.category for seen in self.observations if not seen.detection.candidate)

    @cached_property
    def last_labelled_step(self) -> int:
        """The last frame of the shot in which the object has a label. A track begins with one. Ask when it is complete."""
        return max(seen.step for seen in self.observations if not seen.detection.candidate)


@dataclass(eq=False)
class Observation:
    """One box of one frame; `step` is the frame's position in its shot, `place` the box's position on its track.

    `probs` are the scaled probabilities that risk is judged by (ml/risk/scale.py); the detection keeps the raw ones.
    `groups` knows the group of every category of the drive.
    """

    frame: FrameDetections
    step: int
    position: int
    probs: Mapping[str, float]
    groups: Mapping[str, CategoryGroup]
    track: Track | None = None
    place: int = 0

    @cached_property
    def detection(self) -> Detection:
        return self.frame.detections[self.position]

    @property
    def box_xywh(self) -> BoxXYWH:
        return self.detection.box_xywh

    @property
    def category(self) -> str:
        return self.detection.category

    @cached_property
    def group(self) -> CategoryGroup | None:
        return self.groups.get(self.category)

    def neighbours(self) -> Iterator[tuple[float, Detection]]:
        """The frame's other boxes that overlap this one, each with the IoU."""
        overlaps = self.frame.overlaps[self.position]
        for position in np.flatnonzero(overlaps).tolist():
            if position != self.position:
                yield float(overlaps[position]), self.frame.detections[position]

    def is_kin(self, other: Detection) -> bool:
        """Whether both are parts or both are not: a face or plate belongs inside its vehicle and may cover all of it."""
        return (self.group == "part") == (self.groups.get(other.category) == "part")

    def along_track(self, offset: int) -> Observation | None:
        """The observation `offset` places later on the same track; earlier when negative."""
        if self.track is None:
            return None
        place = self.place + offset
        return self.track.observations[place] if 0 <= place < len(self.track.observations) else None
