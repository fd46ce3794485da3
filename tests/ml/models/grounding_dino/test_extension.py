"""A library is built once and shared; what a killed build left behind is in nobody's way."""

import logging

import pytest
import torch

from ml.models.grounding_dino import deformable, extension

TINY = """
#include <pybind11/pybind11.h>
PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) { m.def("answer", [] { return 42; }); }
"""


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    if not deformable.compile_attention(torch.nn.Identity()):
        pytest.skip("no C++ compiler here")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    source = tmp_path / "tiny.cpp"
    source.write_text(TINY)
    return source


def test_a_build_that_was_killed_keeps_no_later_one_waiting(tiny, tmp_path, monkeypatch, caplog):
    caplog.set_level(logging.INFO)
    kept = extension._kept_in(tiny, ["-O3", "-ffast-math", "any"])
    (kept / "build").mkdir(parents=True)
    (kept / "build" / "lock").touch()  # torch's, as a kill leaves it
    assert extension.built(tiny, "any", []).answer() == 42
    elsewhere = tmp_path / "another checkout" / tiny.name
    elsewhere.parent.mkdir()
    elsewhere.write_text(TINY)
    monkeypatch.setattr(extension, "_build", None)  # would fail if called
    assert extension.built(elsewhere, "any", []).answer() == 42
    assert sorted(path.name for path in kept.iterdir()) == ["headway_tiny_any.so", "holder"]
    assert [record.getMessage().split(",")[0] for record in caplog.records] == ["Compiling tiny.cpp for this processor"]
