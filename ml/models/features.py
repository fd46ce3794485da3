"""What a frame and its labels look like to a detector: its backbone's features, pooled, so that what looks alike lies close together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from ml.data.images import Pixels
from ml.errors import BadCheckpoint
from ml.models.detector import build_detector
from ml.models.grounding_dino.adapter import GroundingDinoDetector
from ml.schemas import BoxXYWH

Vectors = NDArray[np.float32]
POINTS = 4  # a side of a label: sixteen looks into it, at points between which the map is interpolated


class FeatureExtractor:
    """The backbone of a Grounding DINO. Frames are told by its two coarsest maps, labels by its two finest, each of length one."""

    def __init__(self, ref: str) -> None:
        detector = build_detector(ref)
        if not isinstance(detector, GroundingDinoDetector):
            raise BadCheckpoint(f"'{ref}' is no Grounding DINO: its features are not read here.")
        self.detector = detector
        self._encoder = detector.engine.model.model.backbone.conv_encoder

    @torch.inference_mode()
    def __call__(self, frame: Pixels, boxes: Sequence[BoxXYWH]) -> tuple[Vectors, Vectors]:
        """(D,) of the frame and (N, E) of its labels.

        Args:
            frame: (H, W, 3) uint8 RGB. boxes: in pixels of the frame.
        """
        pixels = self.detector._pixels(frame)[None].to(self.detector.device)
        mask = torch.ones(pixels.shape[0], *pixels.shape[2:], dtype=torch.long, device=pixels.device)
        maps = [features.float() for features, _ in self._encoder(pixels, mask)]  # fine to coarse, (1, C, h, w)
        whole = torch.cat([unit(each.mean((2, 3))) for each in maps[-2:]], 1)
        size = (frame.shape[1], frame.shape[0])
        parts = torch.cat([unit(pooled(each, boxes, size)) for each in maps[:2]], 1)
        return unit(whole)[0].cpu().numpy(), unit(parts).cpu().numpy()


def pooled(features: Tensor, boxes: Sequence[BoxXYWH], size: tuple[int, int]) -> Tensor:
    """(N, C): the mean of a map, (1, C, h, w), at points spread over each box. `size` is the frame's (width, height)."""
    if not boxes:
        return features.new_zeros(0, features.shape[1])
    x, y, width, height = torch.tensor(boxes, dtype=torch.float32, device=features.device).T
    steps = (torch.arange(POINTS, device=features.device) + 0.5) / POINTS
    across = (x[:, None] + width[:, None] * steps) / size[0] * 2 - 1  # (N, P) in -1 .. 1
    down = (y[:, None] + height[:, None] * steps) / size[1] * 2 - 1
    grid = torch.stack([across[:, None, :].expand(-1, POINTS, -1), down[:, :, None].expand(-1, -1, POINTS)], -1)
    found = functional.grid_sample(features, grid.reshape(1, -1, POINTS, 2), align_corners=False, padding_mode="border")
    return found.reshape(features.shape[1], len(boxes), -1).mean(2).T


def unit(rows: Tensor) -> Tensor:
    return functional.normalize(rows, dim=1)
