"""The detector is unsure of the class: u = 1 - (p of the given class - p of the best other)."""

from __future__ import annotations

from ml.risk.observations import Observation
from ml.risk.score import PUBLISHED_WEIGHTS
from ml.risk.signal import Signal, in_short
from ml.schemas import RiskSignal


def measure(observation: Observation) -> RiskSignal | None:
    """None where the prompt had one category only: there is no other to mistake it for."""
    given = observation.category
    others = [name for name in observation.probs if name != given]
    if not others:
        return None
    second = max(others, key=observation.probs.__getitem__)
    value = min(1.0, max(0.0, 1 - (observation.probs[given] - observation.probs[second])))
    word = "unsure" if observation.probs[second] > observation.probs[given] / 2 else "clear"
    scores = (
        f"{given} {in_short(observation.detection.score)}, {second} {in_short(observation.detection.probs[second])}"
    )
    return RiskSignal("margin", value, f"class {word}: {scores}")


SIGNAL = Signal("margin", PUBLISHED_WEIGHTS["margin"], measure)
