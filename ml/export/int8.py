"""Static 8-bit quantisation by onnxruntime: QDQ, weights channel by channel, activations by what calibration frames show (edge.md 4)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import onnx
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from ml.export.onnx_file import INPUT
from ml.export.runner import Floats

METHODS = {
    "minmax": CalibrationMethod.MinMax,
    "entropy": CalibrationMethod.Entropy,
    "percentile": CalibrationMethod.Percentile,
}


class Blobs(CalibrationDataReader):
    """Calibration inputs, one after the other."""

    def __init__(self, blobs: Iterable[Floats]) -> None:
        self._left: Iterator[Floats] = iter(blobs)

    def get_next(self) -> dict[str, Floats] | None:
        blob = next(self._left, None)
        return None if blob is None else {INPUT: blob}


def quantised(
    model: onnx.ModelProto, blobs: Iterable[Floats], *, method: str = "minmax", keep_outputs: bool = False
) -> onnx.ModelProto:
    """A model of opset 13 or newer in 8 bits. The same model and blobs give the same bytes.

    Args:
        blobs: (1, 3, H, W) inputs as the model gets them.
        keep_outputs: the last convolution before each output stays in 32 bits.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, ready, out = (Path(folder) / name for name in ("source.onnx", "ready.onnx", "out.onnx"))
        onnx.save(model, str(source))
        quant_pre_process(str(source), str(ready), skip_symbolic_shape=True)
        quantize_static(
            str(ready),
            str(out),
            Blobs(blobs),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            calibrate_method=METHODS[method],
            nodes_to_exclude=_last_nodes(onnx.load(str(ready))) if keep_outputs else [],
        )
        found = onnx.load(str(out))
    found.producer_name, found.producer_version = "headway", ""
    onnx.checker.check_model(found)
    return found


def _last_nodes(model: onnx.ModelProto) -> list[str]:
    outputs = {output.name for output in model.graph.output}
    return [node.name for node in model.graph.node if outputs & set(node.output)]
