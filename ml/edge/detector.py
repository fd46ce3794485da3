"""What finds the objects on the device: anything with `predict(image)`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from ml.data.images import Pixels
from ml.errors import BadCheckpoint
from ml.models.yolox_onnx import YoloxOnnxDetector
from ml.schemas import Category, Detection
from ml.taxonomies import GDDA13

SCORE, CANDIDATE = 0.4, 0.15


class Finds(Protocol):
    """`predict` takes (H, W, 3) uint8 RGB and gives boxes in its pixels, weak ones marked as candidates."""

    def predict(self, image: Pixels) -> Sequence[Detection]: ...


class CocoFinder:
    """An official YOLOX export that answers in the categories of the road."""

    def __init__(self, path: Path, categories: Sequence[Category] = GDDA13, *, threads: int = 2) -> None:
        self.detector, self.categories = YoloxOnnxDetector(path, threads=threads), categories

    def predict(self, image: Pixels) -> Sequence[Detection]:
        return self.detector.predict([image], self.categories, score_threshold=SCORE, candidate_threshold=CANDIDATE)[0]


def load_finder(ref: str) -> Finds:
    """Of `yolox-onnx:<file>`, or a device package made by `export_edge` (a zip).

    Raises:
        BadCheckpoint: it is neither, or this version cannot read packages.
    """
    scheme, _, rest = ref.partition(":")
    if scheme == "yolox-onnx":
        return CocoFinder(Path(rest))
    if ref.endswith(".zip"):
        return _package(Path(ref))
    raise BadCheckpoint(f"'{ref}' is no model for a device.", hint="Give yolox-onnx:<file> or a package (.zip).")


def _package(path: Path) -> Finds:
    try:
        from ml.edge.model import EdgeModel  # type: ignore[import-not-found,unused-ignore]  # comes with `export_edge`
    except ImportError as error:
        raise BadCheckpoint("This version reads no device packages.", hint="Give yolox-onnx:<file>.") from error
    model: Finds = EdgeModel(path)
    return model
