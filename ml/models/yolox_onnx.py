"""An official YOLOX ONNX export (Megvii, COCO classes) as a pre-labeller, run by onnxruntime.

The layout of the export: input (1, 3, S, S) float BGR 0-255, letterboxed at the top left with 114; output (1, A, 85) of raw boxes
(offsets and log sizes in strides), then objectness and 80 classes, already sigmoid. The grid is decoded here.
Source: Ge et al., "YOLOX", arXiv 2107.08430, and `demo/ONNXRuntime` of the Megvii repository.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image

from ml.boxes import clip_xywh, nms, xyxy_to_xywh
from ml.data.hashing import sha256_file
from ml.data.images import Pixels
from ml.errors import BadCheckpoint
from ml.models.coco_names import COCO_NAMES
from ml.models.yolox.classes import class_columns
from ml.schemas import Category, Detection

STRIDES = (8, 16, 32)
PAD = 114
THREADS = 2
BOX, OBJECTNESS, CLASSES = slice(0, 4), 4, 5  # columns of the output

Floats = NDArray[np.float32]


class YoloxDetector:
    """A COCO YOLOX that answers for the categories of a taxonomy whose name, phrase or alias is a COCO name. `side` is that of its input."""

    def __init__(self, name: str, sha256: str, side: int) -> None:
        self.name, self.sha256, self.side = name, sha256, side
        self._grid, self._strides = _grid(side)

    def output(self, blob: Floats) -> Floats:
        """(1, 3, S, S) to (A, 85): raw boxes, objectness and classes of every anchor."""
        raise NotImplementedError

    def predict(
        self,
        frames: Sequence[Pixels],
        categories: Sequence[Category],
        *,
        score_threshold: float = 0.3,
        candidate_threshold: float = 0.1,
        nms_iou: float = 0.65,
    ) -> list[list[Detection]]:
        """Boxes of each frame, best first, inside the frame.

        Args:
            frames: (H, W, 3) uint8 RGB, upright.
            score_threshold: boxes above it are detections; those between `candidate_threshold` and it are candidates.
            nms_iou: suppression within a category.
        Raises:
            IncompatibleTaxonomy: none of the categories is a COCO class.
        """
        columns = class_columns(categories)
        floor = min(score_threshold, candidate_threshold)
        return [self._predict_one(frame, columns, score_threshold, floor, nms_iou) for frame in frames]

    def _predict_one(
        self, frame: Pixels, columns: dict[str, list[int]], score_threshold: float, floor: float, nms_iou: float
    ) -> list[Detection]:
        height, width = frame.shape[:2]
        blob, scale = letterbox(frame, self.side, self.side)
        output = self.output(blob)
        boxes = (self._decode(output[:, BOX]) / scale).clip(0, [width, height] * 2)  # (A, 4) xyxy
        scores = output[:, OBJECTNESS, None] * output[:, CLASSES:]  # (A, 80)
        return detections(boxes, scores, columns, (width, height), score_threshold, floor, nms_iou)

    def _decode(self, raw: Floats) -> Floats:
        """Raw (A, 4) to xyxy in pixels of the letterboxed input."""
        centre = (raw[:, :2] + self._grid) * self._strides
        half = np.exp(raw[:, 2:]) * self._strides / 2
        return np.concatenate([centre - half, centre + half], axis=1)


class YoloxOnnxDetector(YoloxDetector):
    """An official export, run by onnxruntime.

    Raises:
        BadCheckpoint: the file is missing, is no ONNX model, or has another layout.
    """

    def __init__(self, path: Path, *, threads: int = THREADS) -> None:
        self.path = Path(path)
        self.session = _session(self.path, threads)
        super().__init__(f"yolox-onnx:{self.path.name}", sha256_file(self.path), _checked_side(self.session, self.path))

    def output(self, blob: Floats) -> Floats:
        found: Floats = self.session.run(None, {self.session.get_inputs()[0].name: blob})[0][0]
        return found


def letterbox(frame: Pixels, width: int, height: int) -> tuple[Floats, float]:
    """(H, W, 3) RGB to a (1, 3, height, width) BGR blob, scaled to fit and laid at the top left; and the scale."""
    rows, columns = frame.shape[:2]
    scale = min(height / rows, width / columns)
    canvas = np.full((height, width, 3), PAD, dtype=np.float32)
    new_height, new_width = max(1, int(rows * scale)), max(1, int(columns * scale))
    # Pillow's bilinear smooths when it shrinks, OpenCV's does not. On 60 KITTI frames: car AP .308 smoothed and .298 not, truck
    # .219 and .323, person .189 and .188. The independent yardstick in the tests is of smoothed frames.
    resized = Image.fromarray(frame).resize((new_width, new_height), Image.Resampling.BILINEAR)
    canvas[:new_height, :new_width] = np.asarray(resized)[:, :, ::-1]
    return np.ascontiguousarray(canvas.transpose(2, 0, 1)[None]), scale


def detections(
    boxes: Floats,
    scores: Floats,
    columns: dict[str, list[int]],
    size: tuple[int, int],
    score_threshold: float,
    floor: float,
    nms_iou: float,
) -> list[Detection]:
    """Suppression runs per category over every anchor above the floor, so an unsure anchor may give two boxes (the official
    demo's `multiclass_nms`); a person decides between them."""
    probs = {name: scores[:, classes].max(axis=1) for name, classes in columns.items()}
    found = []
    for name in columns:
        anchors = np.flatnonzero(probs[name] > floor)
        kept = anchors[nms(boxes[anchors], probs[name][anchors], nms_iou)]
        for anchor, box in zip(kept, xyxy_to_xywh(boxes[kept]).tolist(), strict=True):
            clipped = clip_xywh(tuple(box), *size)
            if clipped:
                by_name = {other: float(column[anchor]) for other, column in probs.items()}
                found.append(Detection(clipped, name, by_name[name], by_name, by_name[name] < score_threshold))
    return sorted(found, key=lambda detection: -detection.score)


def _session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    if not path.is_file():
        raise BadCheckpoint(f"{path.name} is not a file.", hint="Give the path of a YOLOX ONNX export.")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no public base class
        raise BadCheckpoint(f"{path.name} cannot be loaded as ONNX: {error}") from error


def _checked_side(session: onnxruntime.InferenceSession, path: Path) -> int:
    """The input's side S; the output must be (1, anchors of S, 85)."""
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if len(inputs) == len(outputs) == 1:
        input_shape, output_shape = list(inputs[0].shape), list(outputs[0].shape)
        side = input_shape[-1]
        if isinstance(side, int) and side % max(STRIDES) == 0 and input_shape == [1, 3, side, side]:
            anchors = sum((side // stride) ** 2 for stride in STRIDES)
            if output_shape == [1, anchors, CLASSES + len(COCO_NAMES)]:
                return side
    shapes = ", ".join(f"{value.name} {value.shape}" for value in [*inputs, *outputs])
    raise BadCheckpoint(
        f"{path.name} is no official YOLOX export for COCO ({shapes}).",
        hint="Expected one input [1, 3, S, S] and one output [1, anchors, 85], exported without decode_in_inference.",
    )


def _grid(side: int) -> tuple[Floats, Floats]:
    """Cell offsets (A, 2) in x, y and strides (A, 1) of all anchors, level by level."""
    offsets, strides = [], []
    for stride in STRIDES:
        cells = side // stride
        y, x = np.mgrid[:cells, :cells]
        offsets.append(np.stack([x, y], axis=-1).reshape(-1, 2))
        strides.append(np.full((cells * cells, 1), stride))
    return np.concatenate(offsets).astype(np.float32), np.concatenate(strides).astype(np.float32)
