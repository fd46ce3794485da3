"""YOLOX in torch: the published sizes, official checkpoints, and the same answers as the official export."""

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from ml.errors import BadCheckpoint
from ml.models.detector import build_detector
from ml.models.yolox.checkpoints import load_yolox
from ml.models.yolox.folded import load_export
from ml.models.yolox.network import YOLOX
from ml.models.yolox.sizes import SIZES
from ml.models.yolox_onnx import YoloxOnnxDetector
from ml.taxonomies import GDDA13


class Code:
    """What a pickle could run."""

    def __reduce__(self):
        return (print, ("it ran",))


@pytest.fixture(scope="module")
def nano():
    torch.manual_seed(0)
    return YOLOX(SIZES["nano"]).eval()


@pytest.mark.parametrize(
    ("name", "millions"), [("nano", 0.91), ("tiny", 5.06), ("s", 8.97), ("m", 25.3), ("l", 54.2), ("x", 99.1)]
)
def test_every_size_has_the_published_number_of_parameters(name, millions):
    with torch.device("meta"):
        model = YOLOX(SIZES[name])
    count = sum(p.numel() for p in model.parameters()) / 1e6
    assert count == pytest.approx(millions, abs=0.06 if millions > 20 else 0.006)


def test_official_files_load_and_their_size_is_seen(nano, tmp_path):
    torch.save({"model": nano.state_dict(), "start_epoch": 300}, tmp_path / "nano.pth")
    save_file(nano.state_dict(), tmp_path / "nano.safetensors")
    pixels = torch.rand(1, 3, 416, 416) * 255
    with torch.inference_mode():
        expected = nano(pixels)
        for name in ("nano.pth", "nano.safetensors"):
            model, size = load_yolox(tmp_path / name)
            assert size == SIZES["nano"]
            assert torch.equal(model(pixels), expected)


def test_a_checkpoint_never_runs_code(tmp_path, capsys):
    torch.save({"model": Code()}, tmp_path / "evil.pth")
    with pytest.raises(BadCheckpoint, match="cannot be loaded as weights"):
        load_yolox(tmp_path / "evil.pth")
    assert "it ran" not in capsys.readouterr().out


def test_what_is_no_official_network_is_refused(nano, tmp_path):
    other = YOLOX(SIZES["nano"], classes=3)
    torch.save({"model": other.state_dict()}, tmp_path / "three.pth")
    torch.save([1, 2], tmp_path / "list.pth")
    (tmp_path / "text.pth").write_text("no weights")
    (tmp_path / "text.safetensors").write_text("no weights")
    for name, why in (
        ("three.pth", "80 COCO classes"),
        ("list.pth", "no weights by name"),
        ("text.pth", "cannot be loaded"),
        ("text.safetensors", "cannot be loaded"),
        ("gone.pth", "not a file"),
    ):
        with pytest.raises(BadCheckpoint, match=why):
            build_detector(f"yolox:{tmp_path / name}")


def test_the_answers_are_those_of_the_official_export(shared_data, tmp_path):
    path = shared_data / "weights" / "yolox_nano_coco.onnx"
    theirs, model = YoloxOnnxDetector(path, threads=1), load_export(path)[0]
    torch.save({"model": model.state_dict()}, tmp_path / "nano.pth")
    ours = build_detector(f"yolox:{tmp_path / 'nano.pth'}")
    frame = np.asarray(Image.open(min((shared_data / "kitti" / "image_2").glob("*.jpeg"))).convert("RGB"))
    blob = np.random.default_rng(1).integers(0, 255, (1, 3, 416, 416)).astype(np.float32)
    assert np.abs(ours.output(blob) - theirs.output(blob)).max() < 1e-4
    found, expected = (
        d.predict([frame], GDDA13, score_threshold=0.25, candidate_threshold=0.1)[0] for d in (ours, theirs)
    )
    assert [d.category for d in found] == [d.category for d in expected]
    assert len(found) > 0
