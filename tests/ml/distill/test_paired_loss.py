"""The loss of paired query rows: the golden number of distillation.md 5.3 (its second item), and what it does not depend on."""

from dataclasses import replace

import pytest
import torch

from ml.distill.layers import paired_layers
from ml.distill.method import OWN, Rows
from ml.distill.paired_loss import PairedKnobs, box_distances, foreground, paired_loss, sigmoid_divergence
from tests.ml.distill import made

PUBLISHED = PairedKnobs(class_form="softmax", class_sum=True)


def exactly(value):
    return pytest.approx(value, abs=5e-7)


def one_query(logits, box):
    boxes = torch.tensor(box).reshape(1, 1, 1, 4)
    flat = torch.tensor(logits).reshape(1, 1, 1, -1)
    return Rows(flat, flat, boxes, flat, boxes[0], torch.ones(1, 1, dtype=torch.bool))


STUDENT = one_query([1.0, 0.0], [0.52, 0.5, 0.2, 0.24])
TEACHER = one_query([2.0, -1.0], [0.5, 0.5, 0.2, 0.2])


def ones(rows):
    return torch.ones(rows.valid.shape)


def total(student, teacher, knobs=PairedKnobs(), trust=None):  # noqa: B008
    terms = paired_loss(student, teacher, knobs, ones(teacher) if trust is None else trust)
    return torch.stack(list(terms.values())).sum(0)


def test_one_query_in_the_published_form():
    terms = paired_loss(STUDENT, TEACHER, PUBLISHED, ones(TEACHER))
    assert foreground(TEACHER.logits).item() == exactly(0.880797)
    assert terms["class"].item() == exactly(0.880797 * 0.246495)
    assert terms["l1"].item() == exactly(5 * 0.015)
    assert terms["giou"].item() / 2 == exactly(0.322844)
    assert total(STUDENT, TEACHER, PUBLISHED).item() == exactly(0.937800)


def test_the_class_term_by_default_is_a_mean_of_yes_or_no():
    wanted = sigmoid_divergence(STUDENT.logits, TEACHER.logits, 10.0).mean()
    assert paired_loss(STUDENT, TEACHER, PairedKnobs(), ones(TEACHER))["class"].item() == pytest.approx(wanted.item())


def test_the_divergence_knows_how_sure_both_are_and_has_the_gradient_of_the_entropy():
    student, teacher = torch.tensor([3.0, 3.0], requires_grad=True), torch.tensor([-3.0, -3.0])
    value = sigmoid_divergence(student, teacher)
    assert value.tolist() == pytest.approx([2 * 3 * (torch.tensor(3.0).sigmoid().item() * 2 - 1) / 2] * 2, rel=1e-6)
    value.sum().backward()
    assert student.grad.tolist() == pytest.approx((student.sigmoid() - teacher.sigmoid()).tolist(), rel=1e-6)
    as_lists = PairedKnobs(class_form="softmax", l1_weight=0, giou_weight=0)
    equal_lists = (one_query([4.0, 4.0], [0.5, 0.5, 0.2, 0.2]), one_query([-4.0, -4.0], [0.5, 0.5, 0.2, 0.2]))
    assert total(*equal_lists, as_lists).item() == exactly(0)  # what a softmax does not see


@pytest.mark.parametrize("form", ["sigmoid", "softmax"])
def test_nothing_to_learn_where_both_agree(form):
    step = made.step(equal=True)
    assert total(step.student.rows[OWN], step.teacher.rows[OWN], PairedKnobs(class_form=form)).tolist() == exactly(
        [0, 0]
    )


def test_order_and_padding_of_rows_do_not_matter():
    step = made.step()
    student, teacher = step.student.rows[OWN], step.teacher.rows[OWN]
    order = torch.tensor([5, 0, 3, 1, 4, 2])
    moved = [
        Rows(
            *(part[:, :, order] for part in (rows.logits, rows.tokens, rows.boxes, rows.states)),
            references=rows.references[:, order],
            valid=rows.valid[:, order],
        )
        for rows in (student, teacher)
    ]
    assert total(*moved).tolist() == pytest.approx(total(student, teacher).tolist(), rel=1e-5)
    four = torch.arange(made.ROWS) < 4
    short = replace(teacher, valid=teacher.valid & four)
    wild = replace(short, boxes=torch.where(four[:, None], teacher.boxes, 9.0), logits=teacher.logits * four[:, None])
    assert total(student, wild).tolist() == total(student, short).tolist() != total(student, teacher).tolist()


def test_rows_count_by_the_teachers_confidence():
    teacher = replace(TEACHER, logits=TEACHER.logits.expand(1, 1, 2, 2).clone(), boxes=TEACHER.boxes.expand(1, 1, 2, 4))
    teacher.logits[0, 0, 1] = -20.0
    teacher = replace(teacher, valid=torch.ones(1, 2, dtype=torch.bool))
    student = replace(
        STUDENT,
        logits=STUDENT.logits.expand(1, 1, 2, 2),
        boxes=torch.tensor([[[[0.52, 0.5, 0.2, 0.24], [0.1, 0.1, 0.9, 0.9]]]]),
        valid=teacher.valid,
    )
    assert total(student, teacher).item() == pytest.approx(total(STUDENT, TEACHER).item(), rel=1e-4)


def test_half_trust_is_half_the_loss():
    step = made.step()
    student, teacher = step.student.rows[OWN], step.teacher.rows[OWN]
    trust = torch.stack([torch.full((made.ROWS,), 0.5), torch.ones(made.ROWS)])
    half, whole = total(student, teacher, trust=trust), total(student, teacher)
    assert half.tolist() == pytest.approx([whole[0].item() / 2, whole[1].item()])


def test_classes_and_boxes_have_their_own_gradients():
    step = made.step()
    rows = step.student.rows[OWN]
    terms = paired_loss(rows, step.teacher.rows[OWN], PairedKnobs(), ones(rows))
    for name, part, other in (
        ("class", rows.logits, rows.boxes),
        ("l1", rows.boxes, rows.logits),
        ("giou", rows.boxes, rows.logits),
    ):
        of_part, of_other = torch.autograd.grad(terms[name].sum(), [part, other], retain_graph=True, allow_unused=True)
        assert all(layer.any() for layer in of_part), name  # every layer learns
        assert of_other is None, name


def test_a_picture_without_any_row_is_finite():
    step = made.step()
    rows = replace(step.student.rows[OWN], valid=torch.zeros(2, made.ROWS, dtype=torch.bool))
    value = total(rows, step.teacher.rows[OWN])
    value.sum().backward()
    assert value.tolist() == [0, 0]
    assert torch.isfinite(rows.logits.grad).all()
    assert torch.isfinite(rows.boxes.grad).all()


def test_which_layer_of_the_teacher_a_layer_learns_from():
    assert paired_layers(6, 6) == [0, 1, 2, 3, 4, 5]
    assert paired_layers(3, 6) == [1, 3, 5]
    assert paired_layers(1, 6) == [5]
    teacher = made.step().teacher.rows[OWN]
    deep = replace(teacher, logits=teacher.logits.repeat_interleave(2, 0), boxes=teacher.boxes.repeat_interleave(2, 0))
    assert total(teacher, deep).tolist() == exactly([0, 0])
    last = PairedKnobs(teacher_layer="last")
    final = replace(
        teacher, logits=teacher.logits[-1:].expand(3, -1, -1, -1), boxes=teacher.boxes[-1:].expand(3, -1, -1, -1)
    )
    assert total(final, deep, last).tolist() == exactly([0, 0])
    assert (total(teacher, deep, last) > 0.1).all()


def test_boxes_are_as_far_apart_as_their_four_numbers():
    l1, giou = box_distances(torch.tensor([[0.5, 0.5, 0.2, 0.2]]), torch.tensor([[0.5, 0.4, 0.2, 0.4]]))
    assert l1.item() == pytest.approx(0.3)
    assert giou.item() == pytest.approx(0.5)  # one inside the other, half as large
