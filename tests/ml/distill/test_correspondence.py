"""Which rows of two decoders are one object."""

from dataclasses import replace

import torch

from ml.distill.correspondence import by_groups, by_labels, by_matching, matched, taken
from ml.distill.method import OWN, POINTS, SHARED, TARGETS, Labels, Rows
from tests.ml.distill import made


def shuffled(rows: Rows, order: torch.Tensor) -> Rows:
    layered = {name: getattr(rows, name)[:, :, order] for name in ("logits", "tokens", "boxes", "states")}
    return Rows(**layered, references=rows.references[:, order], valid=rows.valid[:, order])


def with_own(seen, rows):
    return replace(seen, rows={**seen.rows, OWN: rows})


def certain(rows: Rows) -> Rows:
    return replace(rows, logits=rows.logits + 5)


def test_groups_come_one_behind_the_other():
    step = made.step()
    student, teacher = by_groups(step, (SHARED, TARGETS))
    assert student.logits.shape[2] == teacher.boxes.shape[2] == student.valid.shape[1] == 2 * made.ROWS
    assert torch.equal(student.states[:, :, made.ROWS :], step.student.rows[TARGETS].states)
    assert torch.equal(teacher.references[:, : made.ROWS], step.teacher.rows[SHARED].references)


def test_a_group_that_was_not_asked_leaves_the_others_or_one_row_of_padding():
    step = made.step(counts=(0, 0))
    without = [replace(v, rows={g: r for g, r in v.rows.items() if g != TARGETS}) for v in (step.student, step.teacher)]
    step = replace(step, student=without[0], teacher=without[1])
    assert by_groups(step, (POINTS, TARGETS))[0].valid.shape[1] == made.ROWS
    for rows in by_groups(step, (TARGETS,)):
        assert rows.valid.shape == (2, 1)
        assert not rows.valid.any()


def test_equal_predictions_in_another_order_find_each_other():
    step = made.step(equal=True)
    order = torch.tensor([3, 0, 5, 1, 4, 2])
    teacher = shuffled(step.teacher.rows[OWN], order)
    for layer in range(made.LAYERS):
        ours, theirs = matched(step.student.rows[OWN], teacher, 1, torch.arange(made.ROWS), layer=layer, opposite=layer)
        assert ours.tolist() == order[theirs].tolist()


def test_matching_takes_teacher_rows_that_see_something():
    step = made.step(equal=True)
    teacher = certain(step.teacher.rows[OWN])
    logits = teacher.logits.clone()
    logits[-1, 0, 2] = -9.0
    step = replace(step, teacher=with_own(step.teacher, replace(teacher, logits=logits)))
    student, paired = by_matching(step)
    assert student.valid.sum(1).tolist() == [made.ROWS - 1, made.ROWS]
    assert torch.equal(student.valid, paired.valid)
    assert not (paired.logits[-1, 0][paired.valid[0]] == -9.0).all(1).any()


def test_rows_of_one_label_are_a_pair_whatever_their_order():
    step = made.step()
    order = torch.tensor([3, 0, 5, 1, 4, 2])
    moved = replace(step, teacher=with_own(step.teacher, shuffled(step.teacher.rows[OWN], order)))
    for (ours, theirs), (others, same) in zip([by_labels(step)], [by_labels(moved)], strict=True):
        assert torch.equal(ours.states, others.states)
        assert torch.equal(theirs.states[:, theirs.valid], same.states[:, same.valid])
        assert ours.valid.sum(1).tolist() == [3, 1]


def test_each_label_takes_the_row_that_is_it_and_none_where_rows_ran_out():
    labels = made.labels((3, 1))
    boxes = torch.rand(1, 2, 2, 4) * 0.05 + 0.9
    boxes[0, 0, 1], boxes[0, 0, 0] = labels[0].boxes[0], labels[0].boxes[2]
    valid = torch.tensor([[True, True], [False, False]])
    rows = Rows(torch.zeros(1, 2, 2, 4), torch.zeros(1, 2, 2, 7), boxes, torch.zeros(1, 2, 2, 8), boxes[0], valid)
    assert [each.tolist() for each in taken(rows, labels)] == [[1, -1, 0], [-1]]


def test_a_picture_without_labels_takes_nothing():
    nothing = Labels(torch.zeros(0).long(), torch.zeros(0, 4), *(torch.zeros(0) for _ in range(3)))
    assert taken(made.step().student.rows[OWN], [nothing, nothing])[0].shape == (0,)
