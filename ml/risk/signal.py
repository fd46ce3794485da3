"""What a signal of label error is, and the registry of them: the folder `ml/risk/signals`.

A file in that folder with a `SIGNAL` is a signal; nothing keeps a list.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from ml.risk.observations import Observation
from ml.schemas import RiskSignal


@dataclass(frozen=True, slots=True)
class Signal:
    """`weight` a in [0, 1]: how far the signal alone raises the risk. `measure` gives None where it has no evidence."""

    name: str
    weight: float
    measure: Callable[[Observation], RiskSignal | None]


@cache
def available_signals() -> tuple[Signal, ...]:
    """Every signal of the folder, by file name."""
    package = importlib.import_module("ml.risk.signals")
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    return tuple(importlib.import_module(f"{package.__name__}.{name}").SIGNAL for name in names)


def in_short(score: float) -> str:
    """A score as the sentences write it: .41"""
    return f"{score:.2f}".removeprefix("0")


def support_signal(observation: Observation, look: str, *, where: str) -> RiskSignal | None:
    """u = 1 - the support that a label found in another view of the frame; None where the look was not taken."""
    support = observation.detection.evidence.get(look)
    if support is None:
        return None
    value = min(1.0, max(0.0, 1 - support))
    found = "hardly" if value > 0.7 else "weakly" if value > 0.4 else "well"
    return RiskSignal(look, value, f"{observation.category} found again {found} {where}: support {in_short(1 - value)}")
