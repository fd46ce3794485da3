"""A trained YOLOX as ONNX with a fixed input and raw outputs: one map of boxes, objectness and classes for each level, decoded by whoever runs it."""

from __future__ import annotations

import copy
import io
import warnings

import onnx
import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from ml.models.yolox.anchors import STRIDES
from ml.models.yolox.network import YOLOX, BaseConv

CHIP_OPSET, CPU_OPSET = 11, 13  # the vendor's converter takes 10 or 11; weights quantised channel by channel need 13
CHIP_IR = 7
INPUT = "images"
OUTPUTS = tuple(f"{what}_{stride}" for stride in STRIDES for what in ("box", "objectness", "classes"))


class RawOutputs(nn.Module):
    """(1, 3, H, W) to the nine maps of `OUTPUTS`, logits where the network has probabilities."""

    def __init__(self, model: YOLOX) -> None:
        super().__init__()
        self.model = model

    def forward(self, pixels: Tensor) -> tuple[Tensor, ...]:
        return tuple(part for level in self.model.head.maps(self.model.backbone(pixels)) for part in level)


def folded(model: YOLOX) -> YOLOX:
    """A copy in eval mode whose batch norms are inside its convolutions."""
    copied = copy.deepcopy(model).eval()
    for module in copied.modules():
        if isinstance(module, BaseConv):
            module.conv, module.bn = fuse_conv_bn_eval(module.conv, module.bn), nn.Identity()  # type: ignore[assignment]
    return copied


def to_onnx(model: YOLOX, width: int, height: int, opset: int) -> onnx.ModelProto:
    """Checked by onnx. The same network gives the same bytes.

    Args:
        width, height: of the input in px, multiples of the coarsest stride.
    """
    held = io.BytesIO()
    with warnings.catch_warnings():
        # The exporter that replaces this one writes opset 18 and wants onnxscript; the chip's converter wants 11.
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        torch.onnx.export(
            RawOutputs(folded(model)),
            (torch.zeros(1, 3, height, width),),
            held,  # type: ignore[arg-type]  # this exporter writes to files that are open too
            dynamo=False,
            opset_version=opset,
            input_names=[INPUT],
            output_names=list(OUTPUTS),
        )
    exported = onnx.load_from_string(held.getvalue())
    _without_identities(exported.graph)
    exported.producer_name, exported.producer_version, exported.doc_string = "headway", "", ""
    if opset == CHIP_OPSET:
        exported.ir_version = min(exported.ir_version, CHIP_IR)
    onnx.checker.check_model(exported, full_check=True)
    return exported


def _without_identities(graph: onnx.GraphProto) -> None:
    """The exporter names equal weights once and copies them by Identity, which the chip would run on its CPU."""
    held = {each.name: each for each in graph.initializer}
    for node in [node for node in graph.node if node.op_type == "Identity" and node.input[0] in held]:
        again = onnx.TensorProto()
        again.CopyFrom(held[node.input[0]])
        again.name = node.output[0]
        graph.initializer.append(again)
        graph.node.remove(node)
