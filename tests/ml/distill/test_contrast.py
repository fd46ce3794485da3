"""The contrastive losses of CLIP-KD: the golden numbers of distillation.md 6.5, and several positives."""

import math

import pytest
import torch

from ml.distill.contrast import CLIP_SCALE, classes_to_rows, cosines, rows_to_classes

STUDENT = torch.tensor([[1.0, 0.0], [0.6, 0.8]])
TEACHER = torch.tensor([[0.8, 0.6], [0.0, 1.0]])
EACH_ITS_OWN = torch.tensor([0, 1])


def exactly(value):
    return pytest.approx(value, abs=5e-7)


@pytest.mark.parametrize(("scale", "wanted"), [(2.659260, 0.520457), (CLIP_SCALE, 1.191291)])
def test_rows_find_their_categories(scale, wanted):
    # The document has 1.191291, of single precision; in double precision it is 1.1912904.
    assert rows_to_classes(STUDENT, TEACHER, EACH_ITS_OWN, scale).sum().item() == pytest.approx(wanted, abs=1e-6)


def test_with_one_row_a_category_both_directions_are_one_formula():
    forth = rows_to_classes(STUDENT, TEACHER, EACH_ITS_OWN, 3.0)
    back = classes_to_rows(STUDENT, TEACHER, EACH_ITS_OWN, 3.0)
    assert forth.tolist() == pytest.approx(back.tolist())


def test_lengths_do_not_matter():
    assert cosines(7 * STUDENT, 0.1 * TEACHER).flatten().tolist() == exactly([0.8, 0.0, 0.96, 0.8])


def test_rows_of_one_category_are_all_its_positives_and_absent_categories_are_dropped():
    same = STUDENT[:1].expand(3, 2)
    back = classes_to_rows(TEACHER, same, torch.tensor([1, 1, 1]), 5.0)
    assert back.tolist() == pytest.approx([math.log(3) / 3] * 3)  # uniform over its three rows is the best there is
    rows, labels = torch.eye(4)[:, :2] + 0.1, torch.tensor([0, 1, 1, 0])
    order = torch.tensor([2, 0, 3, 1])
    forth = [rows_to_classes(rows[o], TEACHER, labels[o], 5.0).sum().item() for o in (torch.arange(4), order)]
    back = [classes_to_rows(TEACHER, rows[o], labels[o], 5.0).sum().item() for o in (torch.arange(4), order)]
    assert forth[0] == pytest.approx(forth[1])
    assert back[0] == pytest.approx(back[1])


def test_no_rows_are_no_loss():
    nothing = torch.zeros(0, 2)
    assert rows_to_classes(nothing, TEACHER, torch.zeros(0).long(), 5.0).sum().item() == 0
    assert classes_to_rows(TEACHER, nothing, torch.zeros(0).long(), 5.0).sum().item() == 0
