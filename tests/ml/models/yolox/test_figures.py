"""Figures without a network are those of the network, for every size; and a budget is refused with what would help."""

import pytest
import torch

from ml.export.bpu import check
from ml.export.onnx_file import CHIP_OPSET, to_onnx
from ml.models.yolox.budget import Budget, chosen, excesses, helps
from ml.models.yolox.cost import cost_of
from ml.models.yolox.figures import figures_of
from ml.models.yolox.network import YOLOX
from ml.models.yolox.sizes import REFINEMENTS, SIZES, size_named

NAMES = (*SIZES, *(f"{base}+{word}" for base in ("nano", "tiny") for word in REFINEMENTS), "nano-lite", "s-lite")


@pytest.mark.parametrize("name", NAMES)
def test_they_are_those_of_the_network(name):
    size = size_named(name)
    with torch.device("meta"):
        network = YOLOX(size, 13)
    cost, found = cost_of(network, 512, 288), figures_of(size, 13, 512, 288)
    assert (found.parameters, found.gflops) == (cost.parameters, pytest.approx(cost.gflops))


@pytest.mark.parametrize("name", ["nano", "nano+stem", "nano-lite"])
def test_activations_off_the_bpu_are_those_of_the_checker(name):
    network = YOLOX(size_named(name), 13)
    off = [verdict for verdict in check(to_onnx(network, 320, 192, CHIP_OPSET)).off if verdict.node.op == "Sigmoid"]
    assert figures_of(size_named(name), 13, 320, 192).off_bpu == len(off)


def test_golden_figures_of_the_design():
    """edge.md 7: s-lite of 13 classes at 512x320, tiny at 640x384."""
    assert figures_of(size_named("s-lite"), 13, 512, 320).gflops == pytest.approx(10.617, abs=1e-3)
    assert figures_of(size_named("tiny+relu"), 13, 640, 384).gflops == pytest.approx(9.042, abs=1e-3)


def test_within_the_budget_nothing_is_said():
    asked = chosen("tiny-lite", 512, 288, 13)
    assert excesses(asked.figures, Budget(6_000_000, 6.0, 20.0)) == {}


def test_what_is_over_is_named_by_its_limit():
    over = excesses(chosen("s-lite", 640, 384, 13).figures, Budget(5_000_000, 6.0, 18.0))
    assert over.keys() == {"parameters", "gflops", "milliseconds"}
    assert "at most 18" in over["milliseconds"]


def test_silu_has_no_time_on_the_chip_and_relu_helps():
    asked, budget = chosen("tiny+stem", 512, 288, 13), Budget(milliseconds=18.0)
    assert "off the BPU" in excesses(asked.figures, budget)["milliseconds"]
    assert [each.size for each in helps(asked, 13, budget)] == ["tiny+stem+relu"]


def test_each_help_is_one_change_that_keeps_within():
    asked, budget = chosen("s-lite", 640, 384, 13), Budget(gflops=10.0)
    found = helps(asked, 13, budget)
    assert {each.switch for each in found} == {"size", "input"}
    assert all(each.figures.gflops <= 10.0 for each in found)
    largest = next(each for each in found if each.switch == "input")
    assert (largest.width, largest.height) == (480, 288)


def test_where_one_change_is_too_little_a_refined_smaller_size_is_named():
    found = helps(chosen("m", 640, 384, 13), 13, Budget(milliseconds=33.0))
    assert [(each.size, each.switch) for each in found] == [("tiny-lite", "lite")]


def test_a_size_that_is_none_is_named():
    with pytest.raises(ValueError, match="no size 'huge'"):
        chosen("huge", 512, 288, 13)
