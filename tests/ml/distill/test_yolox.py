"""YOLOX as a student: every method that serves it through the real training loop, and pseudo-labels of every worth."""

import json
from dataclasses import replace

import pytest
import torch

from ml.distill.registry import found
from ml.distill.teacher import digest_of
from ml.models.yolox.anchors import anchors_of, iou
from ml.train.engine import prepare, train
from ml.train.labels import Labels
from ml.train.recipe import recipe_of
from tests.ml.distill.conftest import HEIGHT, WIDTH
from tests.ml.models.yolox.made import encoded

SERVED = [name for name, kind in found().items() if "yolox" in kind.families]
TAUGHT = [name for name in SERVED if found()[name].needs_teacher]
UNTAUGHT = [name for name in SERVED if name not in TAUGHT]
ANCHORS = anchors_of(WIDTH, HEIGHT, torch.device("cpu"))
BOX, OBJECTNESS, CLASSES = slice(0, 4), 4, slice(5, None)


def recipe(method, frames, **more):
    values = {
        "method": method,
        "family": "yolox",
        "size": "nano",
        "train": str(frames),
        "width": WIDTH,
        "height": HEIGHT,
    }
    values |= {"batch": 2, "iterations": 4, "warm_up": 1, "threads": 1, "precision": "fp32", "seed": 1}
    return recipe_of({**values, **more})


def with_risk(batch, risk, score=0.9, severity=1.0):
    """The same pictures, whose labels are all of one worth."""

    def changed(labels: Labels) -> Labels:
        parts = {"risk": risk, "score": score, "severity": severity}
        return replace(labels, **{name: torch.full_like(labels.risk, value) for name, value in parts.items()})

    return replace(batch, labels=[changed(labels) for labels in batch.labels])


@pytest.mark.parametrize("name", UNTAUGHT)
def test_a_yolox_learns_and_resumes_exactly_with_every_method_without_a_teacher(name, frames, tmp_path):
    chosen = recipe(name, frames, checkpoint_every=1)
    train(chosen, tmp_path / "whole")
    asked = iter([False, False, True, False])
    train(chosen, tmp_path / "broken", stop=lambda: next(asked))
    train(chosen, tmp_path / "broken")
    whole, broken = ((tmp_path / name / "model" / "model.safetensors").read_bytes() for name in ("whole", "broken"))
    assert whole == broken


@pytest.fixture(scope="session")
def teacher(frames, tmp_path_factory):
    """A folder that a YOLOX was trained into, a little."""
    path = tmp_path_factory.mktemp("teacher")
    train(recipe("none", frames), path)
    return path / "model"


def term_of(run, batch):
    """The method's terms alone, as one number."""
    terms = run.learner(batch)
    return torch.stack([value for name, value in terms.items() if name.startswith(f"{run.method.name}_")]).sum()


@pytest.mark.parametrize("name", TAUGHT)
@pytest.mark.parametrize("size", ["nano", "tiny"])
def test_a_yolox_teaches_a_yolox_and_stays_bit_for_bit(name, size, frames, teacher):
    run = prepare(recipe(name, frames, teacher=str(teacher), size=size), None)
    [frozen] = run.learner._teacher
    before = digest_of(frozen._trainee.model.state_dict())
    term = term_of(run, run.batches[0])
    assert torch.isfinite(term)
    gradients = torch.autograd.grad(term, list(run.trainee.model.parameters()), allow_unused=True)
    assert sum(part is not None and bool(part.any()) for part in gradients) > 10
    run.step(run.batches[0], 0)
    assert digest_of(frozen._trainee.model.state_dict()) == before
    assert all(parameter.grad is None for parameter in frozen._trainee.model.parameters())


@pytest.mark.parametrize("name", [name for name in TAUGHT if found()[name].at_teacher == "zero"])
def test_a_yolox_that_is_its_teacher_has_nothing_to_learn_from_it(name, frames, teacher):
    same = {"init": str(teacher), "size": ""}
    run, other = (prepare(recipe(name, frames, teacher=str(teacher), **more), None) for more in (same, {}))
    apart = term_of(other, other.batches[0]).item()
    run.trainee.model.eval()  # in training its batch norm sees the batch, the teacher's what it has seen
    assert apart > 0
    assert term_of(run, run.batches[0]).item() == pytest.approx(0, abs=0.02 * apart)


def test_rpld_with_certain_labels_is_the_plain_loss_exactly(frames):
    plain, rpld = (prepare(recipe(name, frames), None) for name in ("none", "rpld"))
    batch = with_risk(plain.batches[0], 0.0)
    assert [len(labels.labels) > 0 for labels in batch.labels] == [True, True]
    expected, given = (run.learner(batch) for run in (plain, rpld))
    assert expected.keys() == given.keys()
    assert all(torch.equal(expected[name], given[name]) for name in expected)


def test_rpld_believes_reliable_uncertain_and_risky_labels_differently(frames):
    run = prepare(recipe("rpld", frames), None)
    batch = run.batches[0]
    reliable, uncertain = (run.learner(with_risk(batch, risk)) for risk in (0.1, 0.4))
    assert uncertain["box"].item() == pytest.approx(reliable["box"].item(), rel=1e-5)  # weights have mean 1
    assert uncertain["class"].item() != pytest.approx(reliable["class"].item(), rel=1e-3)  # the target is softer
    for each in run.method.trust(with_risk(batch, 0.4).labels, batch.names, 0.0):
        assert each.wanted.amax(1).tolist() == pytest.approx([0.6] * len(each.kept))


def test_a_batch_of_nothing_but_risky_labels_is_finite_and_teaches_only_background_elsewhere(frames):
    run = prepare(recipe("rpld", frames, kept_share=0.0), None)
    batch = with_risk(run.batches[0], 0.9)
    run.method.survey({name: [0.9] * 10 for name in batch.names})
    terms = run.learner(batch)
    torch.stack(list(terms.values())).sum().backward()
    assert (terms["box"].item(), terms["class"].item()) == (0.0, 0.0)
    assert torch.isfinite(terms["objectness"])
    assert terms["objectness"] > 0
    assert all(torch.isfinite(p.grad).all() for p in run.trainee.model.parameters() if p.grad is not None)


def test_the_region_of_a_risky_label_has_no_gradient_in_class_and_objectness(frames):
    run = prepare(recipe("rpld", frames, kept_share=0.0), None)
    batch = run.batches[0]
    risks = [torch.zeros_like(labels.risk) for labels in batch.labels]
    risks[0][0] = 0.9
    labels = [replace(each, risk=risk) for each, risk in zip(batch.labels, risks, strict=True)]
    batch = replace(batch, labels=labels)
    run.method.survey({})
    region = ANCHORS.in_px(labels[0].boxes[0])
    places = torch.arange(0, len(ANCHORS.cells), 5)
    shown = []
    head = run.trainee.model.head.forward

    def see(neck):
        """The head, of which every fifth anchor says the risky box."""
        raw = head(neck).detach()
        raw[0, places, BOX] = encoded(ANCHORS, region.expand(len(places), 4), places)
        shown.append(raw.requires_grad_())
        return raw

    run.trainee.model.head.forward = see
    torch.stack(list(run.learner(batch).values())).sum().backward()
    [raw] = shown
    kept = raw.grad[0, :, CLASSES].any(1)  # anchors that a kept label took
    on_region = iou(ANCHORS.decoded(raw[0, :, BOX].detach()), region) > 0.5
    silent = on_region & ~kept
    assert int(silent.sum()) > len(places) // 2
    assert not raw.grad[0, silent].any()
    assert raw.grad[0, ~on_region, OBJECTNESS].all()


def test_the_threshold_takes_labels_for_background_below_it(frames):
    run = prepare(recipe("threshold", frames, least_score=0.6), None)
    batch = run.batches[0]
    above, below = (run.learner(with_risk(batch, 0.0, score)) for score in (0.6, 0.5))
    plain = prepare(recipe("none", frames), None).learner(batch)
    assert all(torch.equal(above[name], plain[name]) for name in plain)
    assert (below["box"].item(), below["class"].item()) == (0.0, 0.0)


def test_the_log_says_how_many_labels_of_each_category_are_believed(frames, tmp_path):
    train(recipe("rpld", frames), tmp_path)
    [row] = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert sum(row["histograms"]["label weights"]["counts"]) > 0
    assert {"box", "objectness", "class"} <= row.keys()
    assert "RPLD: of" in (tmp_path / "log.txt").read_text()
