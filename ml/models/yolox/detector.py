"""An official YOLOX checkpoint as a pre-labeller, run by torch."""

from __future__ import annotations

from pathlib import Path

import torch

from ml.data.hashing import sha256_file
from ml.models.yolox.checkpoints import load_yolox
from ml.models.yolox_onnx import Floats, YoloxDetector


class YoloxTorchDetector(YoloxDetector):
    """As `YoloxOnnxDetector`, for `.pth` and `.safetensors`. Raises: BadCheckpoint, as `load_yolox`."""

    def __init__(self, path: Path, *, device: str | None = None) -> None:
        self.path = Path(path)
        self.device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        model, size = load_yolox(self.path)
        self.model = model.to(self.device)
        super().__init__(f"yolox:{self.path.name}", sha256_file(self.path), size.side)

    @torch.inference_mode()
    def output(self, blob: Floats) -> Floats:
        found: Floats = self.model(torch.from_numpy(blob).to(self.device))[0].cpu().numpy()
        return found
