"""Other boxes of its kind, weak ones too, claim the same place: u = the sum of their IoU with the label, at most 1."""

from __future__ import annotations

from ml.risk.observations import Observation
from ml.risk.score import OWN_WEIGHTS
from ml.risk.signal import Signal
from ml.schemas import RiskSignal


def measure(observation: Observation) -> RiskSignal:
    rivals = [(overlap, other.category) for overlap, other in observation.neighbours() if observation.is_kin(other)]
    if not rivals:
        return RiskSignal("rivals", 0.0, "no other box on it")
    most, category = max(rivals)
    more = f", {len(rivals) - 1} more do less" if len(rivals) > 1 else ""
    return RiskSignal(
        "rivals", min(1.0, sum(overlap for overlap, _ in rivals)), f"a {category} box overlaps it by {most:.0%}{more}"
    )


SIGNAL = Signal("rivals", OWN_WEIGHTS["rivals"], measure)
