"""SimOTA: golden numbers of distillation.md 8.1, computed from the formulas there, and its odd cases."""

import pytest
import torch

from ml.models.yolox.anchors import Anchors, anchors_of
from ml.models.yolox.assignment import ELSEWHERE, RADIUS, assign, budget, cost

ANCHORS = anchors_of(128, 96, torch.device("cpu"))
A = len(ANCHORS.cells)
NEAR = torch.ones(1, 1, dtype=torch.bool)


def draw(seed, classes=3):
    """Predictions about a stride wide, and probabilities."""
    generator = torch.Generator().manual_seed(seed)
    boxes = ANCHORS.decoded(torch.randn(A, 4, generator=generator) * 0.5)
    return boxes, torch.rand(A, classes, generator=generator), torch.rand(A, generator=generator)


def one_cost(*, overlap=0.6, probs=(0.8,), objectness=0.7, near=NEAR):
    return cost(
        torch.tensor([[overlap]]), torch.tensor([probs]), torch.tensor([objectness]), torch.tensor([0]), near
    ).item()


def test_the_cost_of_one_class():
    assert one_cost() == pytest.approx(1.822386, abs=1e-6)


def test_other_classes_and_a_far_centre_cost_more():
    other = -torch.tensor(1 - (0.5 * 0.7) ** 0.5).log().item()
    assert one_cost(probs=(0.8, 0.5)) == pytest.approx(1.822386 + other, abs=1e-6)
    assert one_cost(near=~NEAR) == pytest.approx(ELSEWHERE, rel=1e-5)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_the_cost_is_finite_at_the_ends(value):
    assert torch.isfinite(torch.tensor(one_cost(overlap=value, probs=(value,), objectness=value)))


@pytest.mark.parametrize(("overlaps", "count"), [((0.9, 0.8, 0.3), 2), ((0.1, 0.1), 1), ((0.0,), 1), ((1.0,) * 20, 10)])
def test_a_truth_takes_as_many_anchors_as_its_ten_best_overlaps_sum_to(overlaps, count):
    assert budget(torch.tensor([overlaps])).tolist() == [count]


TOY = Anchors(
    torch.cartesian_prod(torch.arange(8.0), torch.arange(8.0)).flip(1), torch.full((64, 1), 8.0), torch.full((2,), 64.0)
)


@pytest.mark.parametrize(
    ("truths", "anchors", "taken_by", "overlaps"),
    [
        (
            [(21.0, 19, 17, 15), (45.0, 42, 25, 22)],
            [18, 19, 45, 46],
            [0, 0, 1, 1],
            [0.78515, 0.36906, 0.46545, 0.36610],
        ),
        ([(21.0, 19, 17, 15), (27.0, 22, 20, 18)], [18, 19, 27], [0, 1, 1], [0.78515, 0.6383, 0.4]),
    ],
    ids=["apart", "anchor 19 is contested"],
)
def test_the_toys_of_the_edge_document(truths, anchors, taken_by, overlaps):
    """edge.md 7: one level of 8 x 8 cells; every anchor says a 16 x 16 box on its own centre, all probabilities are a half."""
    boxes = torch.cat([TOY.centres, torch.full((64, 2), 16.0)], 1)
    halves = torch.full((64, 2), 0.5), torch.full((64,), 0.5)
    found = assign(boxes, *halves, torch.tensor(truths), torch.tensor([0, 1]), TOY)
    assert found.anchors.tolist() == anchors
    assert found.truths.tolist() == taken_by
    assert found.overlap.tolist() == pytest.approx(overlaps, abs=1e-5)


def naive(boxes, classes, objectness, truths, labels):
    """8.1 word by word, with loops: {anchor: truth}."""
    near = (ANCHORS.centres[None] - truths[:, None, :2]).abs().amax(-1) < RADIUS * ANCHORS.strides[:, 0]
    candidates = [a for a in range(A) if near[:, a].any()]
    costs, overlaps, claims = {}, {}, {a: [] for a in candidates}
    for n, truth in enumerate(truths):
        for a in candidates:
            lows, highs = (torch.stack([b[:2] + sign * b[2:] / 2 for b in (boxes[a], truth)]) for sign in (-1, 1))
            inner = (highs.amin(0) - lows.amax(0)).clamp(min=0).prod()
            overlaps[n, a] = (inner / (boxes[a, 2:].prod() + truth[2:].prod() - inner)).item()
            wanted = torch.nn.functional.one_hot(labels[n], classes.shape[1]).float()
            entropy = torch.nn.functional.binary_cross_entropy(
                (classes[a] * objectness[a]).sqrt(), wanted, reduction="sum"
            )
            away = 0.0 if near[n, a] else 1e6
            costs[n, a] = entropy.item() - 3 * torch.tensor(overlaps[n, a] + 1e-8).log().item() + away
        count = max(1, int(sum(sorted((overlaps[n, a] for a in candidates), reverse=True)[:10])))
        for a in sorted(candidates, key=lambda a: costs[n, a])[:count]:
            claims[a].append(n)
    return {
        a: who[0] if len(who) == 1 else min(range(len(truths)), key=lambda n: costs[n, a])
        for a, who in claims.items()
        if who
    }


@pytest.mark.parametrize("seed", range(5))
def test_it_is_what_the_definition_says(seed):
    boxes, classes, objectness = draw(seed)
    truths = torch.tensor([[20.0, 20, 18, 14], [26, 22, 16, 16], [90, 50, 40, 60], [60, 60, 9, 9], [88, 54, 36, 50]])
    boxes[::3] = truths[torch.arange(len(boxes[::3])) % 5] + torch.rand(len(boxes[::3]), 4)  # some that overlap well
    labels = torch.tensor([0, 1, 2, 0, 1])
    found = assign(boxes, classes, objectness, truths, labels, ANCHORS)
    expected = naive(boxes, classes, objectness, truths, labels)
    assert dict(zip(found.anchors.tolist(), found.truths.tolist(), strict=True)) == expected
    assert len(set(found.anchors.tolist())) == len(found.anchors) > 5


def test_a_picture_without_truths_has_no_foreground():
    found = assign(*draw(0), torch.zeros(0, 4), torch.zeros(0, dtype=torch.long), ANCHORS)
    assert [len(part) for part in (found.anchors, found.truths, found.overlap)] == [0, 0, 0]


def test_a_box_of_one_pixel_finds_an_anchor_and_one_centred_outside_none():
    tiny, outside = torch.tensor([[50.0, 50.0, 1.0, 1.0]]), torch.tensor([[-60.0, 50.0, 140.0, 20.0]])
    assert assign(*draw(0), tiny, torch.tensor([0]), ANCHORS).truths.tolist() == [0]
    assert len(assign(*draw(0), outside, torch.tensor([1]), ANCHORS).anchors) == 0


def test_duplicate_truths_share_no_anchor():
    truths = torch.tensor([[50.0, 50.0, 30.0, 30.0]] * 2)
    found = assign(*draw(0), truths, torch.tensor([1, 1]), ANCHORS)
    assert len(found.anchors) == len(set(found.anchors.tolist())) > 0
    assert torch.isfinite(found.overlap).all()


def test_nothing_here_has_a_gradient():
    boxes, classes, objectness = (part.requires_grad_() for part in draw(0))
    found = assign(boxes, classes, objectness, torch.tensor([[50.0, 50.0, 30.0, 30.0]]), torch.tensor([1]), ANCHORS)
    assert not found.overlap.requires_grad
