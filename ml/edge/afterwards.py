"""Frames that stayed on a device, looked at again once their boxes are filled in (ml/between.py): scene, closest in-path object, risk, alarms.

The device's own logic runs over the better boxes. There is no picture: what is doubtful here has to be fetched before anybody can judge it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ml.between import Known, risk_of
from ml.edge.alarms import Alarm
from ml.edge.distance import MountedCamera
from ml.edge.road import Ranged, RoadWatch
from ml.edge.signals import Signal
from ml.risk.cipo import closest_in_path
from ml.risk.score import pooled
from ml.risk.severity import severity
from ml.schemas import Category, CategoryGroup

SURE = 0.5  # a box from this score on may warn
SHOWN = 0.3  # and from this one on would be a label: a weaker one that is wrong harms nobody
DOUBTFUL = 1.0  # audit priority A = r s: the closest in-path object as likely wrong as right


@dataclass(frozen=True, slots=True)
class Kept:
    """A frame that stayed, with its boxes filled in. `scene` is what the device said of it."""

    time_ms: float
    boxes: Sequence[Known]
    speed_kmh: float | None = None
    scene: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """`risk` is the frame's as the audit ranks it; `doubt` the A of its most doubtful label, 0 in a frame that came up."""

    scene: tuple[str, ...]
    cipo: Ranged | None
    risk: float
    doubt: float
    alarms: tuple[Alarm, ...]

    @property
    def doubtful(self) -> bool:
        return self.doubt >= DOUBTFUL


def judged(frames: Sequence[Kept], camera: MountedCamera, categories: Sequence[Category]) -> list[Judged]:
    """Frames in order of time, of one device without a break; one event gives one alarm. Boxes are in the pixels of `camera`."""
    groups = {category.name: category.group for category in categories}
    watch = RoadWatch(camera, categories=categories)
    return [_judged(frame, watch, groups) for frame in frames]


def _judged(frame: Kept, watch: RoadWatch, groups: Mapping[str, CategoryGroup]) -> Judged:
    speed_mps = frame.speed_kmh / 3.6 if frame.speed_kmh is not None else None
    sure = [one.detection for one in frame.boxes if one.detection.score >= SURE]
    road = watch.step(sure, frame.time_ms, Signal(frame.time_ms, speed_mps))
    priorities = _priorities([one for one in frame.boxes if one.detection.score >= SHOWN], watch.camera, groups)
    came = any(one.origin == "cloud" for one in frame.boxes)
    return Judged(
        tuple(sorted(frame.scene)),
        road.cipo[0] if road.cipo else None,
        pooled(priorities),
        0.0 if came else max(priorities, default=0.0),
        road.alarms,
    )


def _priorities(shown: Sequence[Known], camera: MountedCamera, groups: Mapping[str, CategoryGroup]) -> list[float]:
    """A = r s of each: how likely wrong by whose word it is, and how much that would matter."""
    boxes, names = [one.detection.box_xywh for one in shown], [one.detection.category for one in shown]
    found = closest_in_path(boxes, names, groups, camera.width, camera.height, vanishing_row=camera.vanishing_row)
    closest = set(found.boxes) if found else set()
    return [
        risk_of(one) * severity(box, groups.get(name), cipo=place in closest)
        for place, (one, box, name) in enumerate(zip(shown, boxes, names, strict=True))
    ]
