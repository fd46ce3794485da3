"""What holds for every method (distillation.md 11), whichever are there: on made-up steps, term by term."""

from dataclasses import fields, replace

import pytest
import torch

from ml.distill.method import GROUPS, Labels, Rows
from ml.distill.registry import found
from tests.ml.distill import made

METHODS = [name for name, kind in found().items() if kind.families and kind.taps]
FIDELITY = "the released code, flaws and all"
# Where a property does not hold by the method's own definition, and why.
EXEMPT = {
    "order of rows": {"cld_official": FIDELITY},
    "padding": {"cld_official": FIDELITY},
    "denoising": {"cld_official": FIDELITY},
    "other pictures": {
        "cld_official": FIDELITY,
        "cld_shuffled": "the teacher speaks of the other pictures",
        "pkd": "a channel is standardised over the batch",
    },
    "the batch twice": {"cld_official": FIDELITY + ": one layer a picture"},
}


def holding(of):
    return [name for name in METHODS if name not in EXEMPT[of]]


def terms(method, step):
    """By name, (B,) each; a method that draws draws the same every time."""
    torch.manual_seed(3)
    return method(step)


def total(found):
    return torch.stack([term.mean() for term in found.values()]).sum()


def same(found, expected, rel=1e-5):
    assert found.keys() == expected.keys()
    for name, term in found.items():
        assert term.tolist() == pytest.approx(expected[name].tolist(), rel=rel, abs=1e-7), name


def on_rows(view, change):
    return replace(view, rows={group: change(rows) for group, rows in view.rows.items()})


def along_rows(rows, change):
    """`change(part, axis)` on every part of the rows."""
    layered = ("logits", "tokens", "boxes", "states")
    return Rows(**{f.name: change(getattr(rows, f.name), 2 if f.name in layered else 1) for f in fields(Rows)})


@pytest.mark.parametrize("name", METHODS)
def test_terms_are_one_finite_value_a_picture(name):
    for term in terms(made.method(name), made.step()).values():
        assert term.shape == (2,)
        assert torch.isfinite(term).all()
        assert (term >= 0).all()


@pytest.mark.parametrize("name", METHODS)
def test_a_student_that_is_its_teacher_pays_what_the_method_says(name):
    method = made.method(name)
    equal, apart = (total(terms(method, undisturbed(made.step(equal=equal)))).item() for equal in (True, False))
    if method.at_teacher == "not zero":
        assert equal > 0
    else:
        assert equal == pytest.approx(0, abs=1e-5 * apart)


@pytest.mark.parametrize("name", METHODS)
def test_every_term_moves_the_student(name):
    """That none moves the teacher is tested on a real one, whose view has no gradient, in test_learner.py."""
    step = made.step()
    leaves = list(made.leaves(step.student).values())
    for term_name, term in terms(made.method(name), step).items():
        moved = torch.autograd.grad(term.sum(), leaves, retain_graph=True, allow_unused=True)
        assert any(part is not None and bool(part.any()) for part in moved), term_name


@pytest.mark.parametrize("name", METHODS)
def test_every_adapter_learns(name):
    method = made.method(name)
    adapters = list(method.parameters())
    found = torch.autograd.grad(total(terms(method, made.step())), adapters, allow_unused=True) if adapters else ()
    assert all(part is not None for part in found)


@pytest.mark.parametrize("name", holding("order of rows"))
def test_the_order_of_rows_does_not_matter(name):
    order = torch.tensor([3, 0, 5, 1, 4, 2])
    step, method = made.step(counts=(3, 0)), made.method(name)
    moved = [
        on_rows(view, lambda rows: along_rows(rows, lambda part, axis: part.index_select(axis, order)))
        for view in (step.student, step.teacher)
    ]
    same(terms(method, replace(step, student=moved[0], teacher=moved[1])), terms(method, step))


@pytest.mark.parametrize("name", holding("padding"))
def test_padding_rows_do_not_count(name):
    def padded(rows):
        def more(part, axis):
            shape = list(part.shape)
            shape[axis] = 3
            extra = torch.zeros(shape, dtype=torch.bool) if part.dtype == torch.bool else torch.full(shape, 0.7)
            return torch.cat([part, extra], axis)

        return along_rows(rows, more)

    step, method = made.step(), made.method(name)
    longer = replace(step, student=on_rows(step.student, padded), teacher=on_rows(step.teacher, padded))
    same(terms(method, longer), terms(method, step))


@pytest.mark.parametrize("name", holding("padding"))
def test_cells_that_are_padding_do_not_count(name):
    """The right quarter of the second picture was never a picture."""
    masks = []
    for height, width in made.MAPS:
        mask = torch.ones(2, height, width, dtype=torch.bool)
        mask[1, :, 3 * width // 4 :] = False
        masks.append(mask)

    def elsewhere(view):
        changed = {}
        for tap in ("neck", "memory", "gradients"):
            parts = getattr(view, tap)
            changed[tap] = tuple(torch.where(m[:, None], p, p + 3.0) for p, m in zip(parts, masks, strict=True))
        return replace(view, **changed)

    step, method = made.step(valid=tuple(masks), counts=(2, 2)), made.method(name)
    other = replace(step, student=elsewhere(step.student))
    same(terms(method, other), terms(method, step))


@pytest.mark.parametrize("name", holding("denoising"))
def test_denoising_queries_do_not_count(name):
    step, method = made.step(), made.method(name)
    other = replace(step, student=replace(step.student, noised=step.student.noised + 1))
    same(terms(method, other), terms(method, step))


@pytest.mark.parametrize("name", holding("other pictures"))
def test_other_pictures_of_the_batch_do_not_matter(name):
    step, method = made.step(), made.method(name)
    whole, first = terms(method, step), terms(method, one_picture(step, 0))
    same({name: term[:1] for name, term in whole.items()}, first)


@pytest.mark.parametrize("name", holding("the batch twice"))
def test_the_batch_twice_costs_the_same(name):
    step, method = made.step(), made.method(name)
    once, twice = total(terms(method, step)).item(), total(terms(method, doubled(step))).item()
    # PKD's deviation is unbiased: M / (M - 1) of what it would be over endless cells.
    assert twice == pytest.approx(once, rel=0.05 if name == "pkd" else 1e-5)


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("counts", [(0, 0), (2, 0)])
def test_pictures_without_labels_are_finite(name, counts):
    step = made.step(counts=counts)
    found = terms(made.method(name), step)
    assert all(torch.isfinite(term).all() for term in found.values())
    reached = [term for term in found.values() if term.requires_grad]
    if reached:
        gradients = torch.autograd.grad(
            torch.stack([term.sum() for term in reached]).sum(),
            list(made.leaves(step.student).values()),
            allow_unused=True,
        )
        assert all(part is None or torch.isfinite(part).all() for part in gradients)


@pytest.mark.parametrize("name", METHODS)
def test_a_batch_of_padding_is_finite(name):
    step = made.step(counts=(0, 0))
    views = [
        on_rows(view, lambda rows: replace(rows, valid=torch.zeros_like(rows.valid)))
        for view in (step.student, step.teacher)
    ]
    found = terms(made.method(name), replace(step, student=views[0], teacher=views[1]))
    assert all(torch.isfinite(term).all() for term in found.values())


@pytest.mark.parametrize("name", METHODS)
def test_a_prompt_of_one_word_is_finite(name):
    step = made.step()
    step = replace(
        step,
        student=one_category(step.student),
        teacher=one_category(step.teacher),
        labels=[replace(each, labels=torch.zeros_like(each.labels)) for each in step.labels],
    )
    assert all(torch.isfinite(term).all() for term in terms(made.method(name), step).values())


def undisturbed(step):
    """Without the denoising queries that a teacher does not have."""
    return replace(step, student=replace(step.student, noised=None))


def one_picture(step, at):
    return replace(
        step,
        student=pictures(step.student, [at]),
        teacher=pictures(step.teacher, [at]),
        labels=[step.labels[at]],
    )


def doubled(step):
    order = [*range(len(step.labels))] * 2
    views = [pictures(view, order) for view in (step.student, step.teacher)]
    return replace(step, student=views[0], teacher=views[1], labels=[step.labels[at] for at in order])


def pictures(view, order):
    """Some pictures of a view, maybe more than once."""
    layered = ("logits", "tokens", "boxes", "states")
    chosen = {
        group: Rows(
            **{
                f.name: getattr(rows, f.name)[:, order] if f.name in layered else getattr(rows, f.name)[order]
                for f in fields(Rows)
            }
        )
        for group, rows in view.rows.items()
    }
    maps = {tap: tuple(part[order] for part in getattr(view, tap)) for tap in ("neck", "memory", "gradients")}
    return replace(
        view, rows=chosen, text=view.text[order], classes=view.classes[order], noised=view.noised[:, order], **maps
    )


def one_category(view):
    tokens = view.token_map.shape[1]
    rows = {
        group: replace(each, logits=each.logits[..., :1], tokens=each.tokens[..., :tokens])
        for group, each in view.rows.items()
    }
    return replace(view, rows=rows, token_map=view.token_map[:1], classes=view.classes[:, :1])


def test_the_groups_are_all_made():
    """Otherwise methods that look at a further one would be tested on nothing."""
    assert set(made.view(0, gradient=False).rows) == set(GROUPS)
    assert {f.name for f in fields(Labels)} == {"labels", "boxes", "risk", "severity", "score"}
