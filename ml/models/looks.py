"""Second looks of a model at its own boxes: what they measure is evidence of label errors (ml/risk/signals). `ml.schemas` has their names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ml.boxes import Floats, iou_matrix, xywh_to_xyxy
from ml.data.images import Pixels
from ml.models.detector import Detector
from ml.risk.scale import shifted
from ml.schemas import Category, Detection

TILE = 0.55  # of the frame's width
IN_TILE = 0.8  # of a box's width, for the tile to say something about it


def predict_with_looks(
    detector: Detector,
    frames: Sequence[Pixels],
    categories: Sequence[Category],
    *,
    looks: Collection[str] = (),
    **thresholds: float,
) -> list[list[Detection]]:
    """As `Detector.predict`, with what the looks found as `evidence`. Any detector takes any look: it is shown other pictures of the frame."""
    found = detector.predict(frames, categories, **thresholds)
    threshold = thresholds.get("score_threshold", getattr(detector, "score_threshold", 0.3))

    def support(tile_of: Callable[[float], Tile]) -> list[Floats]:
        tiles = [tile_of(frame.shape[1]) for frame in frames]
        pictures = [tile.cut(frame) for tile, frame in zip(tiles, frames, strict=True)]
        seen = detector.predict(pictures, categories, **thresholds)
        return [tile.support(labels, again, threshold) for tile, labels, again in zip(tiles, found, seen, strict=True)]

    if "flip" in looks:
        found = _noted(found, "flip", support(lambda width: Tile(0, round(width), mirrored=True)))
    if "zoom" in looks:
        tiles = [support(lambda width, place=place: tile_at(width, place)) for place in (0.0, 0.5, 1.0)]  # type: ignore[misc]
        found = _noted(found, "zoom", [np.max(of_frame, axis=0) for of_frame in zip(*tiles, strict=True)])
    return found


def tile_at(width: float, place: float) -> Tile:
    """The tile that lies at the left (0), in the middle (0.5) or at the right (1) of a frame."""
    side = round(width * TILE)
    return Tile(round((width - side) * place), side)


@dataclass(frozen=True)
class Tile:
    """An upright strip of a frame, from column `left` on; `mirrored` exchanges its left and right."""

    left: int
    width: int
    mirrored: bool = False

    def cut(self, frame: Pixels) -> Pixels:
        """The picture of the strip."""
        strip = frame[:, self.left : self.left + self.width]
        return np.ascontiguousarray(strip[:, ::-1] if self.mirrored else strip)

    def support(self, labels: Sequence[Detection], seen: Sequence[Detection], threshold: float) -> Floats:
        """(N,) in [0, 1]: for each label the most of IoU times probability of its category, among what was `seen` in the strip.

        Probabilities are scaled by the model's threshold (ml/risk/scale.py). 0 for labels that are not in the strip.
        """
        boxes = xywh_to_xyxy([label.box_xywh for label in labels])
        inside = boxes.copy()
        inside[:, [0, 2]] = boxes[:, [0, 2]].clip(self.left, self.left + self.width) - self.left
        if self.mirrored:
            inside[:, [0, 2]] = self.width - inside[:, [2, 0]]
        told = (inside[:, 2] - inside[:, 0]) >= IN_TILE * (boxes[:, 2] - boxes[:, 0])
        overlaps = iou_matrix(inside, xywh_to_xyxy([one.box_xywh for one in seen]))
        probs = [[shifted(one.probs.get(label.category, 0.0), threshold) for one in seen] for label in labels]
        return np.where(told, (overlaps * np.reshape(probs, overlaps.shape)).max(1, initial=0.0), 0.0)


def _noted(found: Sequence[Sequence[Detection]], look: str, values: Sequence[Floats]) -> list[list[Detection]]:
    return [
        [
            replace(one, evidence={**one.evidence, look: float(value)})
            for one, value in zip(frame, of_frame, strict=True)
        ]
        for frame, of_frame in zip(found, values, strict=True)
    ]
