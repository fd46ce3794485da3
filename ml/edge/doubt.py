"""How much a frame would teach the cloud: each signal in [0, 1] with the sentence that the fleet page shows.

Signals and their sources: edge.md 5.2. All are cheap, for they run on every frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp

from ml.edge.tracker import Track
from ml.schemas import Detection

UNSURE = (0.25, 0.6)
SMALL_PX = 32.0  # side, at 640 columns
FLICKER_AGE_MS = 500.0
# How much of the frame's doubt each signal may be: set by hand. Fitted ones (bench/doubt_weights.py: unsure 0.67, cipo_unsure 0.45, flicker 0.1,
# small_dense 0.03) ranked other drives no better, 0.80 against 0.82 of pairs right (docs/benchmarks.md), so these stand.
WEIGHTS = {"unsure": 0.9, "flicker": 0.5, "small_dense": 0.6, "novel_scene": 0.35, "cipo_unsure": 0.7, "shadow": 1.0}


@dataclass(frozen=True, slots=True)
class Doubt:
    """`value` in [0, 1], and the signals that make it: name -> (value, sentence)."""

    value: float
    signals: dict[str, tuple[float, str]] = field(default_factory=dict)

    @property
    def trigger(self) -> str:
        """The signal that says most."""
        if not self.signals:
            return "random"
        return max(self.signals, key=lambda name: WEIGHTS[name] * self.signals[name][0])


def doubt(
    detections: Sequence[Detection],
    tracks: Sequence[Track],
    *,
    width: int,
    time_ms: float,
    died: Sequence[Track] = (),
    novel: Sequence[str] = (),
    cipo: Sequence[Track] = (),
    shadow: Sequence[Detection] | None = None,
) -> Doubt:
    """Of one frame.

    Args:
        novel: labels of the scene that this device has hardly ever sent.
        cipo: the closest in-path object and the next one, if any.
        shadow: what another model, running beside, found in the same picture.
    """
    found = {
        "unsure": _unsure(detections),
        "flicker": _flicker(tracks, died, time_ms),
        "small_dense": _small_and_dense(detections, width),
        "novel_scene": (1.0, f"scene hardly sent so far: {', '.join(novel)}") if novel else (0.0, ""),
        "cipo_unsure": _cipo_unsure(cipo),
        "shadow": _shadow(detections, shadow),
    }
    signals = {name: (round(value, 3), sentence) for name, (value, sentence) in found.items() if value > 0}
    calm = 1.0
    for name, (value, _) in signals.items():
        calm *= 1 - min(0.99, WEIGHTS[name] * value)
    return Doubt(round(1 - calm, 4), signals)


def _unsure(detections: Sequence[Detection]) -> tuple[float, str]:
    """Boxes whose score says neither yes nor no; the more the worse."""
    low, high = UNSURE
    boxes = [one for one in detections if low <= one.score < high]
    total = sum(1 - abs(2 * (one.score - low) / (high - low) - 1) for one in boxes)
    return 1 - exp(-total / 2), f"boxes that score {low:g} to {high:g}: {len(boxes)}"


def _flicker(tracks: Sequence[Track], died: Sequence[Track], time_ms: float) -> tuple[float, str]:
    """Objects that come and go, or whose box trembles."""
    brief = [track for track in died if track.seen_ms - track.born_ms < FLICKER_AGE_MS]
    trembling = [track for track in tracks if track.jitter() > 0.1]
    sentence = f"objects that vanished: {len(brief)}, that tremble: {len(trembling)}"
    return 1 - exp(-(len(brief) + 0.5 * len(trembling)) / 2), sentence


def _small_and_dense(detections: Sequence[Detection], width: int) -> tuple[float, str]:
    side = SMALL_PX * width / 640
    small = [one for one in detections if one.box_xywh[2] * one.box_xywh[3] < side * side]
    return 1 - exp(-len(small) / 6), f"small boxes: {len(small)}"


def _cipo_unsure(cipo: Sequence[Track]) -> tuple[float, str]:
    """The closest in-path object is itself unsure, new, or hardly closer than the next."""
    if not cipo:
        return 0.0, ""
    first = cipo[0]
    weak = max(0.0, 1 - first.detection.score / 0.5)
    bottoms = [track.box_xywh[1] + track.box_xywh[3] for track in cipo]
    close = 0.6 if len(bottoms) > 1 and abs(bottoms[0] - bottoms[1]) < 0.08 * bottoms[0] else 0.0
    return max(weak, close), f"closest in-path object scores {first.detection.score:.2f}"


def _shadow(detections: Sequence[Detection], shadow: Sequence[Detection] | None) -> tuple[float, str]:
    """Sure boxes that only one of two models has."""
    from ml.boxes import iou_matrix, xywh_to_xyxy

    if shadow is None:
        return 0.0, ""
    ours, theirs = ([one for one in found if one.score >= 0.5] for found in (detections, shadow))
    if not ours or not theirs:
        lone = len(ours) + len(theirs)
    else:
        iou = iou_matrix(xywh_to_xyxy([o.box_xywh for o in ours]), xywh_to_xyxy([t.box_xywh for t in theirs]))
        lone = int((iou.max(axis=1) < 0.5).sum() + (iou.max(axis=0) < 0.5).sum())
    return 1 - exp(-lone / 2), f"boxes that only one of two models has: {lone}"
