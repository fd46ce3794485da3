"""Noised truths: what they are, who may look at them, and that they leave inference as it was."""

import pytest
import torch

from ml.models.grounding_dino import nano
from ml.models.grounding_dino.boxes import Targets
from ml.models.grounding_dino.criterion import denoising_loss
from ml.models.grounding_dino.denoising import FAR, NEAR, noised
from ml.models.grounding_dino.observation import observe
from ml.models.grounding_dino.queries import Extra, attention_mask, beside
from ml.train.engine import prepare
from ml.train.observation import NOTHING
from ml.train.recipe import TrainRecipe

TARGETS = [
    Targets(torch.tensor([2, 0]), torch.tensor([[0.5, 0.5, 0.2, 0.4], [0.3, 0.3, 0.1, 0.1]])),
    Targets(torch.tensor([1]), torch.tensor([[0.6, 0.4, 0.2, 0.2]])),
]


def test_positives_are_near_and_negatives_farther():
    torch.manual_seed(0)
    noise = noised(TARGETS, categories=4, queries=200)
    assert noise.boxes.shape == (2, 200, 4)
    corners = [
        torch.cat([b[..., :2] - b[..., 2:] / 2, b[..., :2] + b[..., 2:] / 2], -1) for b in (noise.boxes, noise.truths)
    ]
    share = (corners[0] - corners[1]).abs() / (noise.truths[..., 2:] / 2).repeat(1, 1, 2)
    assert share[noise.positive].max() <= NEAR + 1e-4
    assert share[noise.negative].min() >= NEAR - 1e-4
    assert share[noise.negative].max() <= FAR + 1e-4
    assert noise.positive.sum(1).tolist() == noise.negative.sum(1).tolist() == [100, 50]  # one of two truths is padding
    assert set(noise.labels[0][noise.positive[0]].tolist()) == {0, 2}
    assert 0.05 < (noise.asked != noise.labels)[noise.positive].float().mean() < 0.3


@pytest.mark.parametrize("queries", [0, 50])
def test_without_truths_there_is_no_noise(queries):
    empty = [Targets(torch.zeros(0, dtype=torch.long), torch.zeros(0, 4))] * 2
    assert noised(empty, 3, queries) is None
    assert noised(TARGETS, 3, 0) is None


def test_nobody_sees_another_groups_truths():
    noise = Extra(torch.zeros(1, 3, 4), part=torch.tensor([0, 0, 1]), sees_own=True)
    seen = (attention_mask(2, [noise]) == 0).int().tolist()
    assert seen == [[1, 1, 0, 0, 0], [1, 1, 0, 0, 0], [1, 1, 1, 1, 0], [1, 1, 1, 1, 0], [1, 1, 0, 0, 1]]


def test_queries_of_distillation_see_only_each_other_and_no_padding():
    noise = Extra(torch.zeros(2, 1, 4), part=torch.tensor([0]), sees_own=True)
    probes = Extra(torch.zeros(2, 2, 4), valid=torch.tensor([[True, True], [True, False]]))
    first, second = (attention_mask(1, [noise, probes])[:, 0] == 0).int().tolist()
    assert first == [[1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]]
    assert second == [[1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 1, 1]]


def test_the_learned_queries_answer_the_same_beside_noise():
    run = prepare(TrainRecipe(width=128, height=96, batch=2, precision="fp32", threads=1), None)
    batch, model = run.batches[0], run.trainee.model.eval()
    plain = observe(model, batch, "fp32", 0, NOTHING).terms
    torch.manual_seed(1)
    noisy = observe(model, batch, "fp32", 40, NOTHING).terms
    assert noisy.keys() - plain.keys() == {"denoising_0", "denoising_1", "denoising_2"}
    assert all(noisy[name].item() == pytest.approx(plain[name].item(), rel=1e-4) for name in plain)


def test_the_decoder_is_left_as_it_was():
    model = nano.build_model(0)
    noise = noised(TARGETS, 4, 20)
    with pytest.raises(KeyError), beside(model, [noise.queries], torch.ones(4, 9)):
        raise KeyError
    assert not model.model.decoder._forward_pre_hooks


def test_a_perfect_answer_costs_nothing_and_padding_never_does():
    torch.manual_seed(0)
    noise, token_map = noised(TARGETS, 3, 8), torch.eye(3)
    sure = 40 * (token_map[noise.labels] * noise.positive[..., None]) - 20
    assert denoising_loss(sure, noise.truths, noise, token_map).item() == pytest.approx(0, abs=1e-5)
    padding = ~(noise.positive | noise.negative)
    assert padding.any()
    wrong = sure.clone()
    wrong[padding] = 20.0
    assert denoising_loss(wrong, noise.truths, noise, token_map).item() == pytest.approx(0, abs=1e-5)
