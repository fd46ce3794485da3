"""AFD: embeddings fused of student and teacher tell categories apart."""

from dataclasses import replace

import pytest
import torch

from ml.distill.contrast import classes_to_rows, rows_to_classes
from ml.distill.correspondence import by_labels
from ml.distill.method import OWN, Shape
from tests.ml.distill import made


def values(step, **options):
    return {name: value.detach() for name, value in made.method("afd", **options)(step).items()}


def test_pairs_of_one_label_are_fused_and_told_apart():
    step, method = made.step(), made.method("afd", scale=5.0)
    found = method(step)
    student, teacher = by_labels(step)
    labels = step.labels[0].labels
    rows = method.states(torch.cat([student.states[-1, 0], teacher.states[-1, 0]], 1))
    classes = method.classes(torch.cat([step.student.classes[0], step.teacher.classes[0]], 1))
    forth, back = rows_to_classes(rows, classes, labels, 5.0).sum(), classes_to_rows(classes, rows, labels, 5.0).sum()
    assert found["queries_to_text"][0].item() == pytest.approx(forth.item() / 2, rel=1e-5)
    assert found["text_to_queries"][0].item() == pytest.approx(back.item() / 2, rel=1e-5)


def test_student_and_fusing_layers_learn():
    step, method = made.step(), made.method("afd")
    torch.stack(list(method(step).values())).sum().backward()
    assert step.student.rows[OWN].states.grad[-1].any()
    assert step.student.text.grad.any()
    assert all(part.weight.grad.any() for part in (method.states, method.classes))


def test_the_order_of_labels_does_not_matter():
    step = made.step()
    moved = replace(step, labels=[step.labels[0].kept(torch.tensor([2, 0, 1])), step.labels[1]])
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


def test_both_widths_are_brought_to_the_students():
    method = made.method("afd", Shape("grounding-dino", made.NECK, 24, made.LAYERS))
    assert method.states.weight.shape == method.classes.weight.shape == (made.WIDTH, made.WIDTH + 24)
