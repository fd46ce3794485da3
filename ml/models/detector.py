"""What every detector offers, and how a reference becomes one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ml.errors import BadCheckpoint
from ml.models.shipped import SCHEME, bundled_folder
from ml.schemas import Category, Detection

Pixels = npt.NDArray[np.uint8]


class Detector(Protocol):
    """A loaded model. `sha256` is of its weights; the thresholds are those that it was tuned for."""

    name: str
    sha256: str

    def predict(
        self,
        frames: Sequence[Pixels],
        categories: Sequence[Category],
        *,
        score_threshold: float = ...,
        candidate_threshold: float = ...,
        nms_iou: float = ...,
    ) -> list[list[Detection]]:
        """Boxes of each frame in pixels of that frame, inside it, by descending score.

        Args:
            frames: (H, W, 3) uint8 RGB each, of any sizes.
            categories: what to look for; names come back on the detections.
            score_threshold: boxes from here on are labels; from `candidate_threshold` on they are candidates of missed objects.
            nms_iou: boxes of one category that overlap more keep the best alone.
        Raises:
            IncompatibleTaxonomy: the model can predict none of the categories.
        """
        ...


def build_detector(ref: str, *, device: str | None = None) -> Detector:
    """Load `bundled:<name>`, `yolox:<file>`, `yolox-onnx:<file>`, a local folder of either family, or a hub id.

    Raises:
        BadCheckpoint: nothing loadable is there; the message says what was looked for and what to do.
    """
    scheme, _, rest = ref.partition(":")
    if scheme == "yolox-onnx":
        from ml.models.yolox_onnx import YoloxOnnxDetector

        return YoloxOnnxDetector(Path(rest))
    if scheme == "yolox":
        from ml.models.yolox.detector import YoloxTorchDetector

        return YoloxTorchDetector(Path(rest), device=device)
    from ml.models.yolox.folder import is_yolox  # loads torch, as every detector below does

    source = folder_of(ref)
    name = source.name if isinstance(source, Path) and scheme != "bundled" else ref
    if isinstance(source, Path) and is_yolox(source):
        from ml.models.yolox.trained import TrainedYoloxDetector

        return TrainedYoloxDetector(source, name=name, device=device)
    return _grounding_dino(source, name=name, device=device)


def folder_of(ref: str) -> Path | str:
    """The folder of a bundled or local model; a hub id as it is.

    Raises:
        BadCheckpoint: it is none of these.
    """
    if ref.startswith(SCHEME):
        return bundled_folder(ref)
    folder = Path(ref).expanduser()
    if folder.is_dir():
        return folder
    if folder.is_absolute() or ref.startswith((".", "~")) or ref.count("/") != 1:
        raise BadCheckpoint(
            f"No model at '{ref}'.",
            hint="Give bundled:<name>, yolox:<file>, yolox-onnx:<file>, a folder with config.json and model.safetensors, or a hub id 'owner/name'.",
        )
    return ref


def _grounding_dino(source: str | Path, **options: Any) -> Detector:
    # Imported here: transformers takes seconds, and the YOLOX route does without it.
    from ml.models.grounding_dino.adapter import GroundingDinoDetector

    return GroundingDinoDetector(source, **options)
