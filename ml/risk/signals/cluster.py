"""The anchors that claim the object differ: u = the spread of their boxes, 1 from a tenth of the box on, or where one anchor stands alone."""

from __future__ import annotations

from ml.risk.observations import Observation
from ml.risk.score import OWN_WEIGHTS
from ml.risk.signal import Signal
from ml.schemas import RiskSignal

SPREAD_FULL = 0.10  # of the box's sides; Soft Teacher accepts up to 0.02


def measure(observation: Observation) -> RiskSignal | None:
    """None where the model has no anchors."""
    spread = observation.detection.evidence.get("cluster")
    if spread is None:
        return None
    value = min(1.0, max(0.0, spread / SPREAD_FULL))
    word = "differ" if value > 0.5 else "agree"
    return RiskSignal("cluster", value, f"its anchors {word}: edges spread by {spread:.1%} of the box")


SIGNAL = Signal("cluster", OWN_WEIGHTS["cluster"], measure)
