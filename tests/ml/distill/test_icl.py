"""ICL: the student's embeddings among the teacher's, judged by the labels."""

from dataclasses import replace

import pytest
import torch

from ml.distill.contrast import classes_to_rows, rows_to_classes
from ml.distill.correspondence import taken
from ml.distill.method import OWN, Shape
from tests.ml.distill import made


def values(step, **options):
    return {name: value.detach() for name, value in made.method("icl", **options)(step).items()}


def test_both_terms_are_of_the_rows_that_took_the_labels():
    step, scale = made.step(), 5.0
    found = values(step, scale=scale)
    for picture, labels in enumerate(step.labels):
        ours, theirs = (taken(view.rows[OWN], step.labels)[picture] for view in (step.student, step.teacher))
        states = step.student.rows[OWN].states[-1, picture, ours]
        forth = rows_to_classes(states, step.teacher.classes[picture], labels.labels, scale).sum() / 2
        assert found["queries_to_text"][picture].item() == pytest.approx(forth.item())
        states = step.teacher.rows[OWN].states[-1, picture, theirs]
        back = classes_to_rows(step.student.classes[picture], states, labels.labels, scale).sum() / 2
        assert found["text_to_queries"][picture].item() == pytest.approx(back.item())


def test_rows_learn_in_one_term_and_text_in_the_other():
    method, step = made.method("icl"), made.step()
    terms = method(step)
    states, text = step.student.rows[OWN].states, step.student.text
    forth = torch.autograd.grad(terms["queries_to_text"].sum(), [states, text], allow_unused=True)
    back = torch.autograd.grad(terms["text_to_queries"].sum(), [states, text], allow_unused=True)
    assert forth[0].any()
    assert forth[1] is None
    assert back[0] is None
    assert back[1].any()


def test_the_order_of_labels_does_not_matter():
    step = made.step()
    order = torch.tensor([2, 0, 1])
    moved = replace(step, labels=[step.labels[0].kept(order), step.labels[1]])
    for name, value in values(step).items():
        assert values(moved)[name].tolist() == pytest.approx(value.tolist(), rel=1e-5)


def test_a_picture_without_labels_costs_nothing_and_one_does_not_depend_on_another():
    step = made.step()
    empty = replace(step, labels=[step.labels[0], made.labels((0,))[0]])
    for name, value in values(empty).items():
        assert value.tolist() == [values(step)[name][0].item(), 0]


def test_half_trust_is_half_the_loss():
    step = made.step()
    half = replace(step, label_trust=[torch.full((3,), 0.5), torch.ones(1)], image_trust=torch.ones(2))
    for name, value in values(step).items():
        assert values(half)[name].tolist() == pytest.approx([value[0].item() / 2, value[1].item()])


def test_a_wider_teacher_is_met_through_layers_that_learn():
    wide = made.view(2, gradient=False)
    rows = replace(wide.rows[OWN], states=wide.rows[OWN].states.repeat(1, 1, 1, 2))
    step = replace(made.step(), teacher=replace(wide, rows={OWN: rows}, classes=wide.classes.repeat(1, 1, 2)))
    method = made.method("icl", Shape("grounding-dino", made.NECK, 2 * made.WIDTH, made.LAYERS))
    torch.stack(list(method(step).values())).sum().backward()
    assert len(list(method.parameters())) == 4
    assert all(part.grad.any() for part in (method.states.weight, method.classes.weight))
    assert not list(made.method("icl").parameters())
