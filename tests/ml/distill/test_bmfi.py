"""BMFI's soft mask (distillation.md 3.5)."""

import pytest
import torch

from ml.distill.masks import soft_masks
from ml.distill.methods.bmfi import BoxAware
from tests.ml.distill import made

VALID = torch.ones(1, 8, 8, dtype=torch.bool)


def box(top, left, height=2, width=2):
    """In cells of an 8 x 8 map."""
    return torch.tensor([[left + width / 2, top + height / 2, width, height]]) / 8


def test_the_mask_of_four_cells():
    mask = soft_masks([box(2, 2)], VALID)[0]
    assert mask[2:4, 2:4].flatten().tolist() == pytest.approx([0.0625] * 4)
    assert mask[1, 2:4].tolist() == pytest.approx([0.045726] * 2, abs=5e-7)
    assert mask[2:4, 4].tolist() == pytest.approx([0.045726] * 2, abs=5e-7)
    assert [mask[1, 1].item(), mask[4, 4].item()] == pytest.approx([0.035611] * 2, abs=5e-7)
    assert mask.sum().item() == pytest.approx(0.758253, abs=1e-6)
    outside = mask.clone()
    outside[1:5, 1:5] = 0
    assert not outside.any()


@pytest.mark.parametrize(("down", "across"), [(1, 0), (0, 1), (2, 2)])
def test_a_box_that_moves_takes_its_mask_along(down, across):
    here, there = soft_masks([box(2, 2), box(2 + down, 2 + across)], VALID.expand(2, -1, -1))
    assert torch.allclose(here.roll((down, across), (0, 1)), there)


def test_a_box_at_the_edge_keeps_the_part_that_is_in_the_picture():
    middle, corner = soft_masks([box(2, 2), box(0, 0)], VALID.expand(2, -1, -1))
    assert torch.allclose(corner[:3, :3], middle[2:5, 2:5])


def test_of_two_boxes_the_larger_value_counts_and_no_box_is_no_mask():
    both, first, second, none = soft_masks(
        [torch.cat([box(1, 1), box(2, 2, 4, 4)]), box(1, 1), box(2, 2, 4, 4), torch.zeros(0, 4)],
        VALID.expand(4, -1, -1),
    )
    assert torch.equal(both, first.maximum(second))
    assert not none.any()


def test_each_grain_can_stand_alone():
    step = made.step()
    names = ("bmfi_object_weight", "bmfi_map_weight", "bmfi_attention_weight")
    for chosen, term in zip(names, ("objects", "map", "attention"), strict=True):
        terms = BoxAware(BoxAware.Args(**{name: float(name == chosen) for name in names}), made.SHAPE, made.SHAPE)(step)
        assert {name for name, value in terms.items() if value.any()} == {term}
