"""The released CLD, flaws and all (distillation.md 1.2 and 1.5)."""

from dataclasses import replace

import pytest
import torch
from torch.nn.functional import adaptive_avg_pool1d

from ml.distill.method import OWN
from ml.distill.methods.cld_official import stage
from ml.errors import BadRecipe
from tests.ml.distill import made
from tests.ml.distill.test_lists import STUDENT, TEACHER


def with_states(view, change):
    own = view.rows[OWN]
    return replace(view, rows={**view.rows, OWN: replace(own, states=change(own.states))})


def gradient_by_layer(step):
    found = made.method("cld_official")(step)
    own = step.student.rows[OWN].states
    gradient = torch.autograd.grad(torch.stack([term.mean() for term in found.values()]).sum(), own)[0]
    return [bool(layer.any()) for layer in gradient]


def test_sums_of_both_directions():
    assert stage(STUDENT, TEACHER, 1).item() == pytest.approx(0.366883, abs=5e-7)
    turned = stage(STUDENT.transpose(1, 2), TEACHER.transpose(1, 2), 1)  # whichever axis is called text
    assert turned.item() == pytest.approx(0.366883, abs=5e-7)


def test_more_queries_than_the_teacher_has_are_averaged():
    """The pooling that the released code relies on."""
    pooled = [
        adaptive_avg_pool1d(torch.tensor([[row]]), to)[0, 0].tolist()
        for row, to in (([10.0, 1, 2], 2), ([1.0, 2, 3, 4, 5], 3))
    ]
    assert pooled == [[5.5, 1.5], [1.5, 3.0, 4.5]]
    doubled = STUDENT.repeat_interleave(2, 1)
    assert stage(doubled, TEACHER, 1).item() == pytest.approx(0.366883, abs=5e-7)


def test_as_many_layers_as_pictures_learn_and_the_last_nothing():
    assert gradient_by_layer(made.step(counts=(3, 1))) == [True, True, False]


def test_more_pictures_than_layers_are_refused():
    with pytest.raises(BadRecipe, match="picture 4 for decoder layer 4") as error:
        made.method("cld_official")(made.step(counts=(1, 1, 1, 1)))
    assert error.value.field == "batch"


def test_denoising_queries_and_other_pictures_change_it():
    """What the corrected CLD does not let happen."""
    step = made.step()
    method = made.method("cld_official")
    before = method(step)
    without = method(replace(step, student=replace(step.student, noised=None)))
    assert before["stage0"][0] != without["stage0"][0]
    other = with_states(step.student, lambda states: torch.cat([states[:, :1], states[:, 1:] + 1], 1))
    assert method(replace(step, student=other))["stage0"][0] != before["stage0"][0]
