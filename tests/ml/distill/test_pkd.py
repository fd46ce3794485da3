"""PKD's golden number and what correlation does not see (distillation.md 6.2)."""

import pytest
import torch

from ml.distill.methods.pkd import Pearson, standardised
from tests.ml.distill import made

TEACHER = torch.tensor([1.0, 2.0, 3.0, 4.0]).view(1, 1, 2, 2)
STUDENT = torch.tensor([1.0, 3.0, 2.0, 4.0]).view(1, 1, 2, 2)


def loss(student, teacher):
    valid = torch.ones(student.shape[0], *student.shape[2:], dtype=torch.bool)
    return (0.5 * (standardised(student, valid) - standardised(teacher, valid)).square()).mean().item()


def test_it_is_one_minus_the_correlation():
    assert loss(STUDENT, TEACHER) == pytest.approx(0.15, abs=5e-7)  # (1 - 0.8) times (M - 1) / M of M = 4 cells


def test_the_deviation_is_unbiased():
    found = standardised(TEACHER, torch.ones(1, 2, 2, dtype=torch.bool))
    assert found.std(correction=1).item() == pytest.approx(1, abs=1e-5)
    assert found.mean().item() == pytest.approx(0, abs=1e-6)


def test_scale_and_level_of_a_channel_do_not_matter():
    assert loss(3 * TEACHER + 7, TEACHER) == pytest.approx(0, abs=1e-9)
    assert loss(STUDENT, 0.01 * TEACHER - 5) == pytest.approx(0.15, abs=1e-4)
    assert loss(-TEACHER, TEACHER) > loss(STUDENT, TEACHER)


def test_a_constant_channel_is_finite_and_has_no_gradient():
    flat = torch.full((1, 1, 2, 2), 0.1, requires_grad=True)
    valid = torch.ones(1, 2, 2, dtype=torch.bool)
    found = (standardised(flat, valid) - standardised(TEACHER, valid)).square().mean()
    found.backward()
    assert torch.isfinite(found)
    assert not flat.grad.any()


def test_duplicated_batches_differ_by_the_unbiased_share_alone():
    once = loss(STUDENT, TEACHER)
    twice = loss(STUDENT.repeat(2, 1, 1, 1), TEACHER.repeat(2, 1, 1, 1))
    assert twice == pytest.approx((1 - 0.8) * 7 / 8, abs=1e-6)
    assert twice == pytest.approx(once * (7 / 8) / (3 / 4), abs=1e-6)


def test_terms_are_of_pictures():
    terms = Pearson(Pearson.Args(weight=1.0), made.SHAPE, made.SHAPE)(made.step())
    assert terms["correlation"].shape == (2,)
    assert 0.5 < terms["correlation"].mean().item() / len(made.MAPS) < 1.5  # strangers: correlation about 0
