"""The decoder does not find back to the box from beside it: u = the spread of its answers, 1 from a tenth of the box on."""

from __future__ import annotations

from ml.risk.observations import Observation
from ml.risk.score import OWN_WEIGHTS
from ml.risk.signal import Signal, spread_signal
from ml.schemas import RiskSignal


def measure(observation: Observation) -> RiskSignal | None:
    """None where the decoder was not asked again."""
    return spread_signal(
        observation, "jitter", steady="box found again from beside it", doubtful="box not found again from beside it"
    )


SIGNAL = Signal("jitter", OWN_WEIGHTS["jitter"], measure)
