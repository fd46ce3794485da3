"""Values that cross between `ml` and `webapp`; standard library only, so that the web loads no torch.

Boxes are COCO `[x, y, width, height]`, floats, in absolute pixels of the original frame.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

BoxXYWH = tuple[float, float, float, float]
CategoryGroup = Literal["vehicle", "vulnerable", "part", "infrastructure"]

# Look -> its price. What a look found is `Detection.evidence` under the look's name.
LOOKS: Mapping[str, str] = {
    "flip": "one more pass: the mirrored frame",
    "zoom": "three more passes: the left, the middle and the right of the frame as pictures of their own, larger where the input is square",
}


@dataclass(frozen=True, slots=True)
class Category:
    """One class of a taxonomy. `phrase` is what a grounding detector is asked for."""

    name: str
    phrase: str
    group: CategoryGroup = "vehicle"
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Detection:
    """One predicted box on one frame.

    `score` in [0, 1] is the probability of `category`; `probs` holds it for every category of the prompt by name.
    `candidate` marks a low-score box kept only as a possible missed object. `evidence` is what second looks of the model found
    (ml/models/looks.py), by look.
    """

    box_xywh: BoxXYWH
    category: str
    score: float
    probs: dict[str, float] = field(default_factory=dict)
    candidate: bool = False
    evidence: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RiskSignal:
    """Evidence that a label is wrong: `value` u_k in [0, 1], 0 = no doubt, and a sentence for the auditor."""

    name: str
    value: float
    sentence: str


@dataclass(frozen=True, slots=True)
class RiskAssessment:
    """`risk` r in [0, 1]: probability that the label is wrong. `severity` s in [1, 2.75]: how much it matters.

    The audit priority is A = risk * severity (distillation.md 2.3).
    """

    risk: float
    severity: float
    signals: tuple[RiskSignal, ...]
    cipo: bool = False


@dataclass(frozen=True, slots=True)
class ScoredDetection:
    """A detection with its track (None when it belongs to none) and its risk."""

    detection: Detection
    assessment: RiskAssessment
    track: int | None = None


@dataclass(frozen=True, slots=True)
class EvalReport:
    """COCO protocol figures in [0, 1]; -1 where no truth exists. `per_category` maps name -> AP."""

    ap: float
    ap50: float
    ap75: float
    ap_small: float
    ap_medium: float
    ap_large: float
    ar100: float
    per_category: dict[str, float]
    frames: int
    truths: int
    detections: int
