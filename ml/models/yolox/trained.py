"""A YOLOX that was trained here, behind the `Detector` protocol."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import torch

from ml.data.hashing import sha256_file
from ml.data.images import Pixels
from ml.models.yolox.anchors import STRIDES, anchors_of, corners
from ml.models.yolox.classes import class_columns
from ml.models.yolox.folder import WEIGHTS, load
from ml.models.yolox_onnx import Floats, detections, letterbox
from ml.schemas import Category, Detection


class TrainedYoloxDetector:
    """A model folder (folder.py), for the categories that it was trained on. Raises: BadCheckpoint, as `folder.load`."""

    score_threshold, candidate_threshold, nms_iou = 0.3, 0.1, 0.65

    def __init__(self, folder: Path, *, name: str, device: str | None = None) -> None:
        self.name = name
        self.device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        model, self.card = load(folder)
        self.sha256 = sha256_file(folder / WEIGHTS)
        self.parameters = sum(p.numel() for p in model.parameters())
        self.model = model.eval().requires_grad_(requires_grad=False).to(self.device)

    def predict(
        self,
        frames: Sequence[Pixels],
        categories: Sequence[Category],
        *,
        score_threshold: float | None = None,
        candidate_threshold: float | None = None,
        nms_iou: float | None = None,
    ) -> list[list[Detection]]:
        """See `Detector.predict`. Of the categories, those that the model knows by name, phrase or alias."""
        label = self.score_threshold if score_threshold is None else score_threshold
        floor = min(label, self.candidate_threshold if candidate_threshold is None else candidate_threshold)
        overlap = self.nms_iou if nms_iou is None else nms_iou
        columns = class_columns(categories, self.card.categories)
        found = []
        for frame in frames:
            size = (frame.shape[1], frame.shape[0])
            boxes, scores = self._forward(frame)
            found.append(detections(boxes, scores, columns, size, label, floor, overlap))
        return found

    @torch.inference_mode()
    def _forward(self, frame: Pixels) -> tuple[Floats, Floats]:
        """xyxy boxes (A, 4) in px of the frame, and scores (A, K)."""
        rows, columns = frame.shape[:2]
        width, height = input_size(columns, rows, self.card.width, self.card.height)
        blob, scale = letterbox(frame, width, height)
        output = self.model(torch.from_numpy(blob).to(self.device))[0]
        boxes = corners(anchors_of(width, height, self.device).decoded(output[:, :4])) / scale
        scores = output[:, 4, None] * output[:, 5:]
        return boxes.cpu().numpy().clip(0, [columns, rows] * 2), scores.cpu().numpy()


def input_size(width: int, height: int, trained_width: int, trained_height: int) -> tuple[int, int]:
    """Sides in the shape of a width x height frame, with about as many pixels as the training input: multiples of the coarsest stride."""
    scale = math.sqrt(trained_width * trained_height / (width * height))
    coarsest = max(STRIDES)
    sides = [max(1, round(side * scale / coarsest)) * coarsest for side in (width, height)]
    return sides[0], sides[1]
