"""The two sizes, and growing from one to the other."""

import pytest
import torch

from ml.models.grounding_dino import nano
from ml.models.grounding_dino.training import begin
from ml.train.recipe import TrainRecipe


def parameters(model):
    return sum(p.numel() for p in model.parameters())


def test_the_mini_has_about_twice_the_parameters():
    small, large = nano.build_model(0), nano.build_model(0, "mini")
    assert parameters(small) == 3_711_298
    assert 1.7 < parameters(large) / parameters(small) < 2.3


def test_a_grown_model_begins_at_the_source():
    source, grown = nano.build_model(1).eval(), nano.build_model(2, "mini").eval()
    nano.grow(source, grown)
    state = source.state_dict()
    assert all(torch.equal(tensor, state[name]) for name, tensor in grown.state_dict().items() if name in state)
    pixels = torch.randn(1, 3, 96, 128)
    backbones = [m.model.backbone(pixels, torch.ones(1, 96, 128, dtype=torch.long))[0] for m in (source, grown)]
    for (expected, _), (found, _) in zip(*backbones, strict=True):
        assert torch.allclose(found, expected, atol=1e-5)  # the added blocks of a ConvNeXt add nothing at first


def test_growing_refuses_another_width():
    other = nano.build_model(0)
    other.model.level_embed = torch.nn.Parameter(torch.zeros(3, 64))
    with pytest.raises(ValueError, match="level_embed"):
        nano.grow(other, nano.build_model(0, "mini"))


def test_a_trainee_of_another_size_says_where_it_began(tmp_path):
    nano.save(nano.build_model(3), tmp_path)
    trainee = begin(TrainRecipe(init=str(tmp_path), size="mini", device="cpu"), None)
    assert parameters(trainee.model) > 6_000_000
    assert "mini begins at the weights of" in trainee.notes[0]
