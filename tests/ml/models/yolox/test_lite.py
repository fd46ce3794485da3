"""YOLOX-Lite: what changes no answer changes none, what is pruned loads, and runs begin from official weights."""

import copy
from dataclasses import replace

import pytest
import torch
from torch import nn

from ml.errors import BadCheckpoint, BadRecipe
from ml.models.yolox import folder as folders
from ml.models.yolox.folder import Card
from ml.models.yolox.lite import STEM, as_one_convolution, carried_over, shaped
from ml.models.yolox.network import YOLOX, BaseConv, Focus, SPPBottleneck
from ml.models.yolox.sizes import REFINEMENTS, SIZES, base_of, size_named
from ml.models.yolox.training import begin
from ml.taxonomies import GDDA13
from ml.train.recipe import TrainRecipe

PIXELS = torch.randint(0, 256, (1, 3, 96, 128), generator=torch.Generator().manual_seed(2)).float()


def lively(name, classes=3):
    """With norms that differ from channel to channel, as training leaves them; running statistics are those of a picture."""
    torch.manual_seed(4)
    model = YOLOX(size_named(name), classes)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.3, 0.3)
            module.momentum = None
    with torch.no_grad():
        model.train()(PIXELS)
    return model.eval()


def answers(model):
    """In double precision, where rounding hides nothing."""
    with torch.inference_mode():
        return copy.deepcopy(model).double()(PIXELS.double())


@pytest.mark.parametrize("word", ["stem", "pools", "16"])
@pytest.mark.parametrize("base", ["nano", "tiny"])
def test_stem_pools_and_channels_change_no_answer(base, word):
    before = lively(base)
    after = YOLOX(size_named(f"{base}+{word}"), 3).eval()
    after.load_state_dict(carried_over(before.state_dict(), after))
    assert torch.allclose(answers(after), answers(before), rtol=1e-9, atol=1e-9)


def test_one_convolution_is_focus_within_rounding():
    torch.manual_seed(0)
    focus, weight = Focus(8), torch.randn(8, 12, 3, 3)
    focus.conv.conv.weight.data, focus.conv.bn, focus.conv.activation = weight, nn.Identity(), nn.Identity()
    seen = focus(PIXELS)
    once = nn.functional.conv2d(PIXELS, as_one_convolution(weight), stride=2, padding=2)
    assert (once - seen).abs().max() < 1e-5 * seen.abs().max()


def test_small_pools_in_a_chain_are_the_large_ones_bit_for_bit():
    torch.manual_seed(1)
    large, small = (SPPBottleneck(32, small=each).eval() for each in (False, True))
    maps = torch.randn(2, 16, 13, 17)
    pooled = small._pooled(maps)
    assert all(torch.equal(*each) for each in zip(large._pooled(maps), pooled, strict=True))
    three, chain = nn.MaxPool2d(3, 1, 1), [maps]
    for _ in range(6):
        chain.append(three(chain[-1]))
    assert all(torch.equal(chain[links], each) for links, each in zip((2, 4, 6), pooled, strict=True))


def test_relu_changes_no_name_and_leaves_no_silu():
    model = YOLOX(size_named("tiny+relu"), 3)
    assert model.state_dict().keys() == YOLOX(SIZES["tiny"], 3).state_dict().keys()
    assert {m.activation for m in model.modules() if isinstance(m, BaseConv)} == {nn.functional.relu}


def test_every_inner_channel_of_lite_is_a_multiple_of_sixteen():
    for name in ("nano-lite", "tiny-lite", "s-lite"):
        norms = [m.num_features for m in YOLOX(size_named(name), 3).modules() if isinstance(m, nn.BatchNorm2d)]
        assert {channels % 16 for channels in norms} == {0}
    assert any(m.num_features % 16 for m in YOLOX(SIZES["tiny"], 3).modules() if isinstance(m, nn.BatchNorm2d))


def test_channels_that_were_added_can_be_learnt():
    before = lively("tiny")
    after = YOLOX(size_named("tiny+16"), 3)
    after.load_state_dict(carried_over(before.state_dict(), after))
    for _ in range(2):  # their outputs first, then what feeds them
        after.zero_grad()
        after.train()(PIXELS).square().mean().backward()
        with torch.no_grad():
            for parameter in after.parameters():
                parameter -= 1e-3 * parameter.grad
    assert after.state_dict()[STEM].shape[0] == 32
    assert after.backbone.backbone.stem.conv.conv.weight.grad[24:].abs().sum() > 0


def test_names_of_sizes():
    assert size_named("tiny") == SIZES["tiny"]
    assert size_named("tiny-lite") == size_named("tiny+relu+stem+pools+16")
    assert [size_named(name) for name in ("huge", "tiny+gelu", "tiny+relu+relu", "tiny+relu-lite")] == [None] * 4
    assert base_of("s+relu") == base_of("s-lite") == "s"
    assert set(REFINEMENTS) == {"relu", "stem", "pools", "16"}


def narrow(model):
    """A state with fewer channels between the two convolutions of each bottleneck."""
    state = dict(model.state_dict())
    for name, tensor in model.state_dict().items():
        if ".m.0.conv1." in name and tensor.dim():
            state[name] = tensor[:8].clone()
        if ".m.0.conv2.conv.weight" in name:
            state[name] = tensor[:, :8].clone()
    return state


def test_a_pruned_folder_loads_in_the_shapes_of_its_weights_and_trains_on(tmp_path):
    model = lively("tiny-lite")
    pruned = shaped(YOLOX(size_named("tiny-lite"), 3), narrow(model))
    pruned.load_state_dict(narrow(model))
    card = Card("tiny-lite", GDDA13[:3], 128, 96, pruned=True)
    folders.save(pruned, card, tmp_path)
    again, read = folders.load(tmp_path)
    assert read == card
    assert torch.equal(answers(again.eval()), answers(pruned.eval()))
    recipe = TrainRecipe(family="yolox", init=str(tmp_path), width=128, height=96, categories=GDDA13[:4])
    trainee = begin(recipe, None)
    assert trainee.card.pruned
    assert trainee.fresh == (GDDA13[3].name,)
    assert trainee.model.backbone.backbone.dark2[1].m[0].conv1.conv.out_channels == 8
    torch.testing.assert_close(
        answers(trainee.model.eval())[..., :7], answers(pruned)[..., :7]
    )  # sums of more classes may round otherwise
    with pytest.raises(BadRecipe, match="does not fit"):
        begin(replace(recipe, size="tiny"), None)


def test_a_folder_that_is_not_called_pruned_must_have_all_channels(tmp_path):
    state = narrow(lively("tiny-lite"))
    pruned = shaped(YOLOX(size_named("tiny-lite"), 3), state)
    folders.save(pruned, Card("tiny-lite", GDDA13[:3], 128, 96), tmp_path)
    with pytest.raises(BadCheckpoint, match="no YOLOX tiny-lite"):
        folders.load(tmp_path)


def test_a_run_of_lite_begins_from_official_weights_and_says_what_relu_costs(tmp_path):
    official = lively("nano", 80)
    torch.save({"model": official.state_dict()}, tmp_path / "nano.pth")
    recipe = TrainRecipe(family="yolox", init=f"yolox:{tmp_path / 'nano.pth'}", size="nano-lite", width=128, height=96)
    trainee = begin(recipe, None)
    assert any("ReLU" in note for note in trainee.notes)
    assert trainee.card.size == "nano-lite"
    exact = begin(replace(recipe, size="nano+stem+pools+16"), None).model.eval()
    same = begin(replace(recipe, size=""), None).model.eval()
    assert torch.allclose(answers(exact), answers(same), atol=1e-9)
    with pytest.raises(BadRecipe, match="does not fit"):
        begin(replace(recipe, size="tiny-lite"), None)


def test_weights_of_another_network_are_refused():
    with pytest.raises(ValueError, match="another network"):
        carried_over(lively("nano").state_dict(), YOLOX(size_named("tiny"), 3))
    with pytest.raises(ValueError, match="no weights for"):
        shaped(YOLOX(size_named("tiny"), 3), {})
