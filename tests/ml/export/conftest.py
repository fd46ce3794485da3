"""A small network, frames, and the zip made of them."""

import pytest
import torch

from ml.export.frames import Frames, rendered
from ml.export.judge import Limits
from ml.export.package import Options, package
from ml.models.yolox.folder import Card
from ml.models.yolox.network import YOLOX
from ml.models.yolox.sizes import size_named
from ml.taxonomies import GDDA13

WIDTH, HEIGHT = 128, 64
CARD = Card("nano-lite", GDDA13[:3], WIDTH, HEIGHT)
OPTIONS = Options(WIDTH, HEIGHT, name="small", calibration=3, limits=Limits(1.0, 1.0), openvino=True)


def small_model():
    """It has learnt nothing, and sees something of every category in every cell."""
    torch.manual_seed(6)
    model = YOLOX(size_named("nano-lite"), 3)
    with torch.no_grad():
        for _ in range(4):
            model.train()(torch.rand(2, 3, HEIGHT, WIDTH) * 255)
        for prediction in (*model.head.obj_preds, *model.head.cls_preds):
            prediction.bias += 5.5
    return model.eval()


@pytest.fixture(scope="session")
def frames() -> Frames:
    return rendered(8)


@pytest.fixture(scope="session")
def packed(frames, tmp_path_factory):
    """The zip, and the report that came with it."""
    path = tmp_path_factory.mktemp("packed") / "small.zip"
    report = package(small_model(), CARD, *frames.halves(), OPTIONS, path, sha256="0" * 64)
    return path, report
