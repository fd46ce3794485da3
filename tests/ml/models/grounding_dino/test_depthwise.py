"""The faster depthwise convolution is the same convolution."""

import copy

import torch
from torch import nn

from ml.models.grounding_dino.depthwise import DepthwiseConv2d, fast_depthwise


def test_values_gradients_and_names_stay():
    torch.manual_seed(0)
    plain = nn.Sequential(nn.Conv2d(3, 8, 1), nn.Conv2d(8, 8, 7, padding=3, groups=8), nn.Conv2d(8, 8, 3, groups=2))
    fast = copy.deepcopy(plain)
    fast_depthwise(fast)
    assert [type(module) is DepthwiseConv2d for module in fast] == [False, True, False]
    assert list(fast.state_dict()) == list(plain.state_dict())
    picture = torch.randn(2, 3, 16, 20)
    torch.testing.assert_close(fast(picture), plain(picture))
    for model in (plain, fast):
        model.zero_grad()
        model(picture).square().sum().backward()
    for ours, theirs in zip(fast.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(ours.grad, theirs.grad, rtol=1e-4, atol=1e-4)


def test_under_bf16_autocast_it_stays_in_fp32():
    fast = nn.Sequential(nn.Conv2d(4, 4, 3, padding=1, groups=4))
    fast_depthwise(fast)
    with torch.autocast("cpu", torch.bfloat16):
        assert fast(torch.randn(1, 4, 8, 8).bfloat16()).dtype == torch.float32
