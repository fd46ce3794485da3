"""FreeKD-lite: the Haar transform (distillation.md 6.4) and the distance of its details."""

import pytest
import torch

from ml.distill.methods.freekd import FreeKDLite, detail_distance
from ml.distill.wavelets import details, haar, whole_blocks
from tests.ml.distill import made


def ones(maps):
    shape = (maps.shape[0], *maps.shape[2:])
    return torch.ones(shape), torch.ones(shape, dtype=torch.bool)


def test_the_transform_of_four_cells():
    low, bands = haar(torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]]))
    assert low.item() == 5
    assert bands.flatten().tolist() == [-2, -1, 0]


def test_it_keeps_the_energy_at_every_depth():
    maps = torch.randn(2, 3, 16, 8, generator=torch.Generator().manual_seed(0))
    low = maps
    energy = 0.0
    for bands in details(maps, 3):
        low, again = haar(low)
        assert torch.equal(bands, again)
        energy += bands.square().sum().item()
    assert energy + low.square().sum().item() == pytest.approx(maps.square().sum().item(), rel=1e-5)


@pytest.mark.parametrize("sides", [(8, 16), (5, 7), (1, 3), (9, 8)])
def test_a_constant_changes_nothing_at_any_size(sides):
    maps = torch.randn(2, 3, *sides, generator=torch.Generator().manual_seed(0))
    wanted = detail_distance(maps, *ones(maps))
    assert detail_distance(maps + 7, *ones(maps)).tolist() == pytest.approx(wanted.tolist(), rel=1e-4)
    assert all(side % 8 == 0 for side in whole_blocks(maps, 3).shape[2:])
    assert detail_distance(torch.full_like(maps, 3.0), *ones(maps)).tolist() == [0, 0]


def test_the_distance_of_a_chequerboard_is_in_its_finest_scale():
    rows, columns = torch.meshgrid(torch.arange(8), torch.arange(8), indexing="ij")
    board = ((rows + columns) % 2 * 2.0 - 1)[None, None]
    assert detail_distance(board, *ones(board)).item() == pytest.approx(2 / 3)  # one of three orientations, magnitude 2


def test_windows_that_touch_padding_are_left_out():
    maps = torch.zeros(1, 1, 8, 16)
    maps[..., 8:] = 100
    valid = torch.ones(1, 8, 16, dtype=torch.bool)
    valid[:, :, 8:] = False
    assert detail_distance(maps, valid.float(), valid).item() == 0
    assert detail_distance(maps, torch.zeros(1, 8, 16), torch.zeros_like(valid)).item() == 0


def test_frequencies_do_not_see_how_bright_a_map_is_and_features_do():
    step = made.step(equal=True)
    for part in step.student.neck:
        part.data.add_(1.0)
    terms = FreeKDLite(FreeKDLite.Args(feature_weight=1.0), made.SHAPE, made.SHAPE)(step)
    assert terms["frequencies"].tolist() == pytest.approx([0, 0], abs=1e-5)
    assert terms["features"].tolist() == pytest.approx([len(made.MAPS)] * 2, rel=1e-4)


def test_it_says_that_it_is_not_the_published_method():
    assert "lite" in FreeKDLite.title
    assert "prompts" in FreeKDLite.description
