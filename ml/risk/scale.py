"""From a detector's scores to the probabilities that risk is judged by.

Grounding detectors' scores are low: right boxes often have .3 to .5. Taken at face value, nearly every box would look risky. Until
a workspace has audited enough to calibrate, one of two monotone mappings stands in for calibration; neither changes the order of
the boxes within a category. Source: distillation.md 2.3, "score-scale trap".
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Literal

from ml.risk.observations import FrameDetections
from ml.schemas import Detection

ScoreScale = Literal["calibrated", "threshold", "rank"]
ToProbability = Callable[[str, float], float]  # category, score -> probability


def scaled_probs(
    frames: Sequence[FrameDetections], scale: ScoreScale, *, threshold: float = 0.3
) -> list[list[dict[str, float]]]:
    """For each box of each frame, its probability for every category of the prompt.

    Args:
        scale: "calibrated" takes scores as they are. "threshold" moves the log-odds so that the operating threshold, where box and
            background are held equally likely, becomes one half: .3 -> .5, .5 -> .7, .8 -> .9. "rank" replaces a score by its rank
            among the drive's detections of that category, 1 for the best.
        threshold: the detector's score threshold, in (0, 1).
    """
    to_probability = _mapping(frames, scale, threshold)
    return [[_probs(detection, to_probability) for detection in frame.detections] for frame in frames]


def _probs(detection: Detection, to_probability: ToProbability) -> dict[str, float]:
    raw = {**detection.probs, detection.category: detection.score}
    return {category: to_probability(category, score) for category, score in raw.items()}


def _mapping(frames: Sequence[FrameDetections], scale: ScoreScale, threshold: float) -> ToProbability:
    if scale == "calibrated":
        return lambda _, score: score
    if scale == "threshold":
        return lambda _, score: shifted(score, threshold)
    if scale == "rank":
        return _ranks(frames)
    raise ValueError(f"{scale!r} is not a score scale; known: calibrated, threshold, rank")


def shifted(score: float, threshold: float) -> float:
    """The score with the threshold's odds divided out: 0 -> 0, threshold -> 1/2, 1 -> 1."""
    for_it, against = score * (1 - threshold), (1 - score) * threshold
    return for_it / (for_it + against)


def _ranks(frames: Sequence[FrameDetections]) -> ToProbability:
    """Share of a category's detections that score no more; below the lowest, a proportional part of its share."""
    scores: dict[str, list[float]] = defaultdict(list)
    for frame in frames:
        for detection in frame.detections:
            if not detection.candidate:
                scores[detection.category].append(detection.score)
    for known in scores.values():
        known.sort()

    def rank(category: str, score: float) -> float:
        known = scores.get(category)
        if not known:
            return score
        if score < known[0]:
            return score / known[0] / len(known)
        return bisect_right(known, score) / len(known)

    return rank
