"""KD-DETR: which queries it asks, and that it hears the teacher in each."""

from dataclasses import replace

import pytest
import torch

from ml.distill.method import POINTS, SHARED
from tests.ml.distill import made

CHOSEN = {"both": {SHARED, POINTS}, "specific": {SHARED}, "general": {POINTS}}


@pytest.mark.parametrize(("queries", "groups"), CHOSEN.items())
def test_it_asks_for_the_groups_that_it_learns_from_and_for_no_other(queries, groups):
    method, step = made.method("kd_detr", queries=queries), made.step()
    assert method.groups(0.0) == groups
    torch.stack(list(method(step).values())).sum().backward()
    for group, rows in step.student.rows.items():
        assert (rows.logits.grad is not None and rows.logits.grad.any()) == (group in groups)
        assert (rows.boxes.grad is not None and rows.boxes.grad.any()) == (group in groups)


def test_labels_are_not_needed_and_change_nothing():
    method, step = made.method("kd_detr"), made.step()
    without = replace(step, labels=made.labels((0, 0)))
    assert {k: v.tolist() for k, v in method(step).items()} == {k: v.tolist() for k, v in method(without).items()}


def test_a_label_that_is_believed_half_weakens_the_rows_that_begin_at_it():
    method, step = made.method("kd_detr", queries="specific"), made.step()
    at_label = step.teacher.rows[SHARED].references.clone()
    at_label[0, :] = step.labels[0].boxes[1]
    rows = replace(step.teacher.rows[SHARED], references=at_label)
    step = replace(step, teacher=replace(step.teacher, rows={**step.teacher.rows, SHARED: rows}))
    trust = replace(step, label_trust=[torch.tensor([1.0, 0.5, 1.0]), torch.ones(1)], image_trust=torch.ones(2))
    for name, value in method(trust).items():
        assert value.tolist() == pytest.approx([method(step)[name][0].item() / 2, method(step)[name][1].item()])


def test_what_it_weighs_is_shown():
    method = made.method("kd_detr")
    method(made.step())
    shown = method.watched["foreground weight"]
    assert shown.shape == (2 * 2 * made.ROWS,)
    assert ((shown > 0) & (shown < 1)).all()
