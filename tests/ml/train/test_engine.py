"""The loop's promises: it learns, it resumes exactly, it stops with its reason and keeps what it had."""

import json
import shutil
from dataclasses import replace

import pytest
import torch

from ml.errors import BadAnnotations, BadCheckpoint, NonFiniteLoss
from ml.models.detector import build_detector
from ml.models.grounding_dino import nano
from ml.models.grounding_dino.checkpoint import load_checkpoint
from ml.synth import random_scene
from ml.taxonomies import GDDA13
from ml.train import engine
from ml.train.engine import losses, rate_share, train
from ml.train.recipe import TrainRecipe, read_recipe
from ml.train.samples import batch_of

RECIPE = TrainRecipe(iterations=4, seed=3, width=128, height=96, batch=2, warm_up=2, checkpoint_every=2, threads=1)


def weights(folder):
    return nano.MMGroundingDinoForObjectDetection.from_pretrained(folder / "model").state_dict()


def test_a_resumed_run_ends_where_an_unbroken_one_does(tmp_path):
    train(RECIPE, tmp_path / "whole")
    train(RECIPE, tmp_path / "broken", stop=iter([False, True]).__next__)
    assert json.loads((tmp_path / "broken" / "state" / "state.json").read_text())["iteration"] == 2
    train(RECIPE, tmp_path / "broken")
    whole, resumed = weights(tmp_path / "whole"), weights(tmp_path / "broken")
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_every_parameter_gets_a_gradient():
    """From the second step on: attention's offsets begin at zero weights, which hides what feeds them for one step."""
    model, tokenizer = nano.build_model(seed=0), nano.build_tokenizer()
    optimiser = torch.optim.SGD(model.parameters(), lr=1e-3)
    for number in range(2):
        optimiser.zero_grad()
        torch.stack(list(losses(model, batch_of(RECIPE, number, tokenizer)).values())).sum().backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
    assert [name for name, p in model.named_parameters() if p.grad is None or not p.grad.any()] == []


def test_bf16_gives_nearly_the_same_loss():
    model, batch = nano.build_model(seed=0), batch_of(RECIPE, 0, nano.build_tokenizer())
    full, half = (
        sum(term.item() for term in losses(model, batch, precision).values()) for precision in ("fp32", "bf16")
    )
    assert half == pytest.approx(full, rel=0.02)


def test_a_batch_is_a_function_of_its_number():
    tokenizer = nano.build_tokenizer()
    first, again, next_one = (batch_of(RECIPE, number, tokenizer) for number in (5, 5, 6))
    assert torch.equal(first.pixels, again.pixels)
    assert first.prompt.text == again.prompt.text
    assert not torch.equal(first.pixels, next_one.pixels)


def test_one_batch_can_be_learnt(monkeypatch, tmp_path):
    recipe = replace(RECIPE, iterations=12, warm_up=1, learning_rate=1e-3)
    fixed = batch_of(recipe, 0, nano.build_tokenizer())
    monkeypatch.setattr(engine, "batch_of", lambda *_: fixed)
    before = sum(term.item() for term in losses(nano.build_model(recipe.seed), fixed).values())
    train(recipe, tmp_path)
    after = json.loads((tmp_path / "metrics.jsonl").read_text().splitlines()[-1])["loss"]
    assert after < 0.9 * before


def test_a_loss_that_is_not_finite_stops_with_its_reason_and_keeps_the_checkpoint(monkeypatch, tmp_path):
    train(replace(RECIPE, iterations=2), tmp_path)
    kept = (tmp_path / "state" / "state.json").read_text()
    monkeypatch.setattr(engine, "losses", lambda *_: {"decoder_0": torch.tensor(float("nan"), requires_grad=True)})
    with pytest.raises(NonFiniteLoss, match="iteration 2"):
        train(RECIPE, tmp_path)
    assert (tmp_path / "state" / "state.json").read_text() == kept


def test_a_state_of_another_model_is_refused(tmp_path):
    train(replace(RECIPE, iterations=1), tmp_path)
    (tmp_path / "state" / "model.safetensors").write_bytes(b"\x00" * 100)
    with pytest.raises(BadCheckpoint, match="does not fit"):
        train(RECIPE, tmp_path)


def test_a_missing_init_is_named(tmp_path):
    with pytest.raises(BadCheckpoint, match="nowhere"):
        train(replace(RECIPE, init=str(tmp_path / "nowhere")), tmp_path / "run")


def test_a_run_begins_at_its_init_and_resumes_without_it(tmp_path):
    init = tmp_path / "init"
    nano.save(nano.build_model(seed=9), init)
    recipe = replace(RECIPE, init=str(init), learning_rate=1e-12)
    train(recipe, tmp_path / "run", stop=lambda: True)
    started, wanted = weights(tmp_path / "run"), nano.build_model(seed=9).state_dict()
    assert all(torch.allclose(started[name], wanted[name], atol=1e-6) for name in wanted)
    shutil.rmtree(init)
    train(recipe, tmp_path / "run")
    assert json.loads((tmp_path / "run" / "state" / "state.json").read_text())["iteration"] == RECIPE.iterations


def test_the_rate_warms_up_and_falls():
    recipe = replace(RECIPE, iterations=100, warm_up=10)
    shares = [rate_share(recipe, iteration) for iteration in range(100)]
    assert shares[0] == pytest.approx(0.1)
    assert max(shares) == shares[9]
    assert shares[-1] < 0.03


def test_the_checkpoint_folder_is_a_detector(tmp_path):
    folder = train(replace(RECIPE, iterations=1), tmp_path)
    detector = build_detector(str(folder))
    assert load_checkpoint(folder).shortest_edge == RECIPE.height
    [found] = detector.predict([random_scene(1, 128, 96).image], GDDA13, score_threshold=0.5, candidate_threshold=0.001)
    assert all(d.box_xywh[0] >= 0 and d.box_xywh[0] + d.box_xywh[2] <= 128 for d in found)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ('{"iterations": 5, "lr": 1}', "unknown: lr"),
        ("{}", "missing"),
        ('{"iterations": "5"}', "must be of kind int"),
        ('{"iterations": 5, "precision": "fp8"}', "'fp8' is no precision"),
    ],
)
def test_a_wrong_recipe_says_what_is_wrong(tmp_path, text, message):
    path = tmp_path / "recipe.json"
    path.write_text(text)
    with pytest.raises(BadAnnotations, match=message):
        read_recipe(path)
