"""The golden numbers of CLD (distillation.md 1.5) and what its lists do not depend on."""

import pytest
import torch

from ml.distill.lists import divergence, listwise

TEACHER = torch.tensor([[[2.0, 0.0, 1.0], [0.0, 1.0, 0.0]]])
STUDENT = torch.tensor([[[1.0, 0.0, 0.0], [0.0, 2.0, 1.0]]])
VALID = torch.ones(1, 2, dtype=torch.bool)


def exactly(value):
    return pytest.approx(value, abs=5e-7)


def even(student=STUDENT, teacher=TEACHER, valid=VALID, **more):
    return listwise(student, teacher, valid, foreground=False, **more)


def test_both_directions():
    assert divergence(STUDENT, TEACHER, 1.0, -1)[0].tolist() == exactly([0.053808, 0.068103])
    assert divergence(STUDENT, TEACHER, 1.0, 1)[0].tolist() == exactly([0.067131, 0.082608, 0.462117])
    means = [divergence(STUDENT, TEACHER, 1.0, axis).mean().item() for axis in (-1, 1)]
    assert means == exactly([0.060956, 0.203952])
    assert even().item() == exactly(0.132454)


def test_a_masked_candidate_and_a_temperature():
    assert even(candidates=torch.tensor([True, True, False])).item() == exactly(0.074869)
    warm = [4 * divergence(STUDENT, TEACHER, 2.0, axis).mean().item() for axis in (-1, 1)]  # the document's have T^2 in
    assert warm == exactly([0.087745, 0.235679])
    assert even(temperature=2.0).item() == exactly(0.161712)


def test_foreground_weighs_by_the_teachers_surest_category():
    surest = TEACHER.sigmoid().amax(2)[0]
    assert surest.tolist() == exactly([0.880797, 0.731059])
    weights = torch.tensor([0.546449, 0.453551])
    assert (surest / surest.sum()).tolist() == exactly(weights.tolist())
    assert (weights * divergence(STUDENT, TEACHER, 1.0, -1)[0]).sum().item() == exactly(0.060292)
    assert listwise(STUDENT, TEACHER, VALID).item() == exactly(0.132122)


def test_its_gradient():
    student = STUDENT.clone().requires_grad_()
    even(student).sum().backward()
    wanted = [[-0.047237, 0.005521, -0.085216], [-0.005521, 0.047237, 0.085216]]
    assert student.grad[0].flatten().tolist() == exactly([value for row in wanted for value in row])


def test_the_gradient_of_the_lists_of_categories():
    student = STUDENT.clone().requires_grad_()
    (divergence(student, TEACHER, 1.0, -1).mean() / 2).backward()
    assert student.grad[0, 0].tolist() == pytest.approx([-0.0223, 0.0305, -0.0082], abs=5e-5)


def test_an_equal_student_costs_nothing():
    assert listwise(TEACHER, TEACHER, VALID).item() == exactly(0)


def test_padding_is_in_no_list_and_order_does_not_matter():
    padding = torch.full((1, 3, 3), 7.0)
    longer = [torch.cat([part, padding * sign], 1) for part, sign in ((STUDENT, 1), (TEACHER, -1))]
    valid = torch.tensor([[True, True, False, False, False]])
    order = torch.tensor([4, 1, 3, 0, 2])
    for foreground in (True, False):
        wanted = listwise(STUDENT, TEACHER, VALID, foreground=foreground).item()
        assert listwise(*longer, valid, foreground=foreground).item() == exactly(wanted)
        shuffled = [part[:, order] for part in (*longer, valid)]
        assert listwise(*shuffled, foreground=foreground).item() == exactly(wanted)


def test_constants_move_only_the_lists_that_they_are_not_common_to():
    rows, columns = torch.tensor([[[3.0], [-1.0]]]), torch.tensor([[[1.0, 2.0, -4.0]]])
    assert divergence(STUDENT + rows, TEACHER, 1.0, -1).tolist()[0] == exactly([0.053808, 0.068103])
    assert divergence(STUDENT + columns, TEACHER, 1.0, 1).tolist()[0] == exactly([0.067131, 0.082608, 0.462117])


def test_one_picture_does_not_depend_on_another():
    other = torch.randn(1, 2, 3, generator=torch.Generator().manual_seed(0))
    both = listwise(torch.cat([STUDENT, other]), torch.cat([TEACHER, -other]), VALID.repeat(2, 1))
    assert both[0].item() == exactly(0.132122)


def test_a_picture_without_objects_costs_nothing_and_is_finite():
    student = STUDENT.clone().requires_grad_()
    found = listwise(student, TEACHER, torch.zeros(1, 2, dtype=torch.bool))
    found.sum().backward()
    assert found.item() == 0
    assert torch.isfinite(student.grad).all()


def test_background_may_have_a_name():
    sunk = (STUDENT - 30, TEACHER - 30)  # nothing is anywhere: the lists of categories agree on that
    assert even(*sunk).item() == exactly(0.132454)
    by_objects = (0.067131 + 0.082608 + 0.462117) / 6
    assert even(*sunk, null=True).item() == pytest.approx(by_objects, abs=1e-5)
