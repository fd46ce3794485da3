"""A network without statistics goes on in training as it was, and says the same outside of it."""

import copy

import pytest
import torch

from ml.models.yolox.network import YOLOX
from ml.models.yolox.sizes import size_named
from ml.models.yolox.unfolding import rendered_pixels, unfold


@pytest.mark.parametrize("size", ["nano", "nano-lite"])
def test_statistics_come_from_pictures_and_change_no_answer(size):
    torch.manual_seed(0)
    folded = YOLOX(size_named(size)).eval()
    for module in folded.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.normal_(module.bias, std=0.1)
    pixels = rendered_pixels(128, 64)
    given = copy.deepcopy(folded)
    unfold(given, pixels)
    with torch.no_grad():
        before, after = folded(pixels), given(pixels)
        assert (after - before).abs().max() <= 1e-4 * before.abs().max()
        in_training = copy.deepcopy(given).train().backbone(pixels)
        as_it_was = folded.backbone(pixels)
        broken = copy.deepcopy(folded).train().backbone(pixels)
    for level, wanted, without in zip(in_training, as_it_was, broken, strict=True):
        assert (level - wanted).abs().max() <= 1e-3 * wanted.abs().max()
        assert (without - wanted).abs().max() > 0.1 * wanted.abs().max()
