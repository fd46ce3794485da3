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


# What may stay in 32 bits, the least first. The first layers see few channels of very different ranges: in the official nano they alone lose two thirds of its AP, and
# the backbone all but a hundredth of it; the last convolutions lose nothing (docs/benchmarks.md).
KEPT: dict[str, tuple[str, ...]] = {
    "": (),
    "first": ("/backbone/backbone/stem", "/backbone/backbone/dark2"),
    "backbone": ("/backbone/backbone/",),
}
LADDER = tuple(KEPT)


def quantised(
    model: onnx.ModelProto, blobs: Iterable[Floats], *, method: str = "minmax", keep: str = ""
) -> onnx.ModelProto:
    """A model of opset 13 or newer in 8 bits. The same model and blobs give the same bytes.

    Args:
        blobs: (1, 3, H, W) inputs as the model gets them.
        keep: what stays in 32 bits: nothing, `first` (the stem and the stage behind it) or the `backbone`.
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
            nodes_to_exclude=_kept(onnx.load(str(ready)), keep),
        )
        found = onnx.load(str(out))
    found.producer_name, found.producer_version = "headway", ""
    onnx.checker.check_model(found)
    return found


def _kept(model: onnx.ModelProto, keep: str) -> list[str]:
    """The names of nodes that stay in 32 bits; those of the pyramid have one `backbone` in theirs."""
    return [node.name for node in model.graph.node if KEPT[keep] and node.name.startswith(KEPT[keep])]
