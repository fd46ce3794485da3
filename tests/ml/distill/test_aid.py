"""AID: the golden weights of distillation.md 4, and every method that it can weigh."""

from dataclasses import replace

import pytest
import torch

from ml.distill.method import OWN, QUERIES
from ml.distill.methods.aid import bases, label_weights, teacher_losses, weight
from ml.distill.registry import found
from ml.errors import BadRecipe
from ml.models.grounding_dino.boxes import generalised_iou, to_xyxy
from ml.models.grounding_dino.criterion import focal_loss
from ml.train.recipe import recipe_of
from tests.ml.distill import made


def terms(method, step):
    torch.manual_seed(3)
    return {name: value.detach() for name, value in method(step).items()}


def test_weights_fall_with_the_teachers_loss():
    losses = torch.tensor([0.0, 1.5, 10.0, torch.inf])
    assert weight(losses, 0.1).tolist() == pytest.approx([1.0, 0.860708, 0.367879, 0.0], abs=5e-7)
    rising = weight(torch.linspace(0, 20, 50), 0.3)
    assert (rising.diff() < 0).all()
    assert weight(torch.linspace(0, 20, 50), 0.0).tolist() == [1.0] * 50


def test_a_label_that_may_be_wrong_weighs_what_it_is_likely_to_be_right():
    risk, loss = torch.tensor([0.0, 0.3, 1.0, 0.0]), torch.tensor([10.0, 10.0, 0.0, torch.inf])
    assert label_weights(risk, loss, 0.1).tolist() == pytest.approx([0.367879, 0.7, 0.0, 0.0], abs=5e-7)


def test_the_teachers_loss_is_of_the_row_that_takes_the_label():
    step = made.step(counts=(1,))
    rows, label = step.teacher.rows[OWN], step.labels[0]
    wanted = torch.nn.functional.one_hot(label.labels, made.CATEGORIES).float()
    boxes = rows.boxes.clone()
    boxes[-1, 0, 4] = label.boxes[0] * torch.tensor([1.0, 1.1, 1.0, 1.0])
    logits = rows.logits.clone()
    logits[-1, 0, 4] = 4 * wanted - 2
    [loss] = teacher_losses(replace(rows, boxes=boxes, logits=logits), step.labels)
    giou = generalised_iou(to_xyxy(boxes[-1, 0, 4]), to_xyxy(label.boxes[0]))
    focal = focal_loss(4 * wanted - 2, wanted).sum()
    assert loss.item() == pytest.approx((2 * focal + 5 * 0.05 + 2 * (1 - giou)).item(), rel=1e-5)


def test_a_label_that_no_row_took_and_a_picture_without_labels():
    step = made.step(counts=(3, 0))
    rows = step.teacher.rows[OWN]
    two = replace(rows, valid=torch.arange(made.ROWS).expand(2, -1) < 2)
    first, second = teacher_losses(two, step.labels)
    assert torch.isinf(first).sum() == 1
    assert second.shape == (0,)


@pytest.mark.parametrize("base", bases())
def test_without_alpha_it_is_its_base_exactly(base):
    step = made.step()
    weighed, plain = terms(made.method("aid", base=base, alpha=0.0), step), terms(made.method(base), step)
    assert {name: value.tolist() for name, value in weighed.items()} == {
        name: value.tolist() for name, value in plain.items()
    }


@pytest.mark.parametrize("granularity", ["instance", "image"])
@pytest.mark.parametrize("base", bases())
def test_a_worse_teacher_teaches_less_and_none_where_it_is_all_wrong(base, granularity):
    step = made.step(counts=(2, 2))
    options = {"base": base, "granularity": granularity}
    mild, strong, deaf = (terms(made.method("aid", alpha=alpha, **options), step) for alpha in (0.01, 0.1, 100.0))
    plain = terms(made.method(base), step)
    for name, value in plain.items():
        if value.any():
            assert (value + 1e-9 >= mild[name]).all(), name
            assert (mild[name] + 1e-9 >= strong[name]).all(), name
    whole, least = (torch.stack(list(each.values())).sum().item() for each in (plain, deaf))
    assert least < whole


@pytest.mark.parametrize("base", bases())
def test_its_loss_never_reaches_the_weights(base):
    """Scaling the teacher's loss scales no gradient below nothing, and the teacher has none."""
    step = made.step()
    method = made.method("aid", base=base)
    torch.manual_seed(3)
    total = torch.stack([value.sum() for value in method(step).values()]).sum()
    total.backward()
    assert any(part.grad is not None and part.grad.any() for part in made.leaves(step.student).values())
    assert not made.leaves(step.teacher)
    assert not method.watched["weights"].requires_grad


def test_pictures_weigh_by_the_mean_of_their_labels():
    step = made.step()
    method, each = made.method("aid", granularity="image"), made.method("aid")
    method(step)
    each(step)
    first, second = each.watched["weights"][:3], each.watched["weights"][3:]
    assert method.watched["weights"].tolist() == pytest.approx([first.mean().item()] * 3 + [second.item()])
    assert ((first > 0) & (first < 1)).all()


def test_the_base_asks_and_is_told_as_ever():
    method = made.method("aid", base="mmkd")
    assert method.looks(0.0) == {QUERIES}
    assert method.looks(0.9) == frozenset()
    assert method.groups(0.0) == made.method("mmkd").groups(0.0)
    method.survey({"car": [0.1, 0.9]})
    assert any(note.startswith("RPLD: of 2 labels of car") for note in method.notes)
    assert made.method("aid", base="gkd").looks(0.0) == made.method("gkd").looks(0.0) | {QUERIES}


def test_its_weight_multiplies_every_term():
    step = made.step()
    plain, threefold = terms(made.method("aid"), step), terms(made.method("aid", base_weight=3.0), step)
    for name, value in plain.items():
        assert threefold[name].tolist() == pytest.approx((3 * value).tolist())


def test_every_method_with_a_teacher_can_be_weighed_but_those_that_say_not():
    kinds = {name for name, kind in found().items() if kind.needs_teacher and "grounding-dino" in kind.families}
    assert set(bases()) == {name for name in kinds if found()[name].heeds_trust}
    assert kinds - set(bases()) >= {"aid", "cld_official"}
    [option] = [option for option in found()["aid"].spec().options if option.name == "base"]
    assert option.choices == tuple(bases())


@pytest.mark.parametrize("base", ["aid", "none", "cld_official", "nobody"])
def test_what_it_cannot_weigh_is_refused_by_name(base):
    with pytest.raises(BadRecipe) as error:
        recipe_of({"method": "aid", "teacher": "bundled:gdino-mini", "base": base})
    assert error.value.field == "base"
    with pytest.raises(BadRecipe, match=f"cannot weigh '{base}'; it can: "):
        made.method("aid", base=base)
