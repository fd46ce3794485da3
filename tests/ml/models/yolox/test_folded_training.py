"""A run that begins at a real export goes on from what the network said. Its norms are folded: without ones of their own the first step broke it."""

import copy
import warnings
from dataclasses import replace

import onnx
import pytest
import torch
from torch import nn

from ml.models.yolox.network import YOLOX
from ml.models.yolox.sizes import SIZES
from ml.models.yolox.unfolding import rendered_pixels
from ml.train.engine import prepare
from ml.train.recipe import TrainRecipe

STEPS = 3
# Rate and warm-up are the defaults, as a person begins; a large batch has statistics like the pictures'.
RECIPE = TrainRecipe(family="yolox", width=160, height=96, batch=6, seed=3, iterations=100, threads=1, precision="fp32")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An export of a nano that has learnt a little, as the official script makes one: torch folds each norm into its convolution."""
    run = prepare(replace(RECIPE, size="nano", learning_rate=2e-3, warm_up=0), None)
    batch = run.batches[0]
    for number in range(24):
        run.step(batch, number)
    _settle(run.trainee.model, batch.pixels)
    model = _with_coco_classes(run.trainee.model)
    path = tmp_path_factory.mktemp("made") / "nano.onnx"
    picture = torch.zeros(1, 3, RECIPE.height, RECIPE.width)
    with warnings.catch_warnings(action="ignore"):  # torch's old exporter: the official script's
        torch.onnx.export(model, (picture,), path, dynamo=False, opset_version=11)
    return path


@pytest.fixture
def official(shared_data):
    path = shared_data / "weights" / "yolox_nano_coco.onnx"
    if not path.is_file():
        pytest.skip(f"no weights at {path}")
    return path


def test_the_made_export_is_folded(made):
    assert {node.op_type for node in onnx.load(str(made)).graph.node} & {"Conv", "BatchNormalization"} == {"Conv"}


def test_a_few_steps_leave_what_a_made_export_said(made):
    assert _likeness(made) > 0.8


def test_a_few_steps_leave_what_the_official_export_said(official):
    assert _likeness(official) > 0.8


def _likeness(path):
    """Correlation of the objectness before and after the steps, over the places of pictures that they did not see."""
    run = prepare(replace(RECIPE, init=f"yolox-onnx:{path}"), None)
    pixels = rendered_pixels(RECIPE.width, RECIPE.height)
    before = _objectness(run.trainee.model, pixels)
    for number in range(STEPS):
        run.step(run.batches[number], number)
    after = _objectness(run.trainee.model, pixels)
    return torch.corrcoef(torch.stack([before, after]))[0, 1].item()


@torch.no_grad()
def _objectness(model, pixels):
    """Logits of all places, as a detector hears them."""
    still = copy.deepcopy(model).eval()
    return still.head(still.backbone(pixels))[..., 4].flatten()


@torch.no_grad()
def _settle(model, pixels):
    """Statistics of the weights as they are now: those kept on the way lag behind a few quick steps."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.momentum = None
    model.train()(pixels)


def _with_coco_classes(model):
    """The same network with the 80 classes of the official one, in eval mode."""
    torch.manual_seed(5)
    whole = YOLOX(SIZES["nano"])
    known = {name: tensor for name, tensor in model.state_dict().items() if "cls_preds" not in name}
    whole.load_state_dict(known, strict=False)
    for prediction in whole.head.cls_preds:
        nn.init.normal_(prediction.bias)  # equal ones the exporter would write only once
    return whole.eval()
