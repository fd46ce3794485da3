"""The model does not find the label again when it sees a part of the frame alone: u = 1 - IoU times probability of the best box there."""

from __future__ import annotations

from ml.risk.observations import Observation
from ml.risk.score import OWN_WEIGHTS
from ml.risk.signal import Signal, support_signal
from ml.schemas import RiskSignal


def measure(observation: Observation) -> RiskSignal | None:
    """None where the model was not shown parts of the frame alone."""
    return support_signal(observation, "zoom", where="in a part of the frame")


SIGNAL = Signal("zoom", OWN_WEIGHTS["zoom"], measure)
