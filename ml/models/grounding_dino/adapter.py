"""Grounding DINO behind the `Detector` protocol: pre-processing, one pass, boxes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ml.boxes import clip_xywh, nms
from ml.models.detector import Pixels
from ml.models.grounding_dino.checkpoint import load_checkpoint
from ml.models.grounding_dino.engine import Engine
from ml.models.grounding_dino.prompts import Prompt, category_probs, prompts
from ml.schemas import BoxXYWH, Category, Detection

MAX_DETECTIONS = 300  # a frame, as COCO evaluation of the family uses
MIN_SIDE_PX = 1.0
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class GroundingDinoDetector:
    """A checkpoint folder or hub id in the layout of transformers: config.json, tokenizer, model.safetensors.

    `preprocessor_config.json` gives the input size; `headway.json`, where there is one, the thresholds and the precision it was tuned for.
    """

    def __init__(
        self, source: str | Path, *, name: str, device: str | None = None, precision: str | None = None
    ) -> None:
        self.name = name
        self.device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        checkpoint = load_checkpoint(source)
        self.tokenizer, tuned = checkpoint.tokenizer, checkpoint.tuned
        self.sha256 = _sha256(checkpoint.model)  # before the engine takes the model apart
        self.parameters = sum(p.numel() for p in checkpoint.model.parameters())
        self.max_tokens = int(checkpoint.model.config.max_text_len)
        self.engine = Engine(checkpoint.model, self.device, precision=precision or str(tuned.get("precision", "auto")))
        self._size = (checkpoint.shortest_edge, checkpoint.longest_edge, checkpoint.size_divisor)
        self.score_threshold = float(tuned.get("score_threshold", 0.3))
        self.candidate_threshold = float(tuned.get("candidate_threshold", 0.15))
        self.nms_iou = float(tuned.get("nms_iou", 0.7))
        self._prompts: tuple[tuple[Category, ...], list[Prompt]] = ((), [])

    def predict(
        self,
        frames: Sequence[Pixels],
        categories: Sequence[Category],
        *,
        score_threshold: float | None = None,
        candidate_threshold: float | None = None,
        nms_iou: float | None = None,
    ) -> list[list[Detection]]:
        """See `Detector.predict`. Frames of one size share a batch."""
        label = self.score_threshold if score_threshold is None else score_threshold
        floor = min(label, self.candidate_threshold if candidate_threshold is None else candidate_threshold)
        overlap = self.nms_iou if nms_iou is None else nms_iou
        found: list[list[Detection]] = [[] for _ in frames]
        for indices in _by_size(frames):
            boxes, probs = self._forward([frames[i] for i in indices], categories)
            for i, frame_boxes, frame_probs in zip(indices, boxes, probs, strict=True):
                size = (frames[i].shape[1], frames[i].shape[0])
                found[i] = detections(frame_boxes, frame_probs, categories, size, label, floor, overlap)
        return found

    @torch.inference_mode()
    def _forward(self, frames: list[Pixels], categories: Sequence[Category]) -> tuple[np.ndarray, np.ndarray]:
        """Relative cxcywh boxes (B, Q, 4) and probabilities (B, Q, K); several prompts add their queries."""
        pixels = torch.stack([self._pixels(frame) for frame in frames])
        all_boxes, all_probs, start = [], [], 0
        for prompt in self._tokenised(categories):
            logits, relative = self.engine(pixels, prompt.input_ids, prompt.attention_mask)
            part = category_probs(logits, prompt.token_map.to(self.device))
            probs = part.new_zeros(*part.shape[:2], len(categories))
            probs[..., start : start + part.shape[2]] = part
            start += part.shape[2]
            all_boxes.append(relative)
            all_probs.append(probs)
        return torch.cat(all_boxes, 1).cpu().numpy(), torch.cat(all_probs, 1).cpu().numpy()

    def _tokenised(self, categories: Sequence[Category]) -> list[Prompt]:
        key = tuple(categories)
        if self._prompts[0] != key:
            self._prompts = (key, prompts(categories, self.tokenizer, self.max_tokens))
        return self._prompts[1]

    def _pixels(self, frame: Pixels) -> Tensor:
        """(3, h, w) normalised, resized with its shape kept but for the size divisor."""
        width, height = scaled_size(frame.shape[1], frame.shape[0], *self._size)
        image = Image.fromarray(frame).resize((width, height), Image.Resampling.BILINEAR)
        return normalised(np.asarray(image))


def normalised(image: Pixels) -> Tensor:
    """(H, W, 3) uint8 -> (3, H, W) float by ImageNet's mean and deviation; training uses the same."""
    scaled = torch.from_numpy(np.array(image)).permute(2, 0, 1).float() / 255
    return (scaled - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(STD).view(3, 1, 1)


def scaled_size(width: int, height: int, shortest: int, longest: int, divisor: int = 1) -> tuple[int, int]:
    """The shorter side becomes `shortest`, unless the longer would pass `longest`; then both the nearest multiple of `divisor`.

    A ConvNeXt reads no pixels past the last whole stride, yet boxes are relative to what it read: at 455x256 instead of 448x256 the
    bundled nano lost 8 of 21 points of AP.
    """
    scale = min(shortest / min(width, height), longest / max(width, height))
    sides = [max(32, round(side * scale / divisor) * divisor) for side in (width, height)]
    return sides[0], sides[1]


def detections(
    boxes_cxcywh: np.ndarray,
    probs: np.ndarray,
    categories: Sequence[Category],
    size: tuple[int, int],
    label: float,
    floor: float,
    overlap: float,
) -> list[Detection]:
    """Each query's best category above `floor`, non-maximum suppression within the category, pixels of the frame.

    Args:
        boxes_cxcywh: (Q, 4) relative. probs: (Q, K). size: (width, height) of the frame in px.
    """
    best, scores = probs.argmax(1), probs.max(1)
    centre, half = boxes_cxcywh[:, :2], boxes_cxcywh[:, 2:] / 2
    xyxy = np.concatenate([centre - half, centre + half], 1).clip(0, 1) * np.array([*size, *size])
    sides = xyxy[:, 2:] - xyxy[:, :2]
    usable = (scores >= floor) & (sides >= MIN_SIDE_PX).all(1)
    kept: list[int] = []
    for category in np.unique(best[usable]):
        rows = np.flatnonzero(usable & (best == category))
        kept.extend(rows[nms(xyxy[rows], scores[rows], overlap)])
    kept.sort(key=lambda row: (-scores[row], row))
    return [
        Detection(
            box_xywh=_inside(xyxy[i], size),
            category=categories[best[i]].name,
            score=float(scores[i]),
            probs={category.name: float(p) for category, p in zip(categories, probs[i], strict=True)},
            candidate=bool(scores[i] < label),
        )
        for i in kept[:MAX_DETECTIONS]
    ]


def _inside(box_xyxy: np.ndarray, size: tuple[int, int]) -> BoxXYWH:
    x1, y1, x2, y2 = box_xyxy.tolist()
    box = clip_xywh((x1, y1, x2 - x1, y2 - y1), *size)  # x + (x2 - x) may round past the edge
    assert box is not None  # its sides are MIN_SIDE_PX at least
    return box


def _by_size(frames: Sequence[Pixels]) -> list[list[int]]:
    groups: dict[tuple[int, ...], list[int]] = {}
    for i, frame in enumerate(frames):
        groups.setdefault(frame.shape, []).append(i)
    return list(groups.values())


def _sha256(model: torch.nn.Module) -> str:
    """Of the weights as loaded, in the order of their names: the same for a folder and a hub."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
