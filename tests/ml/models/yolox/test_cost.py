"""What networks cost: the published table, and the golden numbers of edge.md 1.1 and 7."""

import pytest
import torch

from ml.models.yolox.anchors import anchors_of
from ml.models.yolox.cost import cost_of
from ml.models.yolox.network import YOLOX
from ml.models.yolox.sizes import SIZES, size_named


def meta(name, classes=80):
    with torch.device("meta"):
        return YOLOX(size_named(name), classes)


@pytest.mark.parametrize(
    ("name", "parameters", "macs", "gflops"),
    [
        ("nano", 912_159, 522_553_408, 1.08),
        ("tiny", 5_055_855, 3_206_268_000, 6.45),
        ("s", 8_968_255, 13_342_771_200, 26.8),
        ("m", 25_326_495, 36_765_158_400, 73.8),
        ("l", 54_208_895, 77_646_336_000, 155.6),
        ("x", 99_071_455, 140_704_896_000, 281.9),
    ],
)
def test_every_size_costs_what_its_authors_publish(name, parameters, macs, gflops):
    cost = cost_of(meta(name), SIZES[name].side, SIZES[name].side)
    assert (cost.parameters, cost.macs) == (parameters, macs)
    assert cost.published_gflops == pytest.approx(gflops, abs=0.06 if gflops > 20 else 0.006)


@pytest.mark.parametrize(
    ("name", "classes", "width", "height", "gflops"),
    [
        ("tiny+relu+stem", 13, 512, 288, 5.425),
        ("tiny+relu+stem", 13, 640, 384, 9.042),
        ("tiny+relu+stem", 13, 416, 416, 6.367),
        ("nano-lite", 13, 512, 320, 0.961),
        ("s-lite", 13, 512, 320, 10.617),
        ("s-lite", 13, 768, 448, 22.295),
    ],
)
def test_refined_networks_cost_what_the_edge_document_says(name, classes, width, height, gflops):
    assert cost_of(meta(name, classes), width, height).gflops == pytest.approx(gflops, abs=0.001)


@pytest.mark.parametrize(("name", "parameters"), [("nano", 898_119), ("tiny", 5_034_903), ("s", 8_940_391)])
def test_eight_classes_cost_less(name, parameters):
    assert cost_of(meta(name, 8), 64, 64).parameters == parameters


@pytest.mark.parametrize(("name", "entries"), [("nano", 642), ("tiny", 462), ("s", 462), ("m", 606), ("l", 750)])
def test_the_layout_has_as_many_names_as_the_official_one(name, entries):
    assert len(meta(name).state_dict()) == entries


def test_other_classes_change_six_tensors_and_no_name():
    official, ours = meta("s").state_dict(), meta("s", 13).state_dict()
    assert official.keys() == ours.keys()
    others = {name for name in ours if ours[name].shape != official[name].shape}
    assert others == {f"head.cls_preds.{level}.{part}" for level in range(3) for part in ("weight", "bias")}


def test_fresh_classes_and_objectness_begin_at_a_hundredth():
    head = YOLOX(SIZES["nano"], 3).head
    assert [bias.item() for one in head.obj_preds for bias in one.bias] == pytest.approx([-4.595119850] * 3)


@pytest.mark.parametrize(
    ("width", "height", "anchors"), [(416, 416, 3549), (640, 640, 8400), (640, 384, 5040), (512, 320, 3360)]
)
def test_anchors_of_known_inputs(width, height, anchors):
    assert len(anchors_of(width, height, torch.device("cpu")).cells) == anchors


def test_zeros_are_decoded_to_cells():
    anchors = anchors_of(64, 64, torch.device("cpu"))
    boxes = anchors.decoded(torch.zeros(len(anchors.cells), 4))
    assert boxes[[0, 1, 8, 9]].tolist() == [[0, 0, 8, 8], [8, 0, 8, 8], [0, 8, 8, 8], [8, 8, 8, 8]]
