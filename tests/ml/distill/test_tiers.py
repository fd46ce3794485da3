"""RPLD: the golden numbers of distillation.md 2.6, and what trust in a label means for the detector's loss."""

from dataclasses import replace

import pytest
import torch

from ml.distill.tiers import Tiers, tiered
from ml.models.grounding_dino.boxes import Targets
from ml.models.grounding_dino.criterion import layer_loss, quality_focal_loss
from ml.train.labels import Labels, whole_trust

NAMES = ["car", "bicyclist"]
TOKEN_MAP = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]])
EASY_CAR, CLOSE_CYCLIST = 0.189960, 0.840842  # risks of 2.6
BOXES = torch.tensor([[0.25, 0.5, 0.2, 0.4], [0.7, 0.5, 0.2, 0.4]])
SOME = Tiers(kept_share=0.0)


def exactly(value):
    return pytest.approx(value, abs=5e-7)


def labels(risk, severity=(1.0, 2.5)):
    return Labels(torch.tensor([0, 1]), BOXES, torch.tensor(risk), torch.tensor(severity), torch.ones(2))


def trust(risk, tiers=SOME, highest=None, **more):
    return tiered([labels(risk, **more)], NAMES, tiers, highest or {})[0]


def loss(logits, boxes, believed, risk=(0.0, 0.0)):
    known = labels(risk)
    return layer_loss(logits, boxes, [Targets(known.labels, known.boxes)], TOKEN_MAP, trust=believed)


def queries(seed=0):
    """Four: one on each label, one on nothing, one on the second label again."""
    draw = torch.Generator().manual_seed(seed)
    boxes = torch.cat([BOXES, torch.tensor([[0.5, 0.1, 0.05, 0.05], [0.71, 0.5, 0.2, 0.4]])])
    return torch.randn(1, 4, 3, generator=draw).requires_grad_(), boxes[None].clone().requires_grad_()


def test_weights_are_doubt_by_focus():
    alone = {"car": trust((EASY_CAR, 1.0)), "both": trust((EASY_CAR, CLOSE_CYCLIST), Tiers(high=0.9, kept_share=0))}
    assert alone["car"].kept.tolist() == [0]
    assert alone["car"].weight.item() == exactly(1.0)  # the mean over what is kept stays 1
    both = alone["both"].weight
    assert (both[1] / both[0]).item() == pytest.approx(0.251651 / 0.810040, abs=5e-6)
    assert both.mean().item() == exactly(1.0)


def test_the_quality_form():
    assert quality_focal_loss(torch.tensor(0.0), torch.tensor(0.8)).item() == exactly(0.062383)
    each = quality_focal_loss(torch.tensor([1.0, 0.0]), torch.tensor([0.9, 0.55]))
    assert each.tolist() == exactly([0.011795, 0.001733])
    weights = torch.tensor([0.810040, 0.251651])
    assert ((weights * each).sum() / weights.sum()).item() == exactly(0.009410)


def test_tiers_are_hard_soft_and_ignored():
    found = trust((0.2, 0.21))
    assert found.wanted.tolist() == [[1.0, 0.0], [0.0, pytest.approx(0.79)]]
    assert found.certain.tolist() == [True, False]
    assert found.objectness.tolist() == [1.0, pytest.approx(0.79)]
    found = trust((0.59, 0.6))
    assert found.kept.tolist() == [0]
    assert torch.equal(found.ignored, BOXES[1:])


def test_the_less_risky_half_of_a_category_is_kept_whatever_its_risk():
    """A rare category is risky as a whole: a global threshold would delete it."""
    tiers = Tiers()
    highest = tiers.highest({"car": [0.1, 0.2, 0.7, 0.9], "bicyclist": [0.7, 0.8, 0.9, 0.95]})
    assert highest["car"] == 0.6
    assert 0.8 < highest["bicyclist"] < 0.9
    found = trust((0.1, 0.8), tiers, highest)
    assert found.kept.tolist() == [0, 1]
    weight = trust((0.0, 0.8), tiers, highest, severity=(1.0, 1.0)).weight
    assert (weight[1] / weight[0]).item() == pytest.approx(0.2)
    weight = trust((0.0, 0.95), tiers, {"bicyclist": 0.96}, severity=(1.0, 1.0)).weight
    assert (weight[1] / weight[0]).item() == pytest.approx(0.1)  # and with no less than a tenth


def test_with_labels_alike_and_certain_the_loss_is_the_plain_one():
    logits, boxes = queries()
    plain = loss(logits, boxes, None)
    assert loss(logits, boxes, whole_trust([labels((0.0, 0.0))], 2)).item() == exactly(plain.item())
    for risk in (0.0, 0.15):
        alike = tiered([labels((risk, risk), severity=(1.0, 1.0))], NAMES, SOME, {})
        assert loss(logits, boxes, alike).item() == exactly(plain.item())


def test_what_lies_on_a_risky_label_is_neither_object_nor_background():
    logits, boxes = queries()
    gradient = torch.autograd.grad(loss(logits, boxes, [trust((0.0, 0.9))]), (logits, boxes))
    assert not gradient[0][0, [1, 3]].any()  # both queries on the cyclist
    assert not gradient[1][0, [1, 3]].any()
    assert gradient[0][0, [0, 2]].all()
    plain = torch.autograd.grad(loss(logits, boxes, None), logits)[0]
    assert plain[0, 3].all()


def test_a_query_that_took_a_kept_label_is_heard_inside_an_ignored_region():
    logits, boxes = queries()
    found = trust((0.0, 0.9))
    over = replace(found, ignored=BOXES)
    gradient = torch.autograd.grad(loss(logits, boxes, [over]), logits)[0]
    assert gradient[0, 0].all()


def test_only_risky_labels_leave_a_finite_loss():
    logits, boxes = queries()
    found = loss(logits, boxes, tiered([labels((0.9, 0.9))], NAMES, SOME, {}))
    found.backward()
    assert torch.isfinite(found)
    assert torch.isfinite(logits.grad).all()
    assert logits.grad[0, 2].all()  # background is background still
    nothing = Labels(*(part[:0] for part in vars(labels((0.0, 0.0))).values()))
    assert torch.isfinite(loss(logits, boxes, tiered([nothing], NAMES, SOME, {})))


def test_an_audited_label_counts_wholly():
    """Risk 0: hard, and heavier than any doubtful one of its severity."""
    found = trust((0.0, 0.4), severity=(1.0, 1.0))
    assert found.certain.tolist() == [True, False]
    assert found.weight[0] > found.weight[1]
