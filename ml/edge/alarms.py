"""Forward collision, pedestrian and headway (lane departure has a file of its own): when the driver is warned, and that one event gives one alarm.

Thresholds are the fleet standard's (T/JSATL 12-2017, table 4-10; edge.md 5.5).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

AlarmKind = Literal["fcw", "pcw", "headway", "ldw"]
KINDS: tuple[AlarmKind, ...] = ("fcw", "pcw", "headway")  # those of an object ahead
TYPES = {"fcw": 1, "ldw": 2, "headway": 3, "pcw": 4}  # the standard's numbers
NEEDED, WINDOW = 3, 5  # frames
RELEASE_S = 0.5  # above the threshold
REARM_MS = 5000.0
CAMERA_ALONE_S = 0.25  # without a radar the closing speed is less sure: warn so much earlier
LOST_MS = 1000.0  # after which an event whose object is not seen any more has ended
RANGES = {"ldw_s": (0.5, 1.0)}  # to the line; the standard has none, edge.md 5.5
SAME_GAP = 0.35  # an object that appears this near (share of the gap) where another was lost is the same event


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Seconds and km/h. `FLOOR` holds: nobody may set a time below what protects the driver, nor above the standard's 5 s."""

    enable_kmh: float = 30.0
    fcw_s: float = 2.7
    pcw_s: float = 3.0
    pcw_below_kmh: float = 50.0
    headway_s: float = 1.0
    ldw_s: float = 0.75
    level_two_kmh: float = 50.0

    def changed(self, asked: dict[str, Any]) -> Thresholds:
        """With some of them replaced.

        Raises:
            ValueError: an unknown name, or a value outside the standard's range.
        """
        known = {one.name for one in fields(self)}
        for name, value in asked.items():
            if name not in known:
                raise ValueError(f"'{name}' is no threshold; known: {', '.join(sorted(known))}")
            low, high = RANGES.get(name) or ((1.0, 5.0) if name.endswith("_s") else (0.0, 60.0))
            if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
                raise ValueError(f"{name} must lie in {low:g} to {high:g}, not {value!r}")
        return replace(self, **asked)


@dataclass(frozen=True, slots=True)
class Hazard:
    """An object in the own path, as the alarms judge it."""

    track: int
    vulnerable: bool
    gap_m: float
    ttc_s: float
    headway_s: float
    by_radar: bool = False


@dataclass(frozen=True, slots=True)
class Alarm:
    """What the driver hears once, and the fleet reads later. `seconds` is the TTC, or the headway.

    Of a lane departure `gap_m` is from the wheels to the line of that `side`, `seconds` until they are on it, and there is no track (0).
    """

    kind: AlarmKind
    level: int
    time_ms: float
    track: int
    gap_m: float
    seconds: float
    speed_kmh: float
    side: str = ""


@dataclass(slots=True, kw_only=True)
class Danger:
    """One danger: waiting -> active -> released; it may sound again only when re-armed."""

    seen: deque[bool] = field(default_factory=lambda: deque(maxlen=WINDOW))
    active: bool = False
    sounded_ms: float = -REARM_MS

    def sounds(self, time_ms: float, *, dangerous: bool, safe: bool) -> bool:
        """Once an event: dangerous in three frames of five, and armed again after five seconds."""
        self.seen.append(dangerous)
        if self.active:
            self.active = not safe
            if safe:
                self.seen.clear()
            return False
        if sum(self.seen) < NEEDED or time_ms - self.sounded_ms < REARM_MS:
            return False
        self.active, self.sounded_ms = True, time_ms
        return True


@dataclass(slots=True)
class _Event(Danger):
    """Of one object."""

    track: int
    seen_ms: float = 0.0
    gap_m: float = 0.0


class AlarmLogic:
    """Steps with the frames; keeps what it warned of, so that nothing sounds twice."""

    def __init__(self, thresholds: Thresholds | None = None) -> None:
        self.thresholds = thresholds or Thresholds()
        self._events: dict[AlarmKind, list[_Event]] = {kind: [] for kind in KINDS}

    def step(self, time_ms: float, speed_mps: float | None, hazards: Sequence[Hazard]) -> list[Alarm]:
        """The alarms that begin now. Without a known speed there are none: whether they are enabled cannot be judged.

        Args:
            hazards: objects in the own path, the closest first; headway and forward collision concern the closest vehicle alone.
        """
        kmh = (speed_mps or 0.0) * 3.6 if speed_mps is not None else None
        people = [one for one in hazards if one.vulnerable]
        vehicles = [one for one in hazards if not one.vulnerable][:1]
        alarms = []
        for kind, concerned in (("fcw", vehicles), ("pcw", people), ("headway", vehicles)):
            alarms += self._step_kind(kind, time_ms, kmh, concerned)  # type: ignore[arg-type]  # mypy widens the literals
        return alarms

    def _step_kind(self, kind: AlarmKind, time_ms: float, kmh: float | None, hazards: Sequence[Hazard]) -> list[Alarm]:
        self._forget(kind, time_ms)
        alarms = []
        for hazard in hazards:
            event = self._event(kind, hazard, time_ms)
            threshold = self._threshold(kind, hazard)
            seconds = hazard.headway_s if kind == "headway" else hazard.ttc_s
            enabled = kmh is not None and self._enabled(kind, kmh)
            safe = seconds > threshold + RELEASE_S
            if event.sounds(time_ms, dangerous=enabled and seconds <= threshold, safe=safe):
                level = 2 if kmh is not None and kind != "pcw" and kmh > self.thresholds.level_two_kmh else 1
                alarms.append(Alarm(kind, level, time_ms, hazard.track, hazard.gap_m, seconds, kmh or 0.0))
        return alarms

    def _threshold(self, kind: AlarmKind, hazard: Hazard) -> float:
        seconds: float = getattr(self.thresholds, f"{kind}_s")
        return seconds + (CAMERA_ALONE_S if kind != "headway" and not hazard.by_radar else 0.0)

    def _enabled(self, kind: AlarmKind, kmh: float) -> bool:
        if kind == "pcw":
            return 0 < kmh < self.thresholds.pcw_below_kmh
        return kmh > self.thresholds.enable_kmh

    def _event(self, kind: AlarmKind, hazard: Hazard, time_ms: float) -> _Event:
        """The hazard's own event, or one that lost its object where this one appears: a new track number is no new danger."""
        events = self._events[kind]
        event = next((one for one in events if one.track == hazard.track), None) or next(
            (one for one in events if one.seen_ms < time_ms and abs(one.gap_m - hazard.gap_m) < SAME_GAP * one.gap_m),
            None,
        )
        if event is None:
            event = _Event(hazard.track)
            events.append(event)
        event.track, event.seen_ms, event.gap_m = hazard.track, time_ms, hazard.gap_m
        return event

    def _forget(self, kind: AlarmKind, time_ms: float) -> None:
        kept = []
        for event in self._events[kind]:
            if time_ms - event.seen_ms > LOST_MS:
                event.active = False
            if time_ms - event.seen_ms <= max(LOST_MS, REARM_MS):
                kept.append(event)
        self._events[kind] = kept
