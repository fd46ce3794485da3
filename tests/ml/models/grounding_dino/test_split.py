"""Products of split numbers: sixteen bits of them, any shape; and the model that multiplies so finds the boxes of fp32."""

import copy

import pytest
import torch
from torch import nn

from ml.models.grounding_dino import engine, split
from ml.models.grounding_dino.checkpoint import load_checkpoint
from ml.models.grounding_dino.engine import Engine
from ml.models.grounding_dino.feedforward import SlicedFeedForward
from ml.models.grounding_dino.nano import build_tokenizer
from ml.models.grounding_dino.prompts import tokenise
from ml.models.shipped import BUNDLED
from ml.synth import random_scene
from ml.taxonomies import GDDA13

CPU = torch.device("cpu")


@pytest.fixture(scope="module", autouse=True)
def _an_able_processor():
    if not split.splits(CPU):
        pytest.skip("no AMX, or no C++ compiler here")


@pytest.fixture(autouse=True)
def _same_numbers():
    torch.manual_seed(0)


@pytest.mark.parametrize(
    ("rows", "depth", "columns"), [(1, 32, 32), (33, 50, 41), (300, 256, 96), (17, 1100, 64), (257, 512, 33)]
)
@pytest.mark.parametrize("biased", [True, False])
def test_a_product_has_sixteen_bits(rows, depth, columns, biased):
    layer = nn.Linear(depth, columns, bias=biased)
    states = torch.randn(1, rows, depth)
    with torch.inference_mode():
        found, exact = split.SplitLinear(layer)(states), copy.deepcopy(layer).double()(states.double())
    sizes = states.abs() @ layer.weight.abs().T + 1  # what rounding is relative to
    assert found.shape == (1, rows, columns)
    assert ((found - exact).abs() / sizes).max() < 2**-16


def test_numbers_of_bf16_lose_nothing():
    layer = nn.Linear(64, 32, bias=False)
    layer.weight.data = torch.randint(-8, 9, (32, 64)).float()
    states = torch.randint(-8, 9, (40, 64)).float()
    assert torch.equal(split.SplitLinear(layer)(states), states @ layer.weight.T)


@pytest.mark.parametrize("activation", [nn.ReLU(), nn.GELU()])
@pytest.mark.parametrize(("rows", "depth", "middle"), [(300, 64, 256), (9, 40, 600)])
def test_a_feed_forward_block_is_its_three_parts(activation, rows, depth, middle):
    first, second = nn.Linear(depth, middle), nn.Linear(middle, depth)
    model = nn.Sequential(SlicedFeedForward(first, activation, second))
    states = 3 * torch.randn(2, rows, depth)
    with torch.inference_mode():
        exact = model(states)
        split.split_linear(model)
        assert isinstance(model[0], split.SplitFeedForward)
        assert torch.allclose(model(states), exact, atol=2e-4)


def test_an_activation_without_a_kernel_keeps_its_block_with_split_matrices():
    model = nn.Sequential(SlicedFeedForward(nn.Linear(32, 64), nn.SiLU(), nn.Linear(64, 32)))
    split.split_linear(model)
    assert isinstance(model[0], SlicedFeedForward)
    assert isinstance(model[0].first, split.SplitLinear)
    assert isinstance(model[0].second, split.SplitLinear)


def test_the_model_answers_as_in_fp32():
    prompt = tokenise(GDDA13, build_tokenizer(), 64)
    pixels = torch.from_numpy(random_scene(3, 320, 192).image.copy()).permute(2, 0, 1)[None].float() / 128 - 1
    model = load_checkpoint(BUNDLED / "gdino-nano").model
    exact, found = (
        Engine(copy.deepcopy(model), CPU, precision=precision)(pixels, prompt.input_ids, prompt.attention_mask)
        for precision in ("fp32", "split")
    )
    length = prompt.input_ids.shape[1]
    assert torch.allclose(found[0][..., :length].sigmoid(), exact[0][..., :length].sigmoid(), atol=1e-3)
    assert torch.allclose(found[1], exact[1], atol=1e-3)


@pytest.mark.parametrize("precision", ["auto", "split"])
def test_a_processor_without_amx_computes_in_fp32(precision, monkeypatch):
    assert engine.chosen(precision, CPU) == "split"
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    assert engine.chosen(precision, CPU) == "fp32"


def test_without_a_compiler_fp32_it_is(monkeypatch, caplog):
    monkeypatch.setattr(split, "_kernel", lambda: (_ for _ in ()).throw(OSError("no compiler")))
    assert not split.splits(CPU)
    assert "no compiler" in caplog.text
