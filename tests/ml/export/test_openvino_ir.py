"""OpenVINO's files of a packed model: in the zip, with the same answers, and refused where they have others."""

import sys

import numpy as np
import pytest

from ml.errors import BadRecipe, TooMuchLost
from ml.export.bundle import EdgeModel, read
from ml.export.openvino_ir import difference, files_of, maps_of
from tests.ml.export.conftest import HEIGHT, WIDTH

BLOB = np.random.default_rng(0).uniform(0, 255, (1, 3, HEIGHT, WIDTH)).astype(np.float32)


def test_the_zip_holds_both_networks_and_how_far_they_lie_apart(packed, tmp_path):
    _, files = read(packed[0])
    assert {name for name in files if name.startswith("openvino/")} == {
        f"openvino/{name}" for name in ("model.xml", "model.bin", "model_int8.xml", "model_int8.bin")
    }
    assert packed[1]["openvino"]["fp32"] < 1e-4
    for name in ("model.xml", "model.bin"):
        (tmp_path / name).write_bytes(files[f"openvino/{name}"])
    theirs = EdgeModel(packed[0], precision="fp32").runner.maps(BLOB)
    ours = maps_of(tmp_path / "model.xml", BLOB)
    assert ours.keys() == theirs.keys()
    assert difference(ours, theirs) < 1e-4


def test_files_that_answer_otherwise_are_refused(packed):
    model = EdgeModel(packed[0], precision="fp32")
    content, runner = read(packed[0])[1]["model.onnx"], model.runner

    class Other:
        maps = staticmethod(lambda blob: {name: value + 1 for name, value in runner.maps(blob).items()})

    with pytest.raises(TooMuchLost, match="OpenVINO's fp32 differs"):
        files_of({"fp32": (content, Other())}, BLOB)


def test_without_openvino_it_is_said_what_to_install(packed, monkeypatch):
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(BadRecipe, match="not installed") as refused:
        files_of({"fp32": (b"", None)}, BLOB)
    assert refused.value.field == "target"
    assert "requirements/openvino.txt" in refused.value.hint
