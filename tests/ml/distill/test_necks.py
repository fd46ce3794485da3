"""Levels of student and teacher side by side, and what every method on them owes: padding, trust, batches, pictures without labels."""

from dataclasses import replace

import pytest
import torch

from ml.distill.method import Shape
from ml.distill.methods.cwd import ChannelWise
from ml.distill.necks import NeckMethod
from ml.distill.registry import found
from ml.distill.teacher import digest_of
from ml.errors import BadRecipe
from ml.train import families
from ml.train.engine import prepare
from ml.train.recipe import recipe_of
from tests.ml.distill import made
from tests.ml.distill.conftest import HEIGHT, WIDTH

NAMES = [name for name, kind in found().items() if issubclass(kind, NeckMethod)] + ["gkd_bmfi"]
NARROW = Shape("yolox", (4, 6), 0, 0)


def method_of(name, student=made.SHAPE, teacher=made.SHAPE, **options):
    torch.manual_seed(0)
    kind = found()[name]
    return kind(kind.Args(**options), student, teacher)


def terms_of(method, step):
    torch.manual_seed(0)  # MGD draws
    return method(step)


def padded(step, value):
    """A column of padding on the right of every map, filled with a value."""

    def wider(maps):
        return tuple(torch.nn.functional.pad(part, (0, 8), value=value) for part in maps)

    views = [
        replace(view, neck=wider(view.neck), gradients=wider(view.gradients)) for view in (step.student, step.teacher)
    ]
    valid = []
    for height, width in made.MAPS:
        mask = torch.zeros(len(step.labels), height, width + 8, dtype=torch.bool)
        mask[:, :, :width] = True
        valid.append(mask)
    return replace(step, student=views[0], teacher=views[1], valid=tuple(valid))


@pytest.mark.parametrize("name", NAMES)
def test_what_stands_in_the_padding_does_not_matter(name):
    method = method_of(name)
    quiet, loud = (terms_of(method, padded(made.step(), value)) for value in (0.0, 50.0))
    for term, value in quiet.items():
        assert value.tolist() == pytest.approx(loud[term].tolist(), rel=1e-4)
        assert value.abs().sum() > 0


@pytest.mark.parametrize("name", NAMES)
def test_trust_weighs_the_cells_of_labels_and_of_the_rest(name):
    method, step = method_of(name), made.step(counts=(3, 1))
    whole = terms_of(method, step)

    def with_trust(labels, pictures):
        trust = [torch.full((len(each.labels),), labels) for each in step.labels]
        return terms_of(method, replace(step, label_trust=trust, image_trust=torch.full((2,), pictures)))

    for term, value in with_trust(1.0, 1.0).items():
        assert value.tolist() == pytest.approx(whole[term].tolist(), rel=1e-5)
    for value in with_trust(0.0, 0.0).values():
        assert value.tolist() == [0.0, 0.0]
    halved = torch.stack(list(with_trust(0.5, 1.0).values())).sum()
    assert 0 < halved < torch.stack(list(whole.values())).sum()


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_twice_is_as_much_as_once(name):
    method = method_of(name)
    once, twice = (terms_of(method, repeated(made.step(counts=(2,)), times)) for times in (1, 2))
    for term, value in once.items():
        # PKD's deviation is over a batch and unbiased: (M - 1) / M of 128 and of 32 cells
        assert twice[term].tolist() == pytest.approx([value.item()] * 2, rel=0.02 if name == "pkd" else 1e-5)


def repeated(step, times):
    def again(maps):
        return tuple(part.repeat(times, 1, 1, 1) for part in maps)

    student, teacher = (
        replace(view, neck=again(view.neck), gradients=again(view.gradients)) for view in (step.student, step.teacher)
    )
    return replace(step, student=student, teacher=teacher, labels=step.labels * times)


@pytest.mark.parametrize("name", NAMES)
def test_the_student_learns_also_from_pictures_without_labels(name):
    step = made.step(counts=(0, 0))
    terms = terms_of(method_of(name), step)
    torch.stack([term.mean() for term in terms.values()]).sum().backward()
    for part in step.student.neck:
        assert torch.isfinite(part.grad).all()
        assert part.grad.any()
    assert all(part.grad is None for part in step.teacher.neck)


@pytest.mark.parametrize("name", NAMES)
def test_other_channels_are_brought_to_the_teachers(name):
    method, step = method_of(name, student=NARROW), made.step()
    ours = tuple(torch.randn(2, c, h, w, requires_grad=True) for c, (h, w) in zip(NARROW.neck, made.MAPS, strict=True))
    gradients = tuple(torch.randn_like(part) for part in ours)
    terms = terms_of(method, replace(step, student=replace(step.student, neck=ours, gradients=gradients)))
    torch.stack([term.mean() for term in terms.values()]).sum().backward()
    assert all(part.grad.any() for part in ours)
    assert name == "gkd" or "channels are brought to" in " ".join(method.notes)


def test_levels_that_only_one_of_them_has_stay_out_and_it_is_said():
    coarse = replace(made.SHAPE, neck=(8,))
    method = method_of("cwd", student=coarse)
    step = made.step()
    alone = terms_of(method, replace(step, student=replace(step.student, neck=step.student.neck[1:])))
    both = terms_of(method_of("cwd"), step)
    first = replace(step.student, neck=step.student.neck[:1])
    rest = terms_of(method, replace(step, student=first))
    assert (alone["channels"] + rest["channels"]).tolist() == pytest.approx(both["channels"].tolist(), rel=1e-5)
    assert "1 levels and the teacher's 2" in method.notes[0]


def test_necks_without_a_common_size_are_refused():
    step = made.step()
    neck = tuple(part[:, :, ::2] for part in step.student.neck[1:])
    method = ChannelWise(ChannelWise.Args(), replace(made.SHAPE, neck=(8,)), made.SHAPE)
    with pytest.raises(BadRecipe, match="2x8 of 8 channels meet none of the teacher's 8x16") as error:
        method(replace(step, student=replace(step.student, neck=neck)))
    assert error.value.field == "teacher"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A folder with a YOLOX that is wider than the nano."""
    folder = tmp_path_factory.mktemp("tiny")
    trainee = families.begin(recipe_of({"family": "yolox", "size": "tiny", "seed": 5}), None)
    trainee.save(trainee.model, folder)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_a_yolox_learns_from_a_wider_one(name, frames, tiny):
    small = {"width": WIDTH, "height": HEIGHT, "batch": 2, "threads": 1, "precision": "fp32", "seed": 1}
    about = {"method": name, "family": "yolox", "size": "nano", "train": str(frames), "teacher": str(tiny)}
    run = prepare(recipe_of({**small, **about}), None)
    teacher = run.learner._teacher[0]._trainee.model
    before, batch = digest_of(teacher.state_dict()), run.batches[0]
    terms = run.learner(batch)
    own = torch.stack([value for term, value in terms.items() if term.startswith(f"{name}_")]).sum()
    backbone = list(run.trainee.model.backbone.parameters())
    assert any(part is not None and part.any() for part in torch.autograd.grad(own, backbone, allow_unused=True))
    assert all(torch.isfinite(torch.tensor(value)) for value in run.step(batch, 0).values())
    assert digest_of(teacher.state_dict()) == before
