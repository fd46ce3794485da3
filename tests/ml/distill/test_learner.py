"""Student and teacher for real: the bundled nano on small rendered frames."""

import json
from dataclasses import replace

import pytest
import torch

from ml.distill.methods.cld import CORRESPONDENCES
from ml.distill.registry import found
from ml.distill.teacher import digest_of, pictures_return
from ml.errors import BadRecipe
from ml.train.engine import prepare, train
from ml.train.recipe import TrainRecipe, method_named, recipe_of
from tests.ml.distill.conftest import HEIGHT, WIDTH

NANO = "bundled:gdino-nano"
COMMON = {option.name for option in method_named("none").options}
SERVED = [name for name, kind in found().items() if "grounding-dino" in kind.families]


def recipe(method, frames=None, **more):
    """A small run whose pictures come again."""
    values = {
        "method": method,
        "init": NANO,
        "width": WIDTH,
        "height": HEIGHT,
        "batch": 2,
        "iterations": 4,
        "warm_up": 1,
    }
    values |= {"threads": 1, "precision": "fp32", "denoising_queries": 8, "full_prompt_share": 1.0, "seed": 1}
    values |= {"train": str(frames)} if frames else {}
    values |= {"teacher": NANO} if method_named(method).needs_teacher else {}
    return recipe_of({**values, **more})


def shaken(run):
    """The student, moved away from its teacher."""
    draw = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in run.trainee.model.parameters():
            parameter.mul_(1 + 0.05 * torch.randn(parameter.shape, generator=draw))
    return run


def teacher_of(run):
    (teacher,) = run.learner._teacher
    return teacher._trainee.model if teacher else None


def term_of(run, batch):
    """The method's terms alone, as one number with gradient."""
    terms = run.learner(batch)
    own = [value for name, value in terms.items() if name.startswith(f"{run.method.name}_")]
    return torch.stack(own).sum() if own else None


@pytest.mark.parametrize("name", SERVED)
def test_every_method_teaches_the_student_and_leaves_the_teacher_bit_for_bit(name, frames):
    run = shaken(prepare(recipe(name, frames), None))
    teacher, before = teacher_of(run), None
    if teacher is not None:
        before = digest_of(teacher.state_dict())
        term = term_of(run, run.batches[0])
        assert torch.isfinite(term)
        gradients = torch.autograd.grad(term, list(run.trainee.model.parameters()), allow_unused=True)
        assert sum(part is not None and bool(part.any()) for part in gradients) > 10
    for number in range(2):
        terms = run.step(run.batches[number], number)
        assert all(torch.isfinite(torch.tensor(value)) for value in terms.values())
    if teacher is not None:
        assert digest_of(teacher.state_dict()) == before
        assert all(parameter.grad is None for parameter in teacher.parameters())


@pytest.mark.parametrize(
    "name", [name for name in SERVED if found()[name].at_teacher == "zero" and found()[name].needs_teacher]
)
def test_a_student_that_is_its_teacher_has_nothing_to_learn_from_it(name, frames):
    run = prepare(recipe(name, frames, denoising_queries=0), None)
    apart = term_of(shaken(prepare(recipe(name, frames, denoising_queries=0), None)), run.batches[0]).item()
    assert term_of(run, run.batches[0]).item() == pytest.approx(
        0, abs=0.02 * apart
    )  # the teacher is remembered in half precision


@pytest.mark.parametrize("correspondence", CORRESPONDENCES)
def test_cld_finds_its_rows_by_every_strategy(correspondence, frames):
    options = {"correspondence": correspondence, "denoising_queries": 0}
    equal, apart = (prepare(recipe("cld", frames, **options), None) for _ in range(2))
    term = term_of(shaken(apart), apart.batches[0])
    assert term.item() > 0
    assert term_of(equal, equal.batches[0]).item() == pytest.approx(0, abs=0.02 * term.item())
    gradients = torch.autograd.grad(term, list(apart.trainee.model.parameters()), allow_unused=True)
    assert sum(part is not None and bool(part.any()) for part in gradients) > 10


@pytest.mark.parametrize("name", SERVED)
def test_half_precision_ends_before_a_method_begins(name, frames, monkeypatch):
    """Softmaxes and divergences need single precision."""
    run = shaken(prepare(recipe(name, frames, precision="bf16"), None))
    seen = []
    monkeypatch.setattr(
        run.method, "forward", lambda step, forward=run.method.forward: seen.append(step) or forward(step)
    )
    terms = run.step(run.batches[0], 0)
    assert all(torch.isfinite(torch.tensor(value)) for value in terms.values())
    for view in (view for step in seen for view in (step.student, step.teacher)):
        parts = [view.text, *view.neck, *view.memory, *view.gradients]
        parts += [part for rows in view.rows.values() for part in (rows.logits, rows.boxes, rows.states)]
        assert all(part.dtype == torch.float32 for part in parts if part is not None)
    assert bool(seen) == found()[name].needs_teacher


def test_cld_does_not_see_the_denoising_queries(frames):
    found = []
    for queries in (0, 40):
        run = shaken(prepare(recipe("cld", frames, denoising_queries=queries), None))
        found.append(run.learner(run.batches[0])["cld_lists"].item())
    assert found[0] == pytest.approx(found[1], rel=1e-3)


def test_what_the_teacher_said_is_remembered_and_used(frames, tmp_path, monkeypatch):
    runs = [prepare(recipe("cld", frames, teacher_cache=str(tmp_path / "cache")), None) for _ in range(2)]
    batch = runs[0].batches[0]
    first = runs[0].learner(batch)["cld_lists"].item()
    kept = list((tmp_path / "cache").glob("*/*.safetensors"))
    assert len(kept) == len(batch.pixels)
    monkeypatch.setattr(runs[1].learner._teacher[0], "_look", None)  # asked again it would fail
    assert runs[1].learner(batch)["cld_lists"].item() == first
    kept[0].write_bytes(b"broken")
    monkeypatch.undo()
    assert runs[1].learner(batch)["cld_lists"].item() == first
    assert kept[0].stat().st_size > 1000


def test_a_later_epoch_asks_the_teacher_nothing_new(frames, tmp_path):
    """The pictures come in another order, and the words of the prompt are the same."""
    cache = tmp_path / "cache"
    run = prepare(recipe("cld", frames, flip_share=0.0, teacher_cache=str(cache)), None)
    batches = run.batches.source.length // 2
    for number in range(batches):
        run.learner(run.batches[number])
    kept = len(list(cache.glob("*/*.safetensors")))
    assert kept == 2 * batches
    for number in range(batches, 2 * batches):
        run.learner(run.batches[number])
    assert len(list(cache.glob("*/*.safetensors"))) == kept


def test_the_memory_has_a_limit(frames, tmp_path):
    run = prepare(recipe("cld", frames, teacher_cache=str(tmp_path / "cache"), teacher_cache_gb=0.0), None)
    assert torch.isfinite(run.learner(run.batches[0])["cld_lists"])
    assert not list((tmp_path / "cache").glob("*/*"))


def test_pictures_that_never_come_again_are_not_remembered(frames):
    again = recipe("cld", frames)
    assert pictures_return(again)
    for change in ({"largest_zoom": 1.5}, {"mosaic_share": 0.1}, {"camera_strength": 1.0}, {"smallest_share": 0.5}):
        assert not pictures_return(replace(again, **change))
    assert not pictures_return(replace(again, full_prompt_share=0.5))
    assert not pictures_return(TrainRecipe())


def test_a_distilled_run_resumes_exactly_with_its_adapters(frames, tmp_path):
    chosen = recipe("mmkd", frames, teacher_cache=str(tmp_path / "cache"), checkpoint_every=1)
    train(chosen, tmp_path / "whole")
    asked = iter([False, False, True, False])
    train(chosen, tmp_path / "broken", stop=lambda: next(asked))
    train(chosen, tmp_path / "broken")
    whole, broken = ((tmp_path / name / "model" / "model.safetensors").read_bytes() for name in ("whole", "broken"))
    assert whole == broken


def test_rows_hold_each_term_and_histograms(frames, tmp_path):
    train(recipe("mmkd", frames), tmp_path)
    rows = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    [last] = [row for row in rows if row["kind"] == "train"]
    assert last["iteration"] == 4
    assert sum(last["histograms"]["label weights"]["counts"]) > 0
    assert "RPLD: of" in (tmp_path / "log.txt").read_text()


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"method": "cld", "teacher": ""}, "teacher", "learns from a teacher"),
        ({"method": "cld", "family": "yolox"}, "family", "YOLOX has neither"),
        ({"method": "rpld", "reliable_risk": 0.9}, "reliable_risk", "above a risky one's"),
        ({"method": "cld", "teacher": NANO, "cld_weight": "much"}, "cld_weight", "must be of kind float"),
        ({"method": "none", "cld_weight": 1.0}, "cld_weight", "unknown"),
    ],
)
def test_what_does_not_fit_is_refused_by_field(values, field, message):
    with pytest.raises(BadRecipe, match=message) as error:
        prepare(recipe_of({"init": NANO, "width": WIDTH, "height": HEIGHT, **values}), None)
    assert error.value.field == field


def test_the_official_form_says_which_batch_it_can_take(frames):
    run = prepare(recipe("cld_official", frames, batch=4), None)
    with pytest.raises(BadRecipe, match="picture 4 for decoder layer 4"):
        run.learner(run.batches[0])
