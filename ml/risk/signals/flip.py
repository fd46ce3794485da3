"""The model does not find the label again in the mirrored frame: u = 1 - IoU times probability of the best box there."""

from __future__ import annotations

from ml.risk.observations import Observation
from ml.risk.score import PUBLISHED_WEIGHTS
from ml.risk.signal import Signal, support_signal
from ml.schemas import RiskSignal


def measure(observation: Observation) -> RiskSignal | None:
    """None where the model was not shown the mirrored frame."""
    return support_signal(observation, "flip", where="in the mirrored frame")


SIGNAL = Signal("flip", PUBLISHED_WEIGHTS["tta"], measure)
