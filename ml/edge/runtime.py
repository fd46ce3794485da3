"""One frame through the device: what its model finds, the road and the alarms - then, aside, the scene and what goes up.

Nothing here waits for a disk or a network: the alarm is out when `step` returns.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ml.data.images import Pixels
from ml.edge.alarms import Alarm, Thresholds
from ml.edge.detector import Finds
from ml.edge.distance import MountedCamera
from ml.edge.doubt import Doubt, doubt
from ml.edge.radar import RadarFeed
from ml.edge.road import Ranged, Road, RoadWatch
from ml.edge.scene_state import SceneMeter, SceneState
from ml.edge.signals import Signal
from ml.risk.cipo import Lanes
from ml.schemas import Category, Detection
from ml.taxonomies import GDDA13

SCENE_EVERY_MS = 500.0
NOVEL_BELOW = 20  # looks with a label after which the device has seen enough of it


@dataclass(frozen=True, slots=True)
class Moment:
    """All that the device knows of one frame. `beside_model_ms` is what everything but the model took, until the alarm."""

    time_ms: float
    detections: tuple[Detection, ...]
    objects: tuple[Ranged, ...]
    cipo: tuple[Ranged, ...]
    cipo_by: str
    alarms: tuple[Alarm, ...]
    scene: SceneState
    signal: Signal
    doubt: Doubt
    model_ms: float
    beside_model_ms: float
    radar: str = "none"


@dataclass
class EdgeRuntime:
    """State from frame to frame. `radar` may be absent; `shadow` is a second model that only casts doubt."""

    finder: Finds
    camera: MountedCamera
    radar: RadarFeed | None = None
    thresholds: Thresholds = field(default_factory=Thresholds)
    categories: Sequence[Category] = GDDA13
    shadow: Finds | None = None
    shadow_every: int = 10  # frames

    def __post_init__(self) -> None:
        self.road = RoadWatch(self.camera, self.radar, self.thresholds, self.categories)
        self.meter = SceneMeter()
        self._scene, self._scene_ms = SceneState({}, {}), -SCENE_EVERY_MS
        self._looks: Counter[str] = Counter()
        self._steps = 0

    def set_thresholds(self, thresholds: Thresholds) -> None:
        """From the next frame on; events that are under way keep their state."""
        self.thresholds = thresholds
        self.road.set_thresholds(thresholds)

    def step(
        self,
        image: Pixels,
        time_ms: float,
        signal: Signal,
        lanes: Lanes | None = None,
        *,
        warn: Callable[[Alarm], None] = lambda alarm: None,
    ) -> Moment:
        """Everything of one frame. `warn` is called for each alarm at once, before the scene and the second model are looked at."""
        started = time.perf_counter()
        detections = tuple(self.finder.predict(image))
        found = time.perf_counter()
        self.road.camera = self.camera
        road = self.road.step(detections, time_ms, signal, lanes)
        for alarm in road.alarms:
            warn(alarm)
        warned = time.perf_counter()
        scene = self._look(image, time_ms, signal)
        return Moment(
            time_ms, detections, road.objects, road.cipo, road.cipo_by, road.alarms, scene, signal,
            self._doubt(image, detections, road, scene, time_ms),
            model_ms=(found - started) * 1000, beside_model_ms=(warned - found) * 1000, radar=road.radar,
        )  # fmt: skip

    def _look(self, image: Pixels, time_ms: float, signal: Signal) -> SceneState:
        if time_ms - self._scene_ms >= SCENE_EVERY_MS:
            kmh = signal.speed_mps * 3.6 if signal.speed_mps is not None else None
            self._scene, self._scene_ms = self.meter.look(image, time_ms, kmh, wipers=signal.wipers), time_ms
            self._looks.update(self._scene.labels)
        return self._scene

    def _doubt(
        self, image: Pixels, detections: Sequence[Detection], road: Road, scene: SceneState, time_ms: float
    ) -> Doubt:
        return doubt(
            detections,
            road.tracks,
            width=self.camera.width,
            time_ms=time_ms,
            died=self.road.tracker.died,
            novel=[label for label in scene.labels if self._looks[label] < NOVEL_BELOW],
            cipo=[one.track for one in road.cipo],
            shadow=self._second(image),
        )

    def _second(self, image: Pixels) -> Sequence[Detection] | None:
        """What the second model says of every so many frames: it costs as much as the first, so not of all."""
        self._steps += 1
        if self.shadow is None or (self._steps - 1) % max(1, self.shadow_every):
            return None
        return self.shadow.predict(image)
