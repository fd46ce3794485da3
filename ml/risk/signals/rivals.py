"""Other boxes of its kind, weak ones too, claim the same place: u = the sum of their IoU with the label, at most 1."""

from __future__ import annotations

from ml.risk.observations import Observation
from ml.risk.score import OWN_WEIGHTS
from ml.risk.signal import Signal
from ml.schemas import RiskSignal


def measure(observation: Observation) -> RiskSignal:
    overlaps = [overlap for overlap, other in observation.neighbours() if observation.is_kin(other)]
    value = min(1.0, sum(overlaps))
    sentence = f"{len(overlaps)} other boxes overlap it, by {max(overlaps):.0%} at most" if overlaps else "stands alone"
    return RiskSignal("rivals", value, sentence)


SIGNAL = Signal("rivals", OWN_WEIGHTS["rivals"], measure)
