"""What Horizon's compiler needs for an X3, as files: the network, the YAML of `hb_mapper makertbin`, calibration pictures, the operator report (edge.md 2.5, 2.7).

Without the vendor's tool there is no `.bin` here, no cosine table and no latency of a chip.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx

from ml.export.bpu import BpuReport, as_markdown
from ml.export.frames import Frames
from ml.export.onnx_file import INPUT
from ml.export.runner import Pixels
from ml.models.yolox_onnx import letterbox

FOLDER, NETWORK = "horizon", "model_opset11.onnx"

# 'no_preprocess': the weights take what the camera gives, blue-green-red 0 to 255. 'regular': full range, as ml/export/camera.py has it.
YAML = """\
# hb_mapper makertbin --config config.yaml --model-type onnx
model_parameters:
  onnx_model: './{network}'
  march: 'bernoulli2'
  output_model_file_prefix: '{prefix}'
  working_dir: './output'
  layer_out_dump: False
input_parameters:
  input_name: '{input}'
  input_type_rt: 'nv12'
  input_space_and_range: 'regular'
  input_type_train: 'bgr'
  input_layout_train: 'NCHW'
  input_shape: '1x3x{height}x{width}'
  norm_type: 'no_preprocess'
calibration_parameters:
  cal_data_dir: './calibration'
  cal_data_type: 'uint8'
  preprocess_on: False
  calibration_type: 'default'
compiler_parameters:
  compile_mode: 'latency'
  core_num: 1
  optimize_level: 'O3'
  debug: False
"""

STEPS = """\
# Compile for the Horizon X3

In the vendor's docker image, in this folder:

    hb_mapper checker --config config.yaml --model-type onnx
    hb_mapper makertbin --config config.yaml --model-type onnx

The input at run time is NV12 of {width}x{height}: scale the frame to fit, lay it at the top left, fill the rest with grey 114. The outputs are nine raw maps;
`ml/export/runner.py` decodes them. `operators.md` says what our own rules expect of the BPU; nothing here was run on a chip by us.
"""


def compile_package(
    chip: onnx.ModelProto,
    report: BpuReport,
    frames: Frames,
    calibration: Sequence[dict[str, Any]],
    width: int,
    height: int,
    name: str,
) -> dict[str, bytes]:
    """Path in the zip -> content."""
    settings = {"network": NETWORK, "prefix": name, "input": INPUT, "width": width, "height": height}
    files = {
        NETWORK: chip.SerializeToString(deterministic=True),
        "config.yaml": YAML.format(**settings).encode(),
        "README.md": STEPS.format(**settings).encode(),
        "operators.json": json.dumps(report.as_json(), indent=1).encode(),
        "operators.md": as_markdown(report).encode(),
    }
    rows = []
    for image in calibration:
        file = f"{image['id']:08d}.bin"
        files[f"calibration/{file}"] = calibration_bytes(frames.load(image), width, height)
        rows.append(_row(file, files[f"calibration/{file}"], image, frames))
    files["calibration.json"] = json.dumps({"layout": "uint8 NCHW BGR", "files": rows}, indent=1).encode()
    return {f"{FOLDER}/{path}": content for path, content in files.items()}


def calibration_bytes(frame: Pixels, width: int, height: int) -> bytes:
    """One picture as the compiler reads it: (3, height, width) uint8 blue-green-red, letterboxed, without a header."""
    blob, _ = letterbox(frame, width, height)
    return np.ascontiguousarray(blob[0].round().clip(0, 255).astype(np.uint8)).tobytes()


def _row(file: str, content: bytes, image: dict[str, Any], frames: Frames) -> dict[str, Any]:
    names = {category["id"]: category["name"] for category in frames.coco["categories"]}
    held = [names.get(a["category_id"]) for a in frames.coco["annotations"] if a["image_id"] == image["id"]]
    return {
        "file": file,
        "sha256": hashlib.sha256(content).hexdigest(),
        "frame": image["file_name"],
        "categories": {name: held.count(name) for name in sorted({name for name in held if name})},
    }
