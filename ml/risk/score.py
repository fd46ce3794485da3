"""Risk: the probability that a label is wrong, and the ranking that it gives with the label's severity.

`risk` r in [0, 1] and `severity` s in [1, 2.75] are never merged in silence: both are kept, and the audit ranks by A = r * s.
Source: distillation.md 2.3.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from ml.risk.scale import shifted
from ml.risk.severity import MAX_SEVERITY
from ml.schemas import RiskAssessment, ScoredDetection

# a_k: how far a full signal alone raises the risk. Designed, not fitted: a calibrated model replaces them after 300 audited boxes.
PUBLISHED_WEIGHTS: Mapping[str, float] = {
    "conf": 0.6,
    "margin": 0.4,
    "loc": 0.5,
    "dis": 0.7,
    "tta": 0.5,
    "dup": 0.5,
    "loss": 0.5,
}

# Ours. Small, as they tell much of what the published ones tell, and a noisy-OR counts it again: at 0.5 each the mean risk of labels of
# which one in six was wrong rose from .70 to .85, and severity alone ranked the queue (docs/benchmarks.md).
OWN_WEIGHTS: Mapping[str, float] = {
    "zoom": 0.3,
    "track_second": 0.2,
    "track_class": 0.2,
    "rivals": 0.1,
}


# Log-odds of an error = SHARPER * log-odds of the scaled noisy-OR - log(FEWER): fitted on rendered drives 900 to 903, judged on others and on KITTI.
SHARPER, FEWER = 3.0, 5.75


def noisy_or(values: Mapping[str, float], weights: Mapping[str, float] = PUBLISHED_WEIGHTS) -> float:
    """r = 1 - prod(1 - a_k u_k) over the signals that are there; rises with every u_k and is 0 when all are 0.

    Raises:
        KeyError: a signal has no weight.
        ValueError: a value is outside [0, 1].
    """
    outside = {name: value for name, value in values.items() if not 0 <= value <= 1}
    if outside:
        raise ValueError(f"signals outside [0, 1]: {outside}")
    return 1 - math.prod(1 - weights[name] * value for name, value in values.items())


def first_day_risk(values: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The noisy-OR made nearly a probability; rises with every u_k, 0 when all are 0.

    The noisy-OR counts the same doubt once a signal: its mean was .76 on labels of which one in six was wrong. It is scaled so that half a
    doubt by every signal that is there is even odds, and then those odds are cubed and divided: two numbers fitted on four rendered drives. Without them
    risks lay so close together that severity alone ranked the queue (docs/benchmarks.md). A signal that is added and sees no doubt speaks for the label.
    Raises: as `noisy_or`.
    """
    if not values:
        return 0.0
    half = shifted(noisy_or(values, weights), noisy_or(dict.fromkeys(values, 0.5), weights))
    right = (1 - half) ** SHARPER * FEWER
    return float(half**SHARPER / (half**SHARPER + right))


def missed_risk(score: float, best_iou: float) -> float:
    """r_miss of a candidate: its score times how little of it any label of its category covers."""
    return score * (1 - best_iou)


def audit_priority(assessment: RiskAssessment) -> float:
    """A = r * s, in [0, MAX_SEVERITY]."""
    return assessment.risk * assessment.severity


def pooled(priorities: Iterable[float]) -> float:
    """Risk of an image in [0, 1] from the A of its open boxes: 1 - prod(1 - A / s_max)."""
    return 1 - math.prod(1 - priority / MAX_SEVERITY for priority in priorities)


def frame_risk(scored: Iterable[ScoredDetection]) -> float:
    """The image risk that the audit queue ranks a frame by."""
    return pooled(audit_priority(box.assessment) for box in scored)
