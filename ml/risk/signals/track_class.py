"""The track changes class: u = the share of its boxes that were given another one."""

from __future__ import annotations

from ml.risk.observations import Observation
from ml.risk.score import OWN_WEIGHTS
from ml.risk.signal import Signal
from ml.schemas import RiskSignal


def measure(observation: Observation) -> RiskSignal | None:
    """None on stills and in shots too short to have a before and an after."""
    track = observation.track
    if track is None or len(track.shot.frames) < 3:
        return None
    total, own = track.labels.total(), track.labels[observation.category]
    others = [pair for pair in track.labels.most_common() if pair[0] != observation.category]
    if not others:
        return RiskSignal("track_class", 0.0, f"{observation.category} in all {total} frames of its track")
    other, count = others[0]
    sentence = f"class flips: {observation.category} here, {other} in {count} of {total} frames of its track"
    return RiskSignal("track_class", 1 - own / total, sentence)


SIGNAL = Signal("track_class", OWN_WEIGHTS["track_class"], measure)
