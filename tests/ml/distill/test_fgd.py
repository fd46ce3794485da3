"""FGD's golden numbers (distillation.md 6.1), its masks and its context blocks."""

import pytest
import torch

from ml.distill.attention import attended_difference, attention_distance, channel_attention, spatial_attention
from ml.distill.masks import scale_masks
from ml.distill.methods.fgd import Context, FocalGlobal
from tests.ml.distill import made

TEACHER = torch.tensor([[[[1.0, 0.0], [0.0, 1.0]], [[0.0, 2.0], [1.0, 0.0]]]])
STUDENT = torch.tensor([[[[0.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [0.0, 0.0]]]])
VALID = torch.ones(1, 2, 2, dtype=torch.bool)
CORNER = [torch.tensor([[0.25, 0.25, 0.5, 0.5]])]  # cell (0, 0) of 2 x 2


def exactly(value):
    return pytest.approx(value, abs=1e-6)


def test_attention():
    assert spatial_attention(TEACHER, VALID).flatten().tolist() == exactly([0.699511, 1.901468, 0.699511, 0.699511])
    assert channel_attention(TEACHER, VALID)[0].tolist() == exactly([0.755081, 1.244919])


def test_the_three_losses():
    objects, background = scale_masks(CORNER, VALID)
    difference = attended_difference(STUDENT, TEACHER, VALID)
    channels, cells = attention_distance(STUDENT, TEACHER, VALID)
    assert (difference * objects).sum().item() == exactly(0.528188)
    assert (difference * background).sum().item() == exactly(1.079336)
    assert (channels.sum() + cells.sum()).item() == exactly(2.015050)


def test_attention_has_mean_1_over_what_is_picture():
    maps = torch.randn(2, 5, 4, 6, generator=torch.Generator().manual_seed(0))
    valid = torch.ones(2, 4, 6, dtype=torch.bool)
    valid[1, :, 4:] = False
    assert spatial_attention(maps, valid).sum((1, 2)).tolist() == pytest.approx([24, 16])
    assert channel_attention(maps, valid).sum(1).tolist() == pytest.approx([5, 5])
    assert not spatial_attention(maps, valid)[1, :, 4:].any()


@pytest.mark.parametrize("sides", [(8, 16), (16, 32), (5, 7), (1, 1)])
def test_a_labels_mask_adds_up_to_1_at_every_resolution(sides):
    labels = [torch.tensor([[0.3, 0.4, 0.21, 0.37]]), torch.zeros(0, 4)]
    objects, background = scale_masks(labels, torch.ones(2, *sides, dtype=torch.bool))
    assert objects.sum((1, 2)).tolist() == pytest.approx([1, 0])
    covers_all = sides == (1, 1)
    assert background.sum((1, 2)).tolist() == pytest.approx([0 if covers_all else 1, 1])


def test_of_two_labels_on_a_cell_the_smaller_counts():
    boxes = torch.tensor([[0.5, 0.5, 1.0, 1.0], [0.25, 0.25, 0.5, 0.5]])
    objects, background = scale_masks([boxes], VALID)
    assert objects[0].tolist() == [[1.0, 0.25], [0.25, 0.25]]
    assert not background.any()


def test_a_context_block_begins_as_the_identity_and_learns():
    torch.manual_seed(0)
    block, maps = Context(4), torch.randn(2, 4, 3, 3)
    valid = torch.ones(2, 3, 3, dtype=torch.bool)
    assert torch.equal(block(maps, valid), maps)
    (block(maps, valid) - 1).square().sum().backward()
    assert block.what[-1].weight.grad.any()


def test_an_equal_student_costs_nothing_until_the_blocks_part():
    method = FocalGlobal(FocalGlobal.Args(), made.SHAPE, made.SHAPE)
    step = made.step(equal=True)
    assert all(not term.any() for term in method(step).values())
    with torch.no_grad():
        method.ours[0].what[-1].bias.add_(1)
    terms = method(step)
    assert terms["relations"].tolist() == pytest.approx([method.args.relation_weight] * 2)
    assert not terms["objects"].any()
