"""GKD's golden numbers (distillation.md 3.5), and that it teaches, which the published code does not."""

from dataclasses import replace

import pytest
import torch

from ml.distill.attribution import attribution, channel_gradients, normalised, unit
from ml.distill.methods.gkd import FEATURE, MAP, GradientGuided
from ml.distill.registry import method_class
from ml.train.engine import prepare
from ml.train.observation import GRADIENTS as GRADIENTS_TAP
from ml.train.observation import NECK, Asked
from tests.ml.distill import made
from tests.ml.distill.test_learner import recipe, shaken

MAPS = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]], [[2.0, 0.0], [0.0, 2.0]]]])
GRADIENTS = torch.tensor([[[[0.1, 0.1], [0.1, 0.1]], [[-0.2, 0.0], [0.0, -0.2]]]])
VALID = torch.ones(1, 2, 2, dtype=torch.bool)
SWAPPED = torch.tensor([[[[2.0, 1.0], [3.0, 4.0]], [[2.0, 0.0], [0.0, 2.0]]]])


def flat(value):
    return pytest.approx(value, abs=1e-6)


def method(form=MAP, **options):
    torch.manual_seed(0)
    return GradientGuided(GradientGuided.Args(gkd_form=form, **options), made.SHAPE, made.SHAPE)


def test_weights_map_and_normalised_map():
    weights = channel_gradients(GRADIENTS, VALID)
    assert weights[0].tolist() == flat([0.1, -0.1])
    found = attribution(MAPS, weights)
    assert found.flatten().tolist() == flat([0, 0.2, 0.3, 0.2])
    assert normalised(found, VALID).flatten().tolist() == flat([0, 0.666666, 1, 0.666666])


def test_half_the_features_are_the_same_map_once_normalised():
    weights = channel_gradients(GRADIENTS, VALID)
    whole, half = (attribution(maps, weights) for maps in (MAPS, MAPS / 2))
    assert (whole - half).abs().mean().item() == flat(0.0875)
    assert (normalised(whole, VALID) - normalised(half, VALID)).abs().mean().item() == flat(0)


def test_swapped_cells():
    weights = channel_gradients(GRADIENTS, VALID)
    found = attribution(SWAPPED, weights)
    assert found.flatten().tolist() == flat([0, 0.1, 0.3, 0.2])
    difference = normalised(attribution(MAPS, weights), VALID) - normalised(found, VALID)
    assert difference.abs().mean().item() == flat(0.083333)


def test_the_limits_are_of_the_picture_alone():
    maps = torch.tensor([[[1.0, 3.0, 99.0], [2.0, 5.0, -99.0]]])
    valid = torch.tensor([[[True, True, False]] * 2])
    assert normalised(maps, valid)[0].flatten().tolist() == flat([0, 0.5, 0, 0.25, 1, 0])
    assert not normalised(maps, torch.zeros_like(valid)).any()


@pytest.mark.parametrize("form", [MAP, FEATURE])
def test_the_student_learns_through_its_features(form):
    step = made.step()
    terms = method(form)(step)
    torch.stack([term.mean() for term in terms.values()]).sum().backward()
    assert all(part.grad.any() for part in step.student.neck)
    assert all(part.grad is None for part in (*step.teacher.neck, *step.teacher.gradients))


@pytest.mark.parametrize("form", [MAP, FEATURE])
def test_an_equal_student_costs_nothing(form):
    [term] = method(form)(made.step(equal=True)).values()
    assert term.tolist() == pytest.approx([0, 0], abs=1e-7)


@pytest.mark.parametrize("scale", [1e-6, 1e3])
@pytest.mark.parametrize("form", [MAP, FEATURE])
def test_how_large_gradients_are_does_not_matter(form, scale):
    step = made.step()
    teacher = replace(step.teacher, gradients=tuple(part * scale for part in step.teacher.gradients))
    plain, scaled = (method(form)(each) for each in (step, replace(step, teacher=teacher)))
    [(name, value)] = plain.items()
    assert scaled[name].tolist() == pytest.approx(value.tolist(), rel=1e-4)


@pytest.mark.parametrize("form", [MAP, FEATURE])
def test_a_picture_whose_loss_hangs_on_nothing_has_no_say(form):
    step = made.step()
    quiet = []
    for part in step.teacher.gradients:
        part = part.clone()
        part[1] = 0
        quiet.append(part)
    [term] = method(form)(replace(step, teacher=replace(step.teacher, gradients=tuple(quiet)))).values()
    assert term[0] > 0
    assert term[1] == 0


def test_channels_weigh_1_on_average():
    weights = unit(torch.tensor([[0.3, -0.1], [0.0, 0.0]]))
    assert weights.flatten().tolist() == pytest.approx([0.75, -0.25, 0, 0])


def test_both_together_are_the_sum_of_each_alone():
    step = made.step()
    kinds = {name: method_class(name) for name in ("gkd", "bmfi", "gkd_bmfi")}
    terms = {name: kind(kind.Args(), made.SHAPE, made.SHAPE)(step) for name, kind in kinds.items()}
    wanted = {f"{name}_{term}": value for name in ("gkd", "bmfi") for term, value in terms[name].items()}
    assert terms["gkd_bmfi"].keys() == wanted.keys()
    for name, value in wanted.items():
        assert terms["gkd_bmfi"][name].tolist() == value.tolist()


def test_gradients_that_were_remembered_say_the_same(frames, tmp_path, monkeypatch):
    chosen = recipe("gkd", frames, teacher_cache=str(tmp_path), denoising_queries=0)
    first, second = (shaken(prepare(chosen, None)) for _ in range(2))
    batch = first.batches[0]
    wanted = first.learner(batch)["gkd_maps"].item()
    monkeypatch.setattr(second.learner._teacher[0], "_look", None)  # asked again it would fail
    assert second.learner(batch)["gkd_maps"].item() == wanted > 0


def test_a_teachers_gradients_survive_being_remembered(frames):
    """They are about 1e-5, of which half precision would lose most."""
    run = prepare(recipe("gkd", frames), None)
    (teacher,) = run.learner._teacher
    asked, batch = Asked(frozenset({NECK, GRADIENTS_TAP})), run.batches[0]
    found, whole = teacher.view(batch, asked), teacher._look(batch, asked)
    for remembered, exact in zip(found.gradients, whole.gradients, strict=True):
        assert 0 < exact.abs().mean() < 1e-3
        assert torch.equal(remembered, exact)
