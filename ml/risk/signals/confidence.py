"""The detector itself is unsure of the box: u = 1 - p."""

from __future__ import annotations

from ml.risk.observations import Observation
from ml.risk.score import PUBLISHED_WEIGHTS
from ml.risk.signal import Signal, in_short
from ml.schemas import RiskSignal


def measure(observation: Observation) -> RiskSignal:
    value = 1 - observation.probs[observation.category]
    return RiskSignal(
        "conf", value, f"{_word(value)} score: {observation.category} {in_short(observation.detection.score)}"
    )


def _word(value: float) -> str:
    if value > 0.6:
        return "very low"
    if value > 0.4:
        return "low"
    return "fair" if value > 0.2 else "high"


SIGNAL = Signal("conf", PUBLISHED_WEIGHTS["conf"], measure)
