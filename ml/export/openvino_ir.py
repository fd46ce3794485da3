"""The networks of an edge model as OpenVINO's own files. An extra: `pip install -r requirements/openvino.txt` on the machine that packs, none on others."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ml.errors import BadRecipe, TooMuchLost
from ml.export.runner import Floats, Runner

FOLDER = "openvino"
NAMES = {"fp32": "model", "int8": "model_int8"}
# On average, over a raw map's average value. In 8 bits each rounds otherwise, and a single value may lie far off: both are as near to 32 bits.
LARGEST_DIFFERENCE = {"fp32": 1e-3, "int8": 0.2}


def files_of(runners: Mapping[str, tuple[bytes, Runner]], blob: Floats) -> tuple[dict[str, bytes], dict[str, float]]:
    """`openvino/*.xml` and `.bin` by name, and by precision how far their raw maps lie from onnxruntime's. The same networks give the same bytes.

    Args:
        runners: by precision the ONNX file and its runner. blob: (1, 3, H, W) BGR 0-255 to compare on.
    Raises:
        BadRecipe `openvino`: it is not installed. TooMuchLost: the files compute something else.
    """
    openvino = _openvino()
    files: dict[str, bytes] = {}
    apart: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for precision, (content, runner) in runners.items():
            path = Path(folder) / f"{NAMES[precision]}.xml"
            path.with_suffix(".onnx").write_bytes(content)
            network = openvino.convert_model(path.with_suffix(".onnx"))
            for place, operator in enumerate(network.get_ordered_ops()):  # else counted on from what was read before
                operator.set_friendly_name(f"{operator.get_type_name()}_{place}")
            # Weights stay as they are: the caller chose the precision, and compared what it loses.
            openvino.save_model(network, path, compress_to_fp16=False)
            apart[precision] = difference(maps_of(path, blob), runner.maps(blob))
            if apart[precision] > LARGEST_DIFFERENCE[precision]:
                raise TooMuchLost(f"OpenVINO's {precision} differs by {apart[precision]:.2g} of a value on average.")
            files |= {f"{FOLDER}/{each.name}": each.read_bytes() for each in (path, path.with_suffix(".bin"))}
    return files, {precision: float(f"{value:.1e}") for precision, value in apart.items()}


def maps_of(path: Path, blob: Floats) -> dict[str, Floats]:
    """The raw maps by name, as OpenVINO computes them on the processor, in the precision of the file."""
    openvino = _openvino()
    compiled = openvino.Core().compile_model(path, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return {output.get_any_name(): np.asarray(value) for output, value in compiled(blob).items()}


def difference(ours: Mapping[str, Floats], theirs: Mapping[str, Floats]) -> float:
    """The mean of a map's differences over the mean of its values; of the map where it is the greatest."""
    return max(float(np.abs(ours[n] - theirs[n]).mean() / np.abs(theirs[n]).mean()) for n in theirs)


def _openvino() -> Any:
    try:
        import openvino
    except ImportError as error:
        raise BadRecipe(
            "OpenVINO is not installed where models are packed.",
            field="target",
            hint="pip install -r requirements/openvino.txt",
        ) from error
    return openvino
