"""The anchors that claim the object differ: u = the spread of their boxes, 1 from a tenth of the box on, or where one anchor stands alone."""

from __future__ import annotations

from ml.risk.observations import Observation
from ml.risk.score import OWN_WEIGHTS
from ml.risk.signal import Signal, spread_signal
from ml.schemas import RiskSignal


def measure(observation: Observation) -> RiskSignal | None:
    """None where the model has no anchors."""
    return spread_signal(observation, "cluster", steady="its anchors agree", doubtful="its anchors differ")


SIGNAL = Signal("cluster", OWN_WEIGHTS["cluster"], measure)
