"""Two labels of different classes claim the same object: u = the largest IoU² with one of another class."""

from __future__ import annotations

from ml.risk.observations import Observation
from ml.risk.score import PUBLISHED_WEIGHTS
from ml.risk.signal import Signal
from ml.schemas import RiskSignal


def measure(observation: Observation) -> RiskSignal:
    rivals = (
        (overlap, other.category)
        for overlap, other in observation.neighbours()
        if not other.candidate and other.category != observation.category and observation.is_kin(other)
    )
    overlap, rival = max(rivals, default=(0.0, ""))
    sentence = f"overlaps a {rival} by {overlap:.0%}" if rival else "no box of another class on it"
    return RiskSignal("dup", overlap**2, sentence)


SIGNAL = Signal("dup", PUBLISHED_WEIGHTS["dup"], measure)
