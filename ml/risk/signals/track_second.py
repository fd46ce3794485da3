"""Another model does not see the object in the other frames of its track: u = the mean of its disagreement there."""

from __future__ import annotations

from ml.risk.observations import Observation
from ml.risk.score import OWN_WEIGHTS
from ml.risk.second import doubted
from ml.risk.signal import Signal
from ml.schemas import RiskSignal


def measure(observation: Observation) -> RiskSignal | None:
    """None where the track has no other frame that another model has looked at."""
    track = observation.track
    if track is None:
        return None
    others = [seen for seen in track.observations if seen is not observation and not seen.detection.candidate]
    found = [value for seen in others if (value := doubted(seen, observation.category)) is not None]
    if not found:
        return None
    value = sum(found) / len(found)
    agreed = sum(one < 0.5 for one in found)
    return RiskSignal(
        "track_second", value, f"second model agrees in {agreed} of {len(found)} other frames of its track"
    )


SIGNAL = Signal("track_second", OWN_WEIGHTS["track_second"], measure)
