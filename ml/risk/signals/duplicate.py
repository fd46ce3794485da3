"""Two labels of different classes claim the same object: u = the largest IoU² with one of another class."""

from __future__ import annotations

from ml.risk.observations import Observation
from ml.risk.score import PUBLISHED_WEIGHTS
from ml.risk.signal import Signal
from ml.schemas import RiskSignal


def measure(observation: Observation) -> RiskSignal:
    rivals = [
        (float(overlap), other.category)
        for overlap, other in zip(
            observation.frame.overlaps[observation.position], observation.frame.detections, strict=True
        )
        if overlap > 0
        and other.category != observation.category
        and not other.candidate
        # A face belongs inside its vehicle and may cover all of it.
        and (observation.groups.get(other.category) == "part") == (observation.group == "part")
    ]
    overlap, rival = max(rivals, default=(0.0, ""))
    sentence = f"overlaps a {rival} by {overlap:.0%}" if rival else "no box of another class on it"
    return RiskSignal("dup", overlap**2, sentence)


SIGNAL = Signal("dup", PUBLISHED_WEIGHTS["dup"], measure)
