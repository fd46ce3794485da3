"""The zip of an edge model: the same bytes each time, checked when it is opened, and the same answers as the network that was trained."""

import hashlib
import json
import subprocess
import sys
import zipfile

import numpy as np
import pytest
import torch

from ml.errors import BadBundle
from ml.export import check
from ml.export.bundle import MANIFEST, SELF_TEST, EdgeModel, read
from ml.export.camera import nv12_of
from ml.export.int8 import KEPT, LADDER, quantised
from ml.export.onnx_file import CPU_OPSET, to_onnx
from ml.export.package import package, write
from ml.models.yolox import folder as folders
from ml.models.yolox.trained import TrainedYoloxDetector
from ml.synth import random_scene
from tests.ml.export.conftest import CARD, HEIGHT, OPTIONS, WIDTH, small_model

FRAME = random_scene(3, 256, 128).image


@pytest.fixture
def opened(packed):
    return read(packed[0])


def place(found):
    return found.category, *(round(value) for value in found.box_xywh)


def rewritten(path, opened, **changes):
    """A zip that was changed by someone who also corrected the hashes."""
    manifest, files = opened
    files = {name: content for name, content in {**files, **changes}.items() if content is not None}
    write(path, {name: value for name, value in manifest.items() if name != "files"}, files)
    return path


def test_the_same_model_and_frames_give_the_same_bytes(packed, frames, tmp_path):
    package(small_model(), CARD, *frames.halves(), OPTIONS, tmp_path / "again.zip", sha256="0" * 64)
    assert (tmp_path / "again.zip").read_bytes() == packed[0].read_bytes()


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_it_opens_and_finds_what_it_must(packed, precision):
    model = EdgeModel(packed[0], precision=precision)
    found = model.predict(FRAME)
    assert found == sorted(found, key=lambda each: -each.score)
    assert {each.category for each in found} <= set(model.categories)
    assert any(not each.candidate for each in found)
    for each in found:
        x, y, w, h = each.box_xywh
        assert 0 <= x < x + w <= 256
        assert 0 <= y < y + h <= 128
        assert each.candidate == (each.score < model.manifest["thresholds"][each.category])


def test_boxes_are_those_of_the_trained_network(packed, tmp_path):
    folders.save(small_model(), CARD, tmp_path)
    edge = EdgeModel(packed[0], precision="fp32")
    theirs = TrainedYoloxDetector(tmp_path, name="it", device="cpu")
    [expected] = theirs.predict([FRAME], CARD.categories, score_threshold=0.2, candidate_threshold=0.2)
    found = edge.runner.detect(FRAME, floor=0.2)
    assert len(found) == len(expected) > 0
    found, expected = (sorted(each, key=place) for each in (found, expected))  # many scores are nearly equal
    assert [d.category for d in found] == [d.category for d in expected]
    assert np.allclose([d.box_xywh for d in found], [d.box_xywh for d in expected], atol=0.02)
    assert np.allclose([d.score for d in found], [d.score for d in expected], atol=1e-4)


def test_a_camera_frame_is_seen_as_its_picture(packed):
    model, grey = EdgeModel(packed[0], precision="fp32"), np.full((128, 256, 3), 90, np.uint8)
    assert model.predict_nv12(nv12_of(grey)) == model.predict(grey)


def test_nothing_that_was_changed_is_opened(packed, opened, tmp_path):
    content = bytearray(packed[0].read_bytes())
    content[len(content) // 3] ^= 1
    (tmp_path / "flipped.zip").write_bytes(content)
    with pytest.raises(BadBundle):
        EdgeModel(tmp_path / "flipped.zip")
    (tmp_path / "cut.zip").write_bytes(content[:-200])
    with pytest.raises(BadBundle, match="cannot be read"):
        EdgeModel(tmp_path / "cut.zip")
    manifest, files = opened
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr(MANIFEST, json.dumps(manifest))
        for name, held in files.items():
            archive.writestr(name, b"other" if name == "MODEL_CARD.md" else held)
    with pytest.raises(BadBundle, match=r"'MODEL_CARD\.md' is not the file"):
        read(tmp_path / "other.zip")
    with zipfile.ZipFile(packed[0]) as source, zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name))
        archive.writestr("more.txt", b"")
    with pytest.raises(BadBundle, match="other files"):
        read(tmp_path / "more.zip")


def test_another_network_with_right_hashes_fails_the_self_test(opened, tmp_path):
    other = small_model()
    torch.nn.init.normal_(other.head.reg_preds[0].weight, std=0.3)
    swapped = {"model.onnx": to_onnx(other, WIDTH, HEIGHT, CPU_OPSET).SerializeToString()}
    path = rewritten(tmp_path / "swapped.zip", opened, **swapped)
    with pytest.raises(BadBundle, match="failed its self-test: box_8"):
        EdgeModel(path, precision="fp32")
    EdgeModel(path, precision="int8")


def test_without_eight_bits_32_are_taken(opened, tmp_path):
    path = rewritten(tmp_path / "fp32.zip", opened, **{"model_int8.onnx": None})
    assert EdgeModel(path).precision == "fp32"
    with pytest.raises(BadBundle, match="no int8 network"):
        EdgeModel(path, precision="int8")


def test_a_network_that_is_none_is_refused(opened, tmp_path):
    path = rewritten(tmp_path / "text.zip", opened, **{"model.onnx": b"no network"})
    with pytest.raises(BadBundle, match="cannot be loaded"):
        EdgeModel(path, precision="fp32")


def test_the_zip_holds_what_a_person_and_the_compiler_need(packed, opened):
    manifest, files = opened
    card = files["MODEL_CARD.md"].decode()
    assert "0 off the BPU, 1 subgraph(s)" in card
    assert "estimate" in card
    assert f"{len(manifest['self_test']['fp32']['boxes'])} in fp32" in card
    assert json.loads(files["report.json"]) == packed[1]
    bins = sorted(name for name in files if name.startswith("horizon/calibration/"))
    rows = json.loads(files["horizon/calibration.json"])["files"]
    assert [f"horizon/calibration/{row['file']}" for row in rows] == bins
    assert len(bins) == 3
    for row, name in zip(rows, bins, strict=True):
        assert len(files[name]) == 3 * HEIGHT * WIDTH
        assert hashlib.sha256(files[name]).hexdigest() == row["sha256"]
    yaml = files["horizon/config.yaml"].decode()
    for line in (
        "march: 'bernoulli2'",
        "input_type_rt: 'nv12'",
        "input_type_train: 'bgr'",
        "input_shape: '1x3x64x128'",
    ):
        assert line in yaml
    assert files[SELF_TEST].startswith(b"\x89PNG")
    assert packed[1]["parity"] < 1e-4
    assert set(manifest["self_test"]) == {"fp32", "int8"}


def test_its_own_command_says_whether_it_finds_here_what_it_must(packed, opened, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["check", str(packed[0])])
    assert check.main() == 0
    told = json.loads(capsys.readouterr().out)
    expected = {name: len(held["boxes"]) for name, held in opened[0]["self_test"].items()}
    assert {name: told[name]["boxes"] for name in ("fp32", "int8")} == expected
    path = rewritten(tmp_path / "text.zip", opened, **{"model.onnx": b"no network"})
    monkeypatch.setattr(sys, "argv", ["check", str(path)])
    assert check.main() == 1
    assert "cannot be loaded" in capsys.readouterr().err


def test_a_device_needs_no_torch_and_no_onnx(packed):
    code = "import sys; from ml.export.bundle import EdgeModel; EdgeModel(__import__('pathlib').Path(sys.argv[1])); print([m for m in ('torch', 'onnx', 'scipy', 'pycocotools', 'django') if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code, packed[0]], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_what_stays_in_32_bits_is_named_and_left_alone(frames):
    """Fewer rounded convolutions, each step of the ladder."""
    fp32 = to_onnx(small_model(), WIDTH, HEIGHT, CPU_OPSET)
    blob = np.full((1, 3, HEIGHT, WIDTH), 114, np.float32)
    rounded = [rounded_convolutions(quantised(fp32, iter([blob]), keep=keep)) for keep in LADDER]
    everything, less, least = rounded
    assert least < less < everything
    assert everything - less == {name for name in everything if name.startswith(KEPT["first"])}
    assert not any(name.startswith("/backbone/backbone/") for name in least)
    assert any(name.startswith("/backbone/") for name in least)  # the pyramid's


def rounded_convolutions(model):
    """The names of those whose weights are in 8 bits; the input of another may be, for the sake of who else reads it."""
    rounded = {output for node in model.graph.node if node.op_type == "DequantizeLinear" for output in node.output}
    return {node.name for node in model.graph.node if node.op_type == "Conv" and node.input[1] in rounded}
