"""A network of SiLU goes over to ReLU by degrees, and what is saved is the one of ReLU."""

from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from ml.models.yolox import folder as folders
from ml.models.yolox.folder import Card
from ml.models.yolox.network import YOLOX
from ml.models.yolox.sharpening import SHARP_FROM, STEEPEST, sharpen, swish
from ml.models.yolox.sizes import size_named
from ml.models.yolox.training import begin
from ml.taxonomies import GDDA13
from ml.train.engine import prepare, train
from ml.train.recipe import TrainRecipe

RECIPE = TrainRecipe(
    family="yolox",
    size="nano+relu",
    iterations=4,
    width=128,
    height=96,
    batch=1,
    warm_up=1,
    threads=1,
    precision="fp32",
)
PIXELS = torch.rand(1, 3, 96, 128, generator=torch.Generator().manual_seed(0)) * 255


def network(size):
    torch.manual_seed(0)
    return YOLOX(size_named(size), len(GDDA13)).eval()


@pytest.fixture(scope="module")
def silu(tmp_path_factory):
    folder = tmp_path_factory.mktemp("silu")
    folders.save(network("nano"), Card("nano", GDDA13, 128, 96), folder)
    return folder


@pytest.mark.parametrize(("progress", "like"), [(0.0, "nano"), (SHARP_FROM, "nano+relu"), (1.0, "nano+relu")])
@torch.no_grad()
def test_it_begins_as_silu_and_ends_as_relu(progress, like):
    model = network("nano+relu")
    sharpen(model, progress)
    assert torch.allclose(model(PIXELS), network(like)(PIXELS), atol=1e-6)


@torch.no_grad()
def test_in_between_it_only_comes_nearer():
    x = torch.linspace(-8, 8, 1001)
    steps = [STEEPEST**share for share in (0, 0.25, 0.5, 0.75, 1)]
    off = [(swish(x, steepness) - F.relu(x)).abs().max().item() for steepness in steps]
    assert off == sorted(off, reverse=True)
    assert off[-1] == pytest.approx(off[0] / STEEPEST, rel=0.01)


def test_a_run_from_silu_steps_by_its_progress(silu, tmp_path):
    training = prepare(replace(RECIPE, init=str(silu)), None)
    training.step(training.batches[0], 0)
    of_first = training.trainee.model.backbone.backbone.stem.conv.activation
    assert torch.equal(of_first(PIXELS), F.silu(PIXELS))
    training.step(training.batches[3], 3)
    assert training.trainee.model.backbone.backbone.stem.conv.activation is F.relu


def test_what_is_saved_is_the_network_of_relu_and_remembers_where_it_came_from(silu, tmp_path):
    recipe = replace(RECIPE, init=str(silu))
    train(recipe, tmp_path, stop=lambda: True)  # after one step, far from ReLU
    model, card = folders.load(tmp_path / "model")
    assert card.from_silu
    assert {module.activation for module in model.modules() if hasattr(module, "activation")} == {F.relu}
    assert begin(replace(recipe, init=str(tmp_path / "gone")), tmp_path / "model").card.from_silu


def test_one_that_is_of_relu_already_stays_so(tmp_path):
    folders.save(network("nano+relu"), Card("nano+relu", GDDA13, 128, 96), tmp_path)
    assert not begin(replace(RECIPE, init=str(tmp_path)), None).card.from_silu
