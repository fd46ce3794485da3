"""From the boxes of a frame to the alarm: tracks, gaps, the closest in-path object. Needs no picture, so that the platform runs it too.

On the device the boxes are its own, at once; on the platform those that a better model and its neighbours gave to frames which stayed there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ml.edge.alarms import Alarm, AlarmLogic, Hazard, Thresholds
from ml.edge.bonnet import is_bonnet
from ml.edge.distance import Distance, MountedCamera, distance_of
from ml.edge.distinct import distinct
from ml.edge.lane_departure import LaneDeparture
from ml.edge.motion import headway, time_to_collision
from ml.edge.radar import RANGE_ERROR_M, SPEED_ERROR_MPS, RadarFeed, Sighting, associate
from ml.edge.range_filter import RangeFilter
from ml.edge.signals import Signal
from ml.edge.tracker import Track, Tracker
from ml.risk.cipo import Lanes, closest_in_path
from ml.schemas import Category, Detection
from ml.taxonomies import GDDA13

WIDTH_ERROR = 0.02  # of a box's width, from frame to frame


@dataclass(frozen=True, slots=True)
class Ranged:
    """An object with how far it is. `rate_mps` is the gap's: negative when it closes."""

    track: Track
    gap_m: float
    rate_mps: float
    ttc_s: float
    headway_s: float
    by_radar: bool


@dataclass(frozen=True, slots=True)
class Road:
    """What a frame's boxes say. `cipo` are the closest in-path object and the next one, `cipo_by` how they were told."""

    tracks: tuple[Track, ...]
    objects: tuple[Ranged, ...]
    cipo: tuple[Ranged, ...]
    cipo_by: str
    alarms: tuple[Alarm, ...]
    radar: str


@dataclass
class RoadWatch:
    """State from frame to frame. `radar` may be absent."""

    camera: MountedCamera
    radar: RadarFeed | None = None
    thresholds: Thresholds = field(default_factory=Thresholds)
    categories: Sequence[Category] = GDDA13

    def __post_init__(self) -> None:
        self.alarms, self.departure = AlarmLogic(self.thresholds), LaneDeparture()
        self.tracker = Tracker()
        self._groups = {category.name: category.group for category in self.categories}
        self._filters: dict[int, RangeFilter] = {}

    def set_thresholds(self, thresholds: Thresholds) -> None:
        """From the next frame on; events that are under way keep their state."""
        self.thresholds = self.alarms.thresholds = thresholds

    def step(self, detections: Sequence[Detection], time_ms: float, signal: Signal, lanes: Lanes | None = None) -> Road:
        ahead = [one for one in detections if not is_bonnet(one, self.camera.width, self.camera.height)]
        tracks = self.tracker.step(distinct(ahead, self._groups), time_ms)
        objects, radar = self._ranged([track for track in tracks if track.confirmed], time_ms, signal)
        cipo, by = self._in_path(objects, lanes)
        alarms = self.alarms.step(time_ms, signal.speed_mps, [self._hazard(one) for one in cipo])
        alarms += self.departure.step(time_ms, signal, lanes, self.camera, self.thresholds)
        return Road(tuple(tracks), objects, cipo, by, tuple(alarms), radar)

    def _ranged(self, tracks: Sequence[Track], time_ms: float, signal: Signal) -> tuple[tuple[Ranged, ...], str]:
        """Every object on the road with its gap, radar fused where it answers for it."""
        alive = {track.number for track in self.tracker.tracks}
        self._filters = {number: one for number, one in self._filters.items() if number in alive}
        known = [(track, distance) for track in tracks if (distance := self._camera_distance(track)) is not None]
        sweep = self.radar.at(time_ms) if self.radar else None
        sightings = [
            Sighting(
                self.camera.bearing_deg(track.box_xywh[0] + track.box_xywh[2] / 2), distance.metres, distance.error_m
            )
            for track, distance in known
        ]
        matched = associate(sightings, sweep or [])
        objects = []
        for place, (track, distance) in enumerate(known):
            filtered = self._filter(track, distance, time_ms)
            if place in matched:
                filtered.see_gap(matched[place].range_m, RANGE_ERROR_M)
                filtered.see_rate(matched[place].speed_mps, SPEED_ERROR_MPS)
            objects.append(_ranged(track, filtered, signal, by_radar=place in matched))
        state = "none" if self.radar is None else "missing" if sweep is None else "fresh"
        return tuple(objects), state

    def _camera_distance(self, track: Track) -> Distance | None:
        group = self._groups.get(track.category)
        if group not in ("vehicle", "vulnerable", "part") or track.category == "licence":
            return None
        return distance_of(track.box_xywh, track.category, self.camera)

    def _filter(self, track: Track, distance: Distance, time_ms: float) -> RangeFilter:
        """Predicted, then fed with the camera's distance and with how fast the box grows."""
        filtered = self._filters.get(track.number)
        if filtered is None:
            filtered = self._filters[track.number] = RangeFilter(time_ms, distance.metres, distance.error_m)
            return filtered
        filtered.predict(time_ms)
        filtered.see_gap(distance.metres, distance.error_m)
        if growth := track.growth():
            before, now, seconds = growth
            error = filtered.gap_m * WIDTH_ERROR * 1.5 / seconds
            filtered.see_rate(-filtered.gap_m * (now / before - 1) / seconds, error)
        return filtered

    def _in_path(self, objects: Sequence[Ranged], lanes: Lanes | None) -> tuple[tuple[Ranged, ...], str]:
        """The closest in-path object and the next one, and whether lanes or the triangle told."""
        boxes = [one.track.box_xywh for one in objects]
        found = closest_in_path(
            boxes,
            [one.track.category for one in objects],
            self._groups,
            self.camera.width,
            self.camera.height,
            vanishing_row=self.camera.vanishing_row,
            lanes=lanes,
        )
        if found is None:
            return (), ""
        places = [found.boxes] + ([found.runner_up] if found.runner_up else [])
        return tuple(_whole([objects[place] for place in members]) for members in places), found.reason

    def _hazard(self, one: Ranged) -> Hazard:
        vulnerable = self._groups.get(one.track.category) == "vulnerable"
        return Hazard(one.track.number, vulnerable, one.gap_m, one.ttc_s, one.headway_s, one.by_radar)


def _ranged(track: Track, filtered: RangeFilter, signal: Signal, *, by_radar: bool) -> Ranged:
    """A camera's closing speed counts once it is larger than its own error."""
    closing = -filtered.rate_mps
    if not by_radar and closing < filtered.rate_error_mps:
        closing = 0.0
    return Ranged(
        track,
        filtered.gap_m,
        filtered.rate_mps,
        time_to_collision(filtered.gap_m, closing),
        headway(filtered.gap_m, signal.speed_mps or 0.0),
        by_radar,
    )


def _whole(members: Sequence[Ranged]) -> Ranged:
    """A vehicle with its face is one object: the radar's word first, else the face's. Its number is the vehicle's."""
    vehicle = members[-1]
    by_radar = next((one for one in members if one.by_radar), None)
    best = by_radar or members[0]
    return Ranged(vehicle.track, best.gap_m, best.rate_mps, best.ttc_s, best.headway_s, best.by_radar)
