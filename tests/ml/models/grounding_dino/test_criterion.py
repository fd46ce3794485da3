"""Golden numbers of distillation.md 8.2, computed from the formulas there."""

import pytest
import torch

from ml.models.grounding_dino.boxes import Targets, generalised_iou
from ml.models.grounding_dino.criterion import class_cost, focal_loss, layer_loss, match


@pytest.mark.parametrize(("prob", "expected"), [(0.9, -1.398557), (0.1, 0.465483)])
def test_class_cost(prob, expected):
    assert class_cost(torch.tensor(prob)).item() == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("logit", "wanted", "expected"), [(0.0, 1.0, 0.043322), (0.0, 0.0, 0.129965), (2.0, 1.0, 0.000451)]
)
def test_focal_loss(logit, wanted, expected):
    assert focal_loss(torch.tensor(logit), torch.tensor(wanted)).item() == pytest.approx(expected, abs=1e-6)


def test_generalised_iou():
    a, b = torch.tensor([0.0, 0.0, 2.0, 2.0]), torch.tensor([1.0, 1.0, 3.0, 3.0])
    assert generalised_iou(a, b).item() == pytest.approx(-0.079365, abs=1e-6)
    assert generalised_iou(a, a).item() == pytest.approx(1.0)


def test_each_truth_takes_its_own_queries():
    boxes = torch.tensor([[0.2, 0.2, 0.1, 0.1], [0.7, 0.7, 0.2, 0.2], [0.5, 0.5, 0.1, 0.1]])
    logits = torch.tensor([[3.0, -3.0], [-3.0, 3.0], [-3.0, -3.0]])
    queries, truths = match(logits, boxes, torch.eye(2), boxes[:2])
    assert dict(zip(queries.tolist(), truths.tolist(), strict=True)) == {0: 0, 1: 1}


def test_repeats_give_each_truth_several_queries():
    boxes = torch.rand(20, 4, generator=torch.Generator().manual_seed(0)) * 0.3 + 0.2
    queries, truths = match(torch.zeros(20, 2), boxes, torch.eye(2), boxes[:2], repeats=4)
    assert len(set(queries.tolist())) == 8
    assert sorted(truths.tolist()) == [0] * 4 + [1] * 4


def test_without_truth_only_background_is_learnt_and_all_is_finite():
    logits, boxes = torch.zeros(1, 5, 3, requires_grad=True), torch.full((1, 5, 4), 0.5, requires_grad=True)
    nothing = Targets(torch.zeros(0, dtype=torch.long), torch.zeros(0, 4))
    loss = layer_loss(logits, boxes, [nothing], torch.eye(3))
    loss.backward()
    assert loss.item() == pytest.approx(15 * 0.129965, abs=1e-4)
    assert torch.isfinite(logits.grad).all()


def test_the_value_does_not_depend_on_a_batch_that_is_doubled():
    generator = torch.Generator().manual_seed(1)
    logits, boxes = torch.randn(1, 6, 3, generator=generator), torch.rand(1, 6, 4, generator=generator) * 0.4 + 0.2
    target = Targets(torch.tensor([0, 2]), torch.tensor([[0.3, 0.3, 0.2, 0.2], [0.6, 0.6, 0.1, 0.3]]))
    once = layer_loss(logits, boxes, [target], torch.eye(3))
    twice = layer_loss(logits.repeat(2, 1, 1), boxes.repeat(2, 1, 1), [target, target], torch.eye(3))
    assert once.item() == pytest.approx(twice.item(), rel=1e-5)
