"""Pruning: golden sizes of edge.md 3.2, sixteens everywhere, a budget that is kept, and a folder that trains on."""

import json
import subprocess
import sys

import pytest
import torch
from torch import nn

from ml.errors import BadRecipe
from ml.export.bpu import check
from ml.export.onnx_file import CHIP_OPSET, to_onnx
from ml.export.prune import IMPORTANCES, pruned, pruned_to, widths
from ml.models.yolox import folder as folders
from ml.models.yolox.cost import cost_of
from ml.models.yolox.network import YOLOX
from ml.models.yolox.sizes import size_named
from ml.train.engine import train
from ml.train.recipe import TrainRecipe
from tests.ml.export.conftest import CARD, HEIGHT, WIDTH, small_model


@pytest.fixture(scope="module")
def large():
    """With norms that differ, as slimming needs."""
    torch.manual_seed(0)
    model = YOLOX(size_named("s-lite"), 13)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.0, 1.0)
    return model.eval()


def test_a_quarter_of_each_layer_is_the_network_of_the_edge_document(large):
    found = pruned(large, 0.25, everywhere_alike=True)
    cost = cost_of(found, 640, 384)
    assert cost.parameters == 5_027_222
    assert cost.gflops == pytest.approx(8.684, abs=0.001)
    assert widths(found) == {16, 48, 96, 192, 384}
    assert cost_of(large, 640, 384).parameters == 8_942_326


@pytest.mark.parametrize("importance", IMPORTANCES)
def test_every_importance_takes_channels_in_sixteens(large, importance):
    found = pruned(large, 0.3, importance=importance)
    assert cost_of(found, 512, 288).gflops < 0.7 * cost_of(large, 512, 288).gflops
    assert {width % 16 for width in widths(found)} == {0}
    assert found.head.cls_preds[0].out_channels == 13


def test_pruning_leaves_the_chip_nothing_to_refuse():
    found = pruned(small_model(), 0.4)
    assert cost_of(found, WIDTH, HEIGHT).macs < cost_of(small_model(), WIDTH, HEIGHT).macs
    assert check(to_onnx(found, WIDTH, HEIGHT, CHIP_OPSET)).off == []


def test_slimming_takes_the_channels_whose_norms_scale_them_to_nothing(large):
    model = pruned(large, 0)
    norm = model.head.cls_convs[0][0].bn
    with torch.no_grad():
        norm.weight.fill_(1.0)[::2] = 1e-6
        norm.bias[::2] = 0.0
    kept = pruned(model, 0.5, importance="slimming", everywhere_alike=True).head.cls_convs[0][0].bn
    assert len(kept.weight) == 64
    assert kept.weight.min().item() == 1.0


def test_a_budget_is_kept_and_nearly_used(large):
    found, share = pruned_to(large, 5.5, 512, 288)
    assert 4.9 < cost_of(found, 512, 288).gflops <= 5.5
    assert 0 < share < 0.5
    same, none = pruned_to(large, 99.0, 512, 288)
    assert none == 0
    assert cost_of(same, 512, 288) == cost_of(large, 512, 288)
    with pytest.raises(BadRecipe, match="is left"):
        pruned_to(large, 0.001, 512, 288)


def test_a_pruned_folder_is_fine_tuned_by_the_ordinary_training(tmp_path):
    folders.save(small_model(), CARD, tmp_path / "whole")
    budget = 0.9 * cost_of(small_model(), WIDTH, HEIGHT).gflops
    command = [sys.executable, "-m", "ml.export.prune", tmp_path / "whole", "--out", tmp_path / "less"]
    ran = subprocess.run([*command, "--gflops", str(budget)], capture_output=True, text=True, check=True)
    said = json.loads(ran.stdout)
    assert said["parameters"] < said["parameters_before"]
    recipe = TrainRecipe(
        family="yolox", init=str(tmp_path / "less"), iterations=2, batch=2, warm_up=1, width=128, height=64, threads=1,
        precision="fp32", categories=CARD.categories,
    )  # fmt: skip
    train(recipe, tmp_path / "run")
    model, card = folders.load(tmp_path / "run" / "model")
    assert card.pruned
    assert cost_of(model, WIDTH, HEIGHT).parameters == said["parameters"]


@pytest.mark.parametrize("share", [0.05, 0.2])
def test_no_more_is_taken_than_asked(share):
    """The stock rounding took a sixteen for every single channel: three times the share, and of the narrowest layers the half."""
    model = YOLOX(size_named("nano"), 13)
    before, after = (sum(norm.num_features for norm in norms(each)) for each in (model, pruned(model, share)))
    assert 1 - after / before <= share


def norms(model):
    return [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
