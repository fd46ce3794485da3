"""DETRDistill: the golden mask of distillation.md 7.2, the matching, and the teacher's assignment."""

from dataclasses import replace

import pytest
import torch

from ml.distill.correspondence import taken
from ml.distill.method import NECK, OWN, QUERIES, SHARED, Rows
from ml.distill.methods.detrdistill import matched_loss, target_masks
from ml.distill.paired_loss import box_distances
from ml.models.grounding_dino.criterion import focal_loss
from tests.ml.distill import made


def values(step, **options):
    return {name: value.detach() for name, value in made.method("detrdistill", weight=1.0, **options)(step).items()}


def shuffled(rows, order):
    layered = {name: getattr(rows, name)[:, :, order] for name in ("logits", "tokens", "boxes", "states")}
    return Rows(**layered, references=rows.references[:, order], valid=rows.valid[:, order])


def seen_by(step, rows):
    return replace(step, teacher=replace(step.teacher, rows={**step.teacher.rows, **rows}))


def test_a_mask_is_highest_where_features_look_like_good_queries():
    cells = torch.tensor([[1.0, 0.0], [0.0, 1.0]]).T.reshape(1, 2, 1, 2)  # two cells, (1, 0) and (0, 1)
    sought = 0.5 * torch.tensor([[[0.6, 0.8]]])
    mask = target_masks(sought, 3 * cells, torch.ones(1, 1, 2, dtype=torch.bool))
    assert mask.flatten().tolist() == pytest.approx([0.75, 1.0], abs=5e-7)
    opposite = target_masks(-sought, cells, torch.ones(1, 1, 2, dtype=torch.bool))
    assert opposite.flatten().tolist() == [1.0, 1.0]  # nothing looks like it: all alike
    partly = target_masks(sought, cells, torch.tensor([[[True, False]]]))
    assert partly.flatten().tolist() == [1.0, 0.0]


def test_every_mask_has_its_highest_cell_at_one_and_none_at_nothing():
    draw = torch.Generator().manual_seed(1)
    sought, features = torch.randn(3, 2, 8, generator=draw), torch.randn(2, 8, 4, 6, generator=draw)
    masks = target_masks(sought, features, torch.ones(2, 4, 6, dtype=torch.bool))
    assert masks.amax((2, 3)).flatten().tolist() == [1.0] * 6
    assert (masks > 0).all()


def test_the_mask_is_applied_before_squaring():
    step = made.step(counts=(1,))
    found = values(step, prior_weight=0.0)["features"]
    method = made.method("detrdistill")
    rows = step.teacher.rows[OWN]
    sought = torch.stack([torch.stack([method._look(rows, step.labels[0], 0, layer)]) for layer in range(made.LAYERS)])
    wanted = 0.0
    for student, teacher in zip(step.student.neck, step.teacher.neck, strict=True):
        masks = target_masks(sought, teacher, torch.ones(1, *teacher.shape[2:], dtype=torch.bool))
        wanted += sum(((mask[:, None] * student - mask[:, None] * teacher) ** 2).mean().item() for mask in masks)
    assert found.item() == pytest.approx(wanted, rel=1e-5)


def test_an_equal_student_has_only_the_assigned_part_to_learn():
    found = values(made.step(equal=True))
    for name in ("class", "l1", "giou", "features"):
        assert found[name].tolist() == pytest.approx([0, 0], abs=1e-5), name
    assert (found["assigned"] > 0).all()


def test_rows_are_matched_whatever_their_order():
    step = made.step()
    order = torch.tensor([3, 0, 5, 1, 4, 2])
    moved = seen_by(step, {group: shuffled(step.teacher.rows[group], order) for group in (OWN,)})
    for name, value in values(step).items():
        assert values(moved)[name].tolist() == pytest.approx(value.tolist(), rel=1e-4), name


def test_the_surest_rows_of_the_teacher_are_matched_first():
    step = made.step(equal=True)
    rows = step.teacher.rows[OWN]
    logits = rows.logits.clone()
    logits[:, :, 2] += 9.0
    logits[:, :, 5] -= 9.0
    student, teacher = replace(rows, logits=logits), replace(rows, logits=logits)
    spoilt = replace(teacher, boxes=teacher.boxes.index_fill(2, torch.tensor([0, 1, 3, 4, 5]), 0.5))
    ones = torch.ones(2, made.ROWS)
    assert matched_loss(student, 0, spoilt, 0, ones, 1).abs().max() < 1e-4
    assert matched_loss(student, 0, spoilt, 0, ones, made.ROWS)[:, 1:].min() > 0.01


def test_padding_rows_take_no_part():
    step = made.step()
    rows = step.teacher.rows[OWN]
    four = torch.arange(made.ROWS).expand(2, -1) < 4
    wild = replace(rows, valid=four, boxes=torch.where(four[..., None], rows.boxes, 7.0))
    tame = replace(rows, valid=four, boxes=torch.where(four[..., None], rows.boxes, 0.5))
    kept = {name: value.tolist() for name, value in values(seen_by(step, {OWN: tame})).items()}
    assert {name: value.tolist() for name, value in values(seen_by(step, {OWN: wild})).items()} == kept


def test_cells_of_padding_say_nothing():
    step = made.step()
    valid = tuple(torch.ones(2, *part.shape[2:], dtype=torch.bool) for part in step.student.neck)
    for part in valid:
        part[:, :, -2:] = False
    found = values(replace(step, valid=valid))["features"]
    padded = tuple(torch.where(mask[:, None], part, 50.0) for part, mask in zip(step.student.neck, valid, strict=True))
    moved = replace(step, valid=valid, student=replace(step.student, neck=padded))
    assert values(moved)["features"].tolist() == found.tolist()


def test_the_students_rows_are_assigned_what_the_teachers_took():
    step = made.step(counts=(2,))
    found = values(step)["assigned"].item()
    rows, labels = step.student.rows[SHARED], step.labels[0]
    total = 0.0
    for layer in range(made.LAYERS):
        takers = taken(step.teacher.rows[SHARED], step.labels, layer)[0]
        wanted = torch.zeros(made.ROWS, made.CATEGORIES)
        wanted[takers, labels.labels] = 1
        l1, giou = box_distances(rows.boxes[layer, 0, takers], labels.boxes)
        total += (focal_loss(rows.logits[layer, 0], wanted).sum() + 5 * l1.sum() + 2 * giou.sum()).item() / 2
    assert found == pytest.approx(total, rel=1e-5)


def test_trust_weakens_every_term():
    step = made.step()
    half = replace(step, label_trust=[torch.full((3,), 0.5), torch.full((1,), 0.5)], image_trust=torch.full((2,), 0.5))
    for name, value in values(step).items():
        assert values(half)[name].tolist() == pytest.approx((value / 2).tolist(), rel=1e-5), name


def test_without_the_assigned_part_no_further_query_is_asked():
    method = made.method("detrdistill", prior_weight=0.0)
    assert method.groups(0.0) == frozenset()
    assert method.looks(0.0) == {QUERIES, NECK}
    assert "assigned" not in method(made.step())


def test_without_labels_features_follow_the_score_and_all_is_finite():
    step = made.step(counts=(0, 0))
    terms = made.method("detrdistill")(step)
    torch.stack(list(terms.values())).sum().backward()
    assert all(torch.isfinite(value).all() for value in terms.values())
    assert (terms["features"] > 0).all()
    assert all(torch.isfinite(part.grad).all() for part in made.leaves(step.student).values() if part.grad is not None)


def test_class_and_box_heads_learn_at_every_layer():
    step = made.step()
    torch.stack(list(made.method("detrdistill")(step).values())).sum().backward()
    for group in (OWN, SHARED):
        for part in (step.student.rows[group].logits, step.student.rows[group].boxes):
            assert all(layer.any() for layer in part.grad)
