"""Missed objects: how likely it is that a low-score box is an object that has no label."""

from __future__ import annotations

from ml.risk.observations import Observation
from ml.risk.score import missed_risk
from ml.risk.signal import in_short
from ml.schemas import RiskSignal

# Weights of the noisy-OR. The first alone is r_miss of distillation.md 2.3; the second is ours.
MISSED_WEIGHTS = {"missed": 1.0, "track": 0.4}


def missed_signals(observation: Observation) -> list[RiskSignal]:
    """r_miss of a candidate, and whether a track of its category runs through it."""
    signals = [_uncovered(observation)]
    if tracked := _on_track(observation):
        signals.append(tracked)
    return signals


def _uncovered(observation: Observation) -> RiskSignal:
    """A label of another class on the same spot counts as cover: that is a question of class, and asked at that label."""
    covered, label = max(
        (
            (overlap, other.category)
            for overlap, other in observation.neighbours()
            if not other.candidate and observation.is_kin(other)
        ),
        default=(0.0, ""),
    )
    cover = f"a {label} box overlaps it by {covered:.0%}" if label else "no box on it"
    sentence = f"possibly missed {observation.category}: score {in_short(observation.detection.score)}, {cover}"
    return RiskSignal("missed", missed_risk(observation.probs[observation.category], covered), sentence)


def _on_track(observation: Observation) -> RiskSignal | None:
    """1 where the object has a label before and after this frame, half where only before: candidates start no tracks."""
    if observation.track is None:
        return None
    value, where = (
        (1.0, "before and after") if observation.track.last_labelled_step > observation.step else (0.5, "before")
    )
    return RiskSignal("track", value, f"the same {observation.category} is labelled {where}")
