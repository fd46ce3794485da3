"""The operator checker: Lite runs on the BPU whole, the official networks do not, and each rule can be broken."""

import onnx
import pytest
import torch
from onnx import TensorProto, helper

from ml.export.bpu import as_markdown, check
from ml.export.onnx_file import CHIP_OPSET, to_onnx
from ml.models.yolox.network import YOLOX
from ml.models.yolox.sizes import size_named


def exported(name, width=640, height=384, opset=CHIP_OPSET):
    torch.manual_seed(0)
    return to_onnx(YOLOX(size_named(name), 13), width, height, opset)


def one(op, shape, *, weight=None, out=None, opset=11, ir=6, **attributes):
    """A model of a single operator."""
    names, held = ["x"], []
    if weight:
        names.append("w")
        held.append(helper.make_tensor("w", TensorProto.FLOAT, weight, [0.0] * torch.Size(weight).numel()))
    node = helper.make_node(op, names, ["y"], name="it", **attributes)
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, side) for name, side in (("x", shape), ("y", out))]
    graph = helper.make_graph([node], "g", values[:1], values[1:], held)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=ir)


@pytest.mark.parametrize(("name", "convolutions"), [("nano-lite", 113), ("tiny-lite", 83), ("s-lite", 83)])
def test_every_operator_of_lite_runs_on_the_bpu_in_one_piece(name, convolutions):
    report = check(exported(name))
    said = report.as_json()
    assert report.off == []
    assert said["accepted"]
    assert said["bpu_subgraphs"] == 1
    assert said["histogram"] == {
        "Add": 7, "Concat": 13, "Conv": convolutions, "MaxPool": 3, "Relu": convolutions - 9, "Resize": 2,
    }  # fmt: skip
    assert len(report.graph.outputs) == 9
    assert (report.graph.opset, report.graph.ir) == (11, 6)


def test_silu_leaves_the_bpu_seventy_four_times():
    report = check(exported("s+stem"))
    assert [verdict.node.op for verdict in report.off] == ["Sigmoid"] * 74
    assert {verdict.where for verdict in report.off} == {"cpu"}
    assert "8192" in report.off[0].why
    assert report.as_json()["bpu_subgraphs"] > 50


def test_work_and_time_are_those_of_the_edge_document():
    report = check(exported("tiny+relu+stem", 512, 288))
    assert 2 * report.macs / 1e9 == pytest.approx(5.425, abs=0.001)
    assert report.milliseconds == pytest.approx((15.1, 17.5), abs=0.05)
    assert "estimate" in report.as_json()["estimated_ms"]["basis"]


def test_widths_of_512_waste_less_than_those_of_416():
    wastes = [check(exported("tiny-lite", side, 288)).padding_waste for side in (512, 416)]
    assert wastes[0] < 0.02 < wastes[1]


MAP = [1, 16, 32, 32]


@pytest.mark.parametrize(
    ("model", "why"),
    [
        (one("Conv", MAP, weight=[8, 16, 9, 9], out=[1, 8, 24, 24], kernel_shape=[9, 9]), "kernel sides"),
        (one("Conv", MAP, weight=[8, 16, 3, 3], out=[1, 8, 31, 31], kernel_shape=[3, 3], pads=[0, 0, 1, 1]), "symmetric"),
        (one("Conv", MAP, weight=[8, 16, 3, 3], out=[1, 8, 28, 28], kernel_shape=[3, 3], dilations=[2, 2]), "dilation"),
        (one("Conv", [1, 2049 * 2, 4, 4], weight=[8, 4098, 1, 1], out=[1, 8, 4, 4], kernel_shape=[1, 1]), "4096"),
        (one("MaxPool", MAP, out=[1, 16, 16, 16], kernel_shape=[2, 2], strides=[2, 2], auto_pad="SAME_UPPER"), "auto_pad"),
        (one("Sigmoid", [1, 16, 64, 64], out=[1, 16, 64, 64]), "8192"),
        (one("Tanh", [1, 16, 64, 64], out=[1, 16, 64, 64]), "8192"),
        (one("AveragePool", MAP, out=[1, 16, 25, 25], kernel_shape=[8, 8]), "up to 7"),
        (one("DepthToSpace", MAP, out=[1, 1, 128, 128], blocksize=4), "blocks of 2"),
        (one("Transpose", MAP, out=[1, 32, 32, 16], perm=[0, 2, 3, 1]), "no such operator"),
        (one("Softmax", MAP, out=MAP, axis=1), "no such operator"),
        (one("Det", [1, 16, 32, 32], out=[1, 16]), "vendor's table"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)  # fmt: skip
def test_each_rule_can_be_broken(model, why):
    [verdict] = check(model).off
    assert why in verdict.why


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"opset": 13}, "opset 13"),
        ({"ir": 8}, "IR version 8"),
        ({"shape": [2, 16, 32, 32], "out": [2, 16, 32, 32]}, "one picture"),
        ({"shape": [1, 16, 31, 32], "out": [1, 16, 31, 32]}, "even sides"),
    ],
)
def test_what_the_converter_refuses_is_said(changes, why):
    [reason] = check(one("Relu", **{"shape": MAP, "out": MAP, **changes})).refusals
    assert why in reason


def test_an_operator_off_the_bpu_cuts_it_in_two():
    nodes = [
        helper.make_node("Relu", ["x"], ["a"], name="before"),
        helper.make_node("Softmax", ["a"], ["b"], name="cut", axis=1),
        helper.make_node("Relu", ["b"], ["c"], name="after"),
        helper.make_node("Relu", ["a"], ["d"], name="beside"),
    ]
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, MAP) for name in "xcd"]
    model = helper.make_model(
        helper.make_graph(nodes, "g", values[:1], values[1:]), opset_imports=[helper.make_opsetid("", 11)], ir_version=6
    )
    onnx.checker.check_model(model)
    report = check(model)
    assert report.as_json()["bpu_subgraphs"] == 2
    assert "| cut | Softmax | [1, 16, 32, 32] | cpu |" in as_markdown(report)
