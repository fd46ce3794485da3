"""The loss of YOLOX: golden numbers of distillation.md 8.1, trust of 2.4, and the properties of both."""

import math
from dataclasses import replace

import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, one_hot

from ml.models.yolox.anchors import anchors_of, iou
from ml.models.yolox.assignment import assign
from ml.models.yolox.criterion import box_loss, detection_loss
from ml.train.labels import Labels, Trust, whole_trust
from tests.ml.models.yolox.made import encoded

ANCHORS = anchors_of(128, 96, torch.device("cpu"))
A, K = len(ANCHORS.cells), 3
BOXES = torch.tensor([[20.0, 20, 18, 14], [90, 50, 40, 60], [60, 60, 9, 9]]) / torch.tensor([128.0, 96, 128, 96])


def labels(boxes=BOXES, rows=(0, 1, 2)):
    count = len(boxes)
    return Labels(torch.tensor(rows[:count]).long(), boxes, torch.zeros(count), torch.ones(count), torch.ones(count))


NOTHING = labels(BOXES[:0])


def raw(pictures=1, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return (torch.randn(pictures, A, 5 + K, generator=generator) * 0.5).requires_grad_()


def total(terms):
    return torch.stack(list(terms.values())).sum()


def test_a_half_overlap_costs_three_quarters():
    assert box_loss(torch.tensor(0.5)).item() == 0.75


def test_the_terms_are_those_of_the_definition():
    logits, [truth] = raw(), [labels()]
    terms = detection_loss(logits, ANCHORS, [truth])
    rows, probs, boxes = logits[0], logits[0].detach().sigmoid(), ANCHORS.decoded(logits[0, :, :4])
    truths = truth.boxes * torch.tensor([128.0, 96, 128, 96])
    found = assign(boxes, probs[:, 5:], probs[:, 4], truths, truth.labels, ANCHORS)
    count = len(found.anchors)
    overlap = iou(boxes[found.anchors], truths[found.truths])
    objects = torch.zeros(A).index_fill(0, found.anchors, 1.0)
    classes = one_hot(truth.labels[found.truths], K) * overlap.detach()[:, None]
    expected = {
        "box": 5 * (1 - overlap**2).sum(),
        "objectness": binary_cross_entropy_with_logits(rows[:, 4], objects, reduction="sum"),
        "class": binary_cross_entropy_with_logits(rows[found.anchors, 5:], classes, reduction="sum"),
    }
    assert count >= 3
    assert {name: term.item() for name, term in terms.items()} == pytest.approx(
        {name: term.item() / count for name, term in expected.items()}, rel=1e-5
    )


def test_without_truth_only_background_is_learnt_and_all_is_finite():
    logits = torch.zeros(1, A, 5 + K, requires_grad=True)
    terms = detection_loss(logits, ANCHORS, [NOTHING])
    total(terms).backward()
    assert terms["objectness"].item() == pytest.approx(A * math.log(2), rel=1e-5)
    assert [terms[name].item() for name in ("box", "class")] == [0.0, 0.0]
    assert torch.isfinite(logits.grad).all()


@pytest.mark.parametrize(
    "boxes",
    [
        BOXES[[0, 0, 0]],
        torch.tensor([[0.4, 0.5, 1 / 128, 1 / 96]]),
        torch.zeros(1, 4),
        torch.tensor([[0.5, 0.5, 2, 2]]),
    ],
    ids=["duplicates", "one pixel", "nothing at all", "beyond the picture"],
)
def test_odd_truths_give_a_finite_loss_and_gradient(boxes):
    logits = raw()
    loss = total(detection_loss(logits, ANCHORS, [labels(boxes)]))
    loss.backward()
    assert torch.isfinite(loss)
    assert torch.isfinite(logits.grad).all()


def test_logits_in_half_precision_give_nearly_the_same_loss():
    full, half = (total(detection_loss(raw().to(kind), ANCHORS, [labels()])) for kind in (torch.float, torch.bfloat16))
    assert half.dtype == torch.float32
    assert half.item() == pytest.approx(full.item(), rel=0.02)


def test_the_value_does_not_depend_on_a_batch_that_is_doubled():
    one, other = labels(), labels(BOXES[:1], (2,))
    logits = raw(2)
    once = detection_loss(logits, ANCHORS, [one, other])
    twice = detection_loss(logits.repeat(2, 1, 1), ANCHORS, [one, other] * 2)
    assert {name: term.item() for name, term in twice.items()} == pytest.approx(
        {name: term.item() for name, term in once.items()}, rel=1e-5
    )


def test_the_order_of_truths_does_not_matter():
    order = torch.tensor([2, 0, 1])
    terms = [total(detection_loss(raw(), ANCHORS, [each])).item() for each in (labels(), labels().kept(order))]
    assert terms[0] == pytest.approx(terms[1], rel=1e-6)


def trust(**changes):
    """Written out: all three kept, wholly."""
    whole = Trust(torch.arange(3), torch.ones(3), torch.ones(3), torch.eye(3), torch.ones(3), torch.zeros(0, 4))
    return replace(whole, **changes)


def test_whole_trust_is_the_plain_loss_exactly():
    plain = detection_loss(raw(), ANCHORS, [labels()])
    for believed in (trust(), whole_trust([labels()], K)[0]):
        weighted = detection_loss(raw(), ANCHORS, [labels()], [believed])
        assert all(torch.equal(plain[name], weighted[name]) for name in plain)


def test_one_weight_for_all_changes_background_alone():
    """It cancels in the foreground; half of it makes background, over the same sum of weights, twice as heavy."""
    half = trust(weight=torch.full((3,), 0.5), box_weight=torch.full((3,), 0.5))
    plain, weighted = (detection_loss(raw(), ANCHORS, [labels()], each) for each in (None, [half]))
    for name in ("box", "class"):
        assert weighted[name].item() == pytest.approx(plain[name].item(), rel=1e-5)
    assert weighted["objectness"] > 1.5 * plain["objectness"]


def test_a_label_without_weight_is_only_no_background():
    """Of 2.6, weights .810040 and .251651: every term is the weighted sum of the labels' own."""
    kept = [
        replace(trust(), weight=w, box_weight=w) for w in torch.tensor([[0.810040, 0.251651, 1.0], [1.0, 0.0, 1.0]])
    ]
    logits = raw()
    for believed in kept:
        logits.grad = None
        terms = detection_loss(logits, ANCHORS, [labels()], [believed])
        count = 0.0
        parts = {"box": 0.0, "class": 0.0}
        for place, weight in enumerate(believed.weight.tolist()):
            alone = trust(weight=torch.eye(3)[place], box_weight=torch.eye(3)[place])
            single = detection_loss(logits, ANCHORS, [labels()], [alone])
            anchors = _count(logits, place)
            count += weight * anchors
            parts = {name: part + weight * single[name].item() * anchors for name, part in parts.items()}
        assert {name: terms[name].item() for name in parts} == pytest.approx(
            {name: part / count for name, part in parts.items()}, rel=1e-5
        )


def _count(logits, place):
    probs, boxes = logits[0].detach().sigmoid(), ANCHORS.decoded(logits[0, :, :4].detach())
    truths = BOXES * torch.tensor([128.0, 96, 128, 96])
    return int((assign(boxes, probs[:, 5:], probs[:, 4], truths, torch.arange(3), ANCHORS).truths == place).sum())


def test_soft_targets_stand_where_the_hard_ones_did():
    """The class that the label names may be unlikely; only the target says what is learnt."""
    soft = torch.tensor([[0.55, 0.35, 0.1]] * 3)
    believed = trust(wanted=soft, objectness=torch.full((3,), 0.55))
    logits = raw()
    total(detection_loss(logits, ANCHORS, [labels()], [believed])).backward()
    probs, boxes = logits[0].detach().sigmoid(), ANCHORS.decoded(logits[0, :, :4].detach())
    truths = BOXES * torch.tensor([128.0, 96, 128, 96])
    found = assign(boxes, probs[:, 5:], probs[:, 4], truths, torch.arange(3), ANCHORS)
    at, count = found.anchors, len(found.anchors)
    wanted = soft[0] * found.overlap[:, None]
    assert torch.allclose(logits.grad[0, at, 5:], (probs[at, 5:] - wanted) / count, atol=1e-6)
    assert torch.allclose(logits.grad[0, at, 4], (probs[at, 4] - 0.55) / count, atol=1e-6)


def on(region, logits):
    """Anchors whose box is on a region."""
    boxes = ANCHORS.decoded(logits[0, :, :4].detach())
    return iou(boxes, region * torch.tensor([128.0, 96, 128, 96])) > 0.5


def test_an_ignored_region_is_neither_object_nor_background():
    logits = raw()
    region = BOXES[1]
    with torch.no_grad():  # anchors all over the picture see the region's box
        places = torch.arange(0, A, 7)
        target = (region * torch.tensor([128.0, 96, 128, 96])).expand(len(places), 4)
        logits[0, places, :4] = encoded(ANCHORS, target, places)
    believed = trust(
        kept=torch.tensor([0, 2]),
        weight=torch.ones(2),
        box_weight=torch.ones(2),
        wanted=torch.eye(3)[[0, 2]],
        objectness=torch.ones(2),
        ignored=region[None],
    )
    silent = on(region, logits)
    assert int(silent.sum()) >= len(places) - 2
    total(detection_loss(logits, ANCHORS, [labels()], [believed])).backward()
    assert not logits.grad[0, silent].any()
    logits.grad = None
    total(detection_loss(logits, ANCHORS, [labels()], [replace(believed, ignored=torch.zeros(0, 4))])).backward()
    assert logits.grad[0, silent, 4].all()


def test_an_anchor_on_an_ignored_region_still_learns_the_label_that_it_took():
    plain, both = raw(), raw()
    total(detection_loss(plain, ANCHORS, [labels()])).backward()
    total(detection_loss(both, ANCHORS, [labels()], [trust(ignored=BOXES)])).backward()
    taken = plain.grad[0, :, 5:].any(1)
    assert taken.sum() >= 3
    assert torch.equal(plain.grad[0, taken], both.grad[0, taken])


def test_a_batch_of_nothing_but_risk_is_finite():
    empty = {name: getattr(trust(), name)[:0] for name in ("kept", "weight", "box_weight", "wanted", "objectness")}
    logits = raw(2)
    loss = total(detection_loss(logits, ANCHORS, [labels()] * 2, [trust(**empty, ignored=BOXES)] * 2))
    loss.backward()
    assert torch.isfinite(loss)
    assert logits.grad.any()
