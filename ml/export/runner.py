"""A YOLOX with raw outputs on onnxruntime: letterbox, decode, suppression. Torch-free: this is what a device runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from ml.errors import BadBundle
from ml.models.yolox_onnx import STRIDES, detections, letterbox
from ml.schemas import Detection

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
NMS_IOU = 0.65
LARGEST_LOG = 30.0  # of a side in strides; larger than any frame, and finite
PARTS = ("box", "objectness", "classes")


@dataclass(frozen=True)
class Input:
    """What goes in and how it is read: size in px, categories in the order of the class maps, the score from which each is a label, and the one from
    which a box is told at all."""

    width: int
    height: int
    categories: tuple[str, ...]
    thresholds: Mapping[str, float]
    candidate_threshold: float


class Runner:
    """One loaded network. Raises: BadBundle when onnxruntime cannot load it, or it has other inputs and outputs."""

    def __init__(self, model: bytes, reads: Input, *, threads: int = 1) -> None:
        self.reads = reads
        self.session = _session(model, threads)
        self._grid, self._strides = grid(reads.width, reads.height)
        _check(self.session, reads)

    def detect(self, frame: Pixels, *, floor: float | None = None) -> list[Detection]:
        """Boxes of (H, W, 3) uint8 RGB in its pixels, best first; those below their category's threshold are candidates.

        Args:
            floor: the lowest score that is told; the model's own unless given.
        """
        blob, scale = letterbox(frame, self.reads.width, self.reads.height)
        return self.boxes_of(self.maps(blob), scale, (frame.shape[1], frame.shape[0]), floor)

    def maps(self, blob: Floats) -> dict[str, Floats]:
        """The nine raw maps of (1, 3, H, W) BGR 0-255, by name."""
        names = [output.name for output in self.session.get_outputs()]
        return dict(zip(names, self.session.run(names, {self.session.get_inputs()[0].name: blob}), strict=True))

    def boxes_of(
        self, maps: Mapping[str, Floats], scale: float, size: tuple[int, int], floor: float | None = None
    ) -> list[Detection]:
        """What raw maps mean in a frame of `size` (width, height) px that was scaled by `scale`."""
        raw, objectness, classes = (rows(maps, part) for part in PARTS)
        scores = _sigmoid(objectness) * _sigmoid(classes)
        boxes = self._decoded(raw) / scale
        columns = {name: [place] for place, name in enumerate(self.reads.categories)}
        lowest = self.reads.candidate_threshold if floor is None else floor
        found = detections(boxes.clip(0, [*size, *size]), scores, columns, size, 1.0, lowest, NMS_IOU)
        return [replace(each, candidate=each.score < self.reads.thresholds[each.category]) for each in found]

    def _decoded(self, raw: Floats) -> Floats:
        """(A, 4) offsets and log sizes in strides to xyxy in px of the input."""
        centre = (raw[:, :2] + self._grid) * self._strides
        half = np.exp(raw[:, 2:].clip(max=LARGEST_LOG)) * self._strides / 2
        return np.concatenate([centre - half, centre + half], axis=1)


def rows(maps: Mapping[str, Floats], part: str) -> Floats:
    """(A, channels) of one part over all levels."""
    return np.concatenate([maps[f"{part}_{s}"][0].reshape(maps[f"{part}_{s}"].shape[1], -1).T for s in STRIDES])


def grid(width: int, height: int) -> tuple[Floats, Floats]:
    """Cell offsets (A, 2) in x, y and strides (A, 1) of all anchors, level by level, row by row."""
    offsets, strides = [], []
    for stride in STRIDES:
        y, x = np.mgrid[: height // stride, : width // stride]
        offsets.append(np.stack([x, y], axis=-1).reshape(-1, 2))
        strides.append(np.full((x.size, 1), stride))
    return np.concatenate(offsets).astype(np.float32), np.concatenate(strides).astype(np.float32)


def _sigmoid(logits: Floats) -> Floats:
    return 1 / (1 + np.exp(-logits.clip(-80, 80)))  # type: ignore[no-any-return]


def _session(model: bytes, threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3
    # By default threads that wait for the next frame keep their cores busy, in which a device has decoding and tracking to do.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no public base class
        raise BadBundle(f"The network cannot be loaded: {error}") from error


def _check(session: Any, reads: Input) -> None:
    channels = dict(zip(PARTS, (4, 1, len(reads.categories)), strict=True))
    wanted = {
        f"{part}_{s}": [1, channels[part], reads.height // s, reads.width // s] for s in STRIDES for part in PARTS
    }
    found = {output.name: list(output.shape) for output in session.get_outputs()}
    inputs = [list(each.shape) for each in session.get_inputs()]
    if found != wanted or inputs != [[1, 3, reads.height, reads.width]]:
        raise BadBundle(f"The network takes {inputs} and gives {found}; the manifest says {wanted}.")
