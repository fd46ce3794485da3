"""The decoder moves the box until its last layer: u = its spread over the last three layers, 1 from a tenth of the box on."""

from __future__ import annotations

from ml.risk.observations import Observation
from ml.risk.score import OWN_WEIGHTS
from ml.risk.signal import Signal, spread_signal
from ml.schemas import RiskSignal


def measure(observation: Observation) -> RiskSignal | None:
    """None where the model has no decoder layers to compare."""
    return spread_signal(observation, "layers", steady="decoder layers agree", doubtful="decoder layers differ")


SIGNAL = Signal("layers", OWN_WEIGHTS["layers"], measure)
