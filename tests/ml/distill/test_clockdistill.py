"""CLoCKDistill: the golden numbers of distillation.md 5.3, and where its queries and masks come from."""

from dataclasses import replace

import pytest
import torch

from ml.distill.method import MEMORY, QUERIES, SHARED, TARGETS, Shape
from ml.distill.methods.clockdistill import memory_loss
from tests.ml.distill import made

PUBLISHED = {"object_weight": 5e-5, "context_weight": 1e-7}
ANSWERS, MEMORIES = ("class", "l1", "giou"), ("memory_objects", "memory_context")


def values(step, **options):
    return {name: value.detach() for name, value in made.method("clockdistill", **options)(step).items()}


def near(step, **options):
    return {name: pytest.approx(value.tolist(), rel=1e-5) for name, value in values(step, **options).items()}


def with_risk(step, risks):
    risky = [replace(each, risk=torch.tensor(risk)) for each, risk in zip(step.labels, risks, strict=True)]
    return replace(step, labels=risky)


def test_the_memory_inside_a_box_and_outside():
    teacher, student = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]]), torch.tensor([[[[0.0, 2.0], [1.0, 4.0]]]])
    mask = torch.tensor([[[0.5, 0.5], [0.0, 0.0]]])
    objects, context = memory_loss(student, teacher, mask, mask.flip(1), torch.ones(1, 2, 2))
    assert [objects.item(), context.item()] == [0.5, 2.0]
    step = made.step(counts=(1,))
    top_row = replace(step.labels[0], boxes=torch.tensor([[0.5, 0.25, 1.0, 0.5]]))
    student, teacher = (
        replace(view, memory=(part,)) for view, part in ((step.student, student), (step.teacher, teacher))
    )
    shape = replace(made.SHAPE, width=made.WIDTH)
    found = made.method("clockdistill", shape, **PUBLISHED)(
        replace(step, student=student, teacher=teacher, labels=[top_row])
    )
    total = found["memory_objects"].item() + found["memory_context"].item()
    assert total == pytest.approx(2.52e-5, rel=1e-6)


def test_it_asks_about_the_labels_and_about_proposals_only_if_told():
    assert made.method("clockdistill").groups(0.0) == {TARGETS}
    assert made.method("clockdistill", proposals=True).groups(0.0) == {TARGETS, SHARED}
    assert made.method("clockdistill").looks(0.0) == {QUERIES, MEMORY}


@pytest.mark.parametrize("proposals", [False, True])
def test_class_and_box_heads_learn_each_from_its_own_term_at_every_layer(proposals):
    step = made.step()
    rows = step.student.rows[TARGETS]
    terms = made.method("clockdistill", proposals=proposals)(step)
    for name, part, other in (
        ("class", rows.logits, rows.boxes),
        ("l1", rows.boxes, rows.logits),
        ("giou", rows.boxes, rows.logits),
    ):
        mine, not_mine = torch.autograd.grad(terms[name].sum(), [part, other], retain_graph=True, allow_unused=True)
        assert all(layer.any() for layer in mine), name
        assert not_mine is None, name


def test_memory_learns_inside_labels_and_outside():
    step = made.step()
    terms = made.method("clockdistill")(step)
    for name in MEMORIES:
        gradients = torch.autograd.grad(terms[name].sum(), step.student.memory, retain_graph=True)
        assert all(part.any() for part in gradients), name


def test_nothing_to_learn_where_both_agree():
    assert {name: value.tolist() for name, value in values(made.step(equal=True)).items()} == dict.fromkeys(
        (*ANSWERS, *MEMORIES), pytest.approx([0, 0], abs=1e-6)
    )


def test_a_risky_label_makes_no_query_and_no_foreground():
    step = made.step(counts=(3, 1))
    risky = values(with_risk(step, ([0.1, 0.7, 0.1], [0.1])))
    assert {name: value[1].item() for name, value in risky.items()} == {
        name: value[1].item() for name, value in values(step).items()
    }
    valid = step.student.rows[TARGETS].valid.clone()
    valid[0, 1] = False
    rows = replace(step.student.rows[TARGETS], valid=valid)
    without = replace(step, student=replace(step.student, rows={**step.student.rows, TARGETS: rows}))
    for name in ANSWERS:
        assert risky[name].tolist() == values(without)[name].tolist() != values(step)[name].tolist()
    kept = replace(step, labels=[step.labels[0].kept(torch.tensor([0, 2])), step.labels[1]])
    for name in MEMORIES:
        assert risky[name].tolist() == values(kept)[name].tolist()
    assert near(with_risk(step, ([0.1, 0.7, 0.1], [0.1])), risk_limit=0.8) == {
        name: value.tolist() for name, value in values(step).items()
    }


def test_the_order_of_labels_does_not_matter():
    step = made.step()
    order = torch.tensor([2, 0, 1, 3, 4, 5])
    moved = {}
    for side in ("student", "teacher"):
        view = getattr(step, side)
        rows = view.rows[TARGETS]
        parts = {name: getattr(rows, name).clone() for name in ("logits", "tokens", "boxes", "states")}
        for part in parts.values():
            part[:, 0] = part[:, 0, order]
        moved[side] = replace(view, rows={**view.rows, TARGETS: replace(rows, **parts)})
    labels = [step.labels[0].kept(order[:3]), step.labels[1]]
    assert near(replace(step, labels=labels, **moved)) == {k: v.tolist() for k, v in values(step).items()}


def test_without_labels_only_the_context_of_memory_is_left():
    step = made.step(counts=(0, 0))
    views = [
        replace(view, rows={group: rows for group, rows in view.rows.items() if group != TARGETS})
        for view in (step.student, step.teacher)
    ]
    step = replace(step, student=views[0], teacher=views[1])
    terms = made.method("clockdistill")(step)
    torch.stack(list(terms.values())).sum().backward()
    assert [name for name, value in terms.items() if value.any()] == ["memory_context"]
    assert (terms["memory_context"] > 0).all()
    assert all(torch.isfinite(part.grad).all() for part in made.leaves(step.student).values() if part.grad is not None)


def test_padding_of_the_picture_and_of_the_queries_says_nothing():
    step = made.step()
    valid = tuple(torch.ones(2, *part.shape[2:], dtype=torch.bool) for part in step.student.memory)
    for part in valid:
        part[:, :, -2:] = False
    step = replace(step, valid=valid)
    memory = tuple(
        torch.where(mask[:, None], part, 50.0) for part, mask in zip(step.student.memory, valid, strict=True)
    )
    rows = step.student.rows[TARGETS]
    four = torch.arange(made.ROWS).expand(2, -1) < 4
    tame, wild = (
        replace(rows, valid=four, boxes=torch.where(four[..., None], rows.boxes, value)) for value in (0.5, 7.0)
    )
    found, moved = (
        replace(step, student=replace(step.student, memory=part, rows={**step.student.rows, TARGETS: each}))
        for part, each in ((step.student.memory, tame), (memory, wild))
    )
    assert {k: v.tolist() for k, v in values(moved).items()} == {k: v.tolist() for k, v in values(found).items()}


def test_trust_weakens_every_term():
    step = made.step()
    half = replace(step, label_trust=[torch.full((3,), 0.5), torch.full((1,), 0.5)], image_trust=torch.full((2,), 0.5))
    assert near(half) == {name: (value / 2).tolist() for name, value in values(step).items()}


def test_a_wider_teacher_is_met_through_a_convolution_that_learns():
    step = made.step()
    teacher = replace(step.teacher, memory=tuple(part.repeat(1, 2, 1, 1) for part in step.teacher.memory))
    method = made.method("clockdistill", Shape("grounding-dino", made.NECK, 2 * made.WIDTH, made.LAYERS))
    method(replace(step, teacher=teacher))["memory_objects"].sum().backward()
    assert method.adapter.weight.grad.any()
    assert not list(made.method("clockdistill").parameters())
