"""The compiled attention gives the numbers and the gradients of the plain one; without a compiler there is the plain one."""

import pytest
import torch
from transformers.models.mm_grounding_dino.modeling_mm_grounding_dino import MultiScaleDeformableAttention

from ml.models.grounding_dino import deformable, nano

SHAPES = [(6, 9), (3, 5), (2, 3)]


@pytest.fixture(scope="module")
def kernel():
    if not deformable.compile_attention(torch.nn.Identity()):
        pytest.skip("no C++ compiler here")


def inputs():
    torch.manual_seed(0)
    tokens = sum(height * width for height, width in SHAPES)
    value = torch.randn(2, tokens, 4, 32, requires_grad=True)
    locations = (torch.rand(2, 7, 4, 3, 4, 2) * 1.4 - 0.2).requires_grad_()  # some lie outside
    return value, locations, torch.rand(2, 7, 4, 3, 4, requires_grad=True)


def run(attention, parts):
    value, locations, weights = parts
    shapes = torch.tensor(SHAPES)
    out = attention(value, shapes, SHAPES, shapes[:, 0], locations, weights, 64)
    out.square().sum().backward()
    return [out.detach(), *(part.grad for part in parts)]


@pytest.mark.usefixtures("kernel")
def test_numbers_and_gradients_are_those_of_grid_sample():
    plain, compiled = (
        run(attention, inputs())
        for attention in (MultiScaleDeformableAttention(), deformable.CompiledDeformableAttention())
    )
    for expected, found in zip(plain, compiled, strict=True):
        assert torch.allclose(found, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.usefixtures("kernel")
def test_every_attention_of_a_model_is_replaced_and_its_weights_keep_their_names():
    model = nano.build_model(0)
    names = list(model.state_dict())
    deformable.compile_attention(model)
    kinds = [type(m.attn).__name__ for m in model.modules() if hasattr(m, "attn") and hasattr(m, "sampling_offsets")]
    assert kinds == ["CompiledDeformableAttention"] * 5
    assert list(model.state_dict()) == names


def test_without_a_compiler_the_model_stays_as_it_was(monkeypatch, caplog):
    def fails():
        raise RuntimeError("no compiler")

    monkeypatch.setattr(deformable, "_kernel", fails)
    model = nano.build_model(0)
    assert not deformable.compile_attention(model)
    assert not any(isinstance(m, deformable.CompiledDeformableAttention) for m in model.modules())
    assert "no compiler" in caplog.text
