"""Training through 8 bits: what rounding does to numbers and to gradients, and that nothing of it stays in the network."""

import torch

from ml.models.yolox.network import YOLOX
from ml.models.yolox.rounding import rounded, rounded_map, rounded_weights
from ml.models.yolox.sizes import SIZES


def test_weights_keep_their_largest_value_and_move_by_half_a_step_at_most():
    weight = torch.randn(4, 3, 3, 3) * torch.tensor([0.1, 1.0, 10.0, 0.0]).view(-1, 1, 1, 1)
    found = rounded_weights(weight)
    largest = weight.abs().amax((1, 2, 3))
    assert torch.allclose(found.abs().amax((1, 2, 3)), largest, atol=1e-6)
    assert bool(((found - weight).abs().amax((1, 2, 3)) <= largest / 127 / 2 + 1e-6).all())
    assert all(len(found[channel].unique()) <= 255 for channel in range(4))


def test_a_map_has_256_values_and_nought_is_one_of_them():
    values = torch.cat([torch.linspace(-3, 7, 5000), torch.zeros(1)])
    found = rounded_map(values)
    assert len(found.unique()) <= 256
    assert found[-1] == 0
    assert (found - values).abs().max() <= 10 / 255 / 2 + 1e-5
    assert bool((rounded_map(torch.zeros(5)) == 0).all())


def test_gradients_pass_as_if_nothing_were_rounded():
    values = torch.randn(50, requires_grad=True)
    rounded_map(values).sum().backward()
    assert torch.equal(values.grad, torch.ones(50))


def test_only_within_it_a_network_computes_with_rounded_numbers():
    torch.manual_seed(0)
    model = YOLOX(SIZES["nano"], 2).eval()
    keys, pixels = set(model.state_dict()), torch.rand(1, 3, 64, 64) * 255
    with torch.no_grad():
        before = model.backbone(pixels)[0]
        with rounded(model):
            inside = model.backbone(pixels)[0]
        after = model.backbone(pixels)[0]
    assert torch.equal(before, after)
    assert not torch.equal(before, inside)
    assert set(model.state_dict()) == keys
