"""MGD: what is hidden, what is reproducible, and who learns (distillation.md 7.5)."""

import pytest
import torch

from ml.distill.methods.mgd import MaskedGeneration, shown_cells
from tests.ml.distill import made

VALID = torch.ones(2, 40, 50, dtype=torch.bool)


def method(**options):
    torch.manual_seed(3)
    return MaskedGeneration(MaskedGeneration.Args(**options), made.SHAPE, made.SHAPE)


def generated(method, seed=0, step=None):
    torch.manual_seed(seed)
    return method(step or made.step())["generated"]


def test_nothing_hidden_shows_every_cell_that_is_picture():
    valid = VALID.clone()
    valid[1, :, 30:] = False
    assert torch.equal(shown_cells(valid, 0.0), valid)


def test_the_share_that_is_hidden_and_the_same_for_all_pictures():
    torch.manual_seed(0)
    shown = shown_cells(VALID, 0.65)
    assert shown[0].float().mean().item() == pytest.approx(0.35, abs=0.03)
    assert torch.equal(shown[0], shown[1])


def test_a_seed_gives_the_same_again_and_another_another():
    whole = method()
    first, again, other = (generated(whole, seed).tolist() for seed in (5, 5, 6))
    assert first == again
    assert first != other
    everything = method(hidden_share=0.0)
    assert generated(everything, 5).tolist() == generated(everything, 6).tolist()


def test_student_and_generator_learn():
    whole, step = method(), made.step()
    generated(whole, step=step).mean().backward()
    assert all(parameter.grad.any() for parameter in whole.parameters())
    assert all(part.grad.any() for part in step.student.neck)
    assert all(part.grad is None for part in step.teacher.neck)


def test_the_term_is_the_mean_squared_difference():
    whole, step = method(weight=2.0), made.step()
    for generator in whole.generators:
        torch.nn.init.zeros_(generator[-1].weight)
        torch.nn.init.zeros_(generator[-1].bias)
    wanted = sum(part.square().mean((1, 2, 3)) for part in step.teacher.neck)
    assert generated(whole, step=step).tolist() == pytest.approx((2 * wanted).tolist(), rel=1e-5)
