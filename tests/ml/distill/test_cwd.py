"""CWD's golden numbers and what its distributions do not see (distillation.md 6.3)."""

import pytest
import torch

from ml.distill.methods.cwd import channel_divergence

TEACHER = torch.tensor([[[[0.0, 1.0], [2.0, 3.0]], [[0.0, 0.0], [0.0, 0.0]]]])
STUDENT = torch.tensor([[[[0.0, 0.0], [0.0, 0.0]], [[1.0, 0.0], [0.0, 0.0]]]])
VALID = torch.ones(1, 2, 2, dtype=torch.bool)


def loss(student, teacher, temperature=1.0):
    return channel_divergence(student, teacher, VALID, temperature).sum().item()


@pytest.mark.parametrize(("temperature", "wanted"), [(1.0, 0.273066), (4.0, 0.353203)])
def test_golden(temperature, wanted):
    assert loss(STUDENT, TEACHER, temperature) == pytest.approx(wanted, abs=1e-6)


def test_a_constant_a_channel_does_not_matter_and_a_factor_does():
    constants = torch.tensor([5.0, -3.0]).view(1, 2, 1, 1)
    assert loss(STUDENT + constants, TEACHER) == pytest.approx(0.273066, abs=1e-6)
    assert loss(2 * STUDENT, TEACHER) != pytest.approx(0.273066, abs=1e-2)
    assert loss(TEACHER, TEACHER) == 0


def test_no_cell_has_a_negative_part():
    draw = torch.Generator().manual_seed(0)
    student, teacher = (3 * torch.randn(2, 4, 5, 6, generator=draw) for _ in range(2))
    found = channel_divergence(student, teacher, torch.ones(2, 5, 6, dtype=torch.bool), 1.0)
    assert found.min() >= -1e-7
    log_q, log_p = (part.flatten(2).log_softmax(2) for part in (student, teacher))
    wanted = torch.nn.functional.kl_div(log_q, log_p, reduction="none", log_target=True).sum(2).mean(1)
    assert found.sum((1, 2)).tolist() == pytest.approx(wanted.tolist(), rel=1e-5)


def test_padding_is_in_no_distribution():
    wide = [torch.nn.functional.pad(part, (0, 1), value=9.0) for part in (STUDENT, -TEACHER)]
    valid = torch.tensor([[[True, True, False]] * 2])
    found = channel_divergence(wide[0], -wide[1], valid, 1.0)
    assert found.sum().item() == pytest.approx(0.273066, abs=1e-6)
    assert not found[:, :, 2].any()
    assert torch.isfinite(channel_divergence(*wide, torch.zeros_like(valid), 1.0)).all()
