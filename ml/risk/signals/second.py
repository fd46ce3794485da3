"""Another model does not see the label: u = 1 - the most of its probability of the category times the IoU of its box."""

from __future__ import annotations

from ml.risk.observations import Observation
from ml.risk.score import PUBLISHED_WEIGHTS
from ml.risk.second import Support, support
from ml.risk.signal import Signal, in_short
from ml.schemas import RiskSignal

SAME_PLACE = 0.1  # IoU from which on the other model's box is about the label


def measure(observation: Observation) -> RiskSignal | None:
    """None where no other model looked, or the other does not know the category."""
    found = support(observation, observation.category)
    return RiskSignal("dis", 1 - found.value, _sentence(observation.category, found)) if found else None


def _sentence(category: str, found: Support) -> str:
    if found.overlap < SAME_PLACE:
        return "second model sees nothing here"
    word = "agrees" if found.box.category == category else "disagrees"
    return f"second model {word}: {found.box.category} {in_short(found.box.score)}, IoU {in_short(found.overlap)}"


SIGNAL = Signal("dis", PUBLISHED_WEIGHTS["dis"], measure)
