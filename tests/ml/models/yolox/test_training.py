"""YOLOX through the real training loop: it learns, resumes exactly, begins where it is told, and its folder is a detector."""

from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from ml.data.transforms import Sample
from ml.errors import BadCheckpoint, BadRecipe, IncompatibleTaxonomy
from ml.models.detector import build_detector
from ml.models.grounding_dino import nano as grounding_dino
from ml.models.yolox import folder as folders
from ml.models.yolox.anchors import anchors_of
from ml.models.yolox.cost import cost_of
from ml.models.yolox.criterion import detection_loss
from ml.models.yolox.folder import Card
from ml.models.yolox.network import YOLOX
from ml.models.yolox.sizes import SIZES
from ml.models.yolox.training import Collate, begin
from ml.schemas import Category
from ml.synth import random_scene
from ml.taxonomies import GDDA13
from ml.train.engine import prepare, train
from ml.train.families import MODULES
from ml.train.observation import GRADIENTS, MEMORY, NECK, QUERIES, Asked
from ml.train.recipe import TrainRecipe, recipe_of

RECIPE = TrainRecipe(
    family="yolox",
    size="nano",
    iterations=4,
    seed=3,
    width=128,
    height=96,
    batch=2,
    warm_up=1,
    checkpoint_every=2,
    threads=1,
    precision="fp32",
)
FRAME = random_scene(1, 160, 96).image


@pytest.fixture(scope="module")
def official(tmp_path_factory):
    """A checkpoint in the official layout, whose classes are told apart by their biases."""
    torch.manual_seed(5)
    model = YOLOX(SIZES["nano"])
    with torch.no_grad():
        for head in model.head.cls_preds:
            head.bias.copy_(torch.arange(80.0))
    path = tmp_path_factory.mktemp("official") / "nano.pth"
    torch.save({"model": model.state_dict(), "start_epoch": 300}, path)
    return path


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The folder of a short run, whole."""
    path = tmp_path_factory.mktemp("run")
    train(RECIPE, path)
    return path


def weights(folder, name="model"):
    return load_file(folder / name / folders.WEIGHTS)


def loss_of(run, batch, precision="fp32", asked=None):
    seen = run.trainee.look(run.trainee.model, batch, precision, *([asked] if asked else []))
    return torch.stack(list(seen.terms.values())).sum()


def stop_after(steps):
    return iter([False] * (steps - 1) + [True]).__next__


def test_one_batch_can_be_learnt():
    run = prepare(replace(RECIPE, iterations=30, learning_rate=4e-3), None)
    fixed = run.batches[0]
    first, *_, last = [run.step(fixed, number)["loss"] for number in range(30)]
    assert last < 0.75 * first


@pytest.mark.parametrize("loaders", [0, 1])
def test_a_resumed_run_ends_where_an_unbroken_one_does(trained, tmp_path, loaders):
    first = train(replace(RECIPE, loaders=loaders), tmp_path, stop=stop_after(3))
    assert (first["stopped"], first["iteration"]) == (True, 3)
    train(RECIPE, tmp_path)
    whole, resumed = weights(trained), weights(tmp_path)
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_every_parameter_gets_a_gradient():
    run = prepare(replace(RECIPE, width=256, height=192), None)
    missing = {name for name, _ in run.trainee.model.named_parameters()}
    for number in range(4):  # a picture need not have an object for each level of the pyramid
        loss_of(run, run.batches[number]).backward()
        missing -= {name for name, p in run.trainee.model.named_parameters() if p.grad is not None and p.grad.any()}
    assert missing == set()


def test_a_step_in_bf16_is_finite_and_nearly_the_same_loss():
    run = prepare(RECIPE, None)
    batch = run.batches[0]
    full, half = (loss_of(run, batch, precision) for precision in ("fp32", "bf16"))
    half.backward()
    assert half.item() == pytest.approx(full.item(), rel=0.02)
    assert all(torch.isfinite(p.grad).all() for p in run.trainee.model.parameters() if p.grad is not None)


def test_statistics_begin_as_the_mean_of_what_was_seen():
    """Torch's own start, variance 1, would be with a fresh model for hundreds of steps."""
    run = prepare(RECIPE, None)
    model, means = run.trainee.model, []
    norm = model.backbone.backbone.stem.conv.bn
    norm.register_forward_hook(lambda module, inputs, output: means.append(inputs[0].mean((0, 2, 3))))
    for number in range(3):
        loss_of(run, run.batches[number])
        assert torch.allclose(norm.running_mean, torch.stack(means).mean(0), rtol=1e-4, atol=1e-4)
    for number in range(35):
        loss_of(run, run.batches[number % 3])
    assert norm.momentum == 0.03


def test_pictures_without_labels_can_be_learnt_from():
    run = prepare(RECIPE, None)
    bare = Sample.certain(random_scene(2, 128, 96).image, torch.zeros(0, 4).numpy(), ())
    terms = run.step(Collate()([bare, bare], GDDA13), 0)
    assert terms["objectness"] > 0
    assert (terms["box"], terms["class"]) == (0.0, 0.0)


def test_labels_are_rows_of_the_categories_and_others_are_left_out():
    scene = random_scene(4, 128, 96)
    boxes = torch.tensor([[32.0, 24, 64, 48], [0, 0, 10, 10]])
    batch = Collate()([Sample.certain(scene.image, boxes.numpy(), ("bus", "unicorn"))], GDDA13)
    [labels] = batch.labels
    assert batch.names == [category.name for category in GDDA13]
    assert [batch.names[row] for row in labels.labels] == ["bus"]
    assert labels.boxes.tolist() == [[0.5, 0.5, 0.5, 0.5]]
    assert batch.pixels[0, :, 0, 0].tolist() == scene.image[0, 0, ::-1].tolist()


def test_the_trained_folder_is_a_detector(trained):
    detector = build_detector(str(trained / "model"))
    [found] = detector.predict([FRAME], GDDA13, score_threshold=0.5, candidate_threshold=1e-5)
    assert detector.name == "model"
    assert len(detector.sha256) == 64
    assert len(found) > 0
    assert found == sorted(found, key=lambda detection: -detection.score)
    assert all(x >= 0 and y >= 0 and x + w <= 160 and y + h <= 96 for x, y, w, h in (d.box_xywh for d in found))


def test_a_learnt_picture_is_detected(tmp_path):
    """One picture again and again: its largest object is found where it is."""
    run = prepare(replace(RECIPE, iterations=120, learning_rate=2e-3, ema_decay=0.5, warm_up=5), None)
    scene = random_scene(50, 128, 96)
    largest = max(scene.boxes, key=lambda box: box.box_xywh[2] * box.box_xywh[3])
    sample = Sample.certain(scene.image, torch.tensor([largest.box_xywh]).float().numpy(), (largest.category,))
    batch = Collate()([sample] * 4, GDDA13)
    for number in range(120):
        run.step(batch, number)
    run.trainee.save(run.average, tmp_path)
    best = build_detector(str(tmp_path)).predict([scene.image], GDDA13, score_threshold=0.3)[0][0]
    assert best.category == largest.category
    assert best.box_xywh == pytest.approx(largest.box_xywh, abs=8)


def test_a_model_asked_for_what_it_does_not_know_says_what_it_knows(trained):
    detector = build_detector(str(trained / "model"))
    with pytest.raises(IncompatibleTaxonomy, match="knows car, bus, truck"):
        detector.predict([FRAME], (Category("kite", "kite"),))


def test_a_run_begins_at_an_official_checkpoint(official):
    cats = (Category("bicyclist", "bicyclist", aliases=("bicycle",)), Category("car", "car"), Category("kerb", "kerb"))
    trainee = begin(replace(RECIPE, init=f"yolox:{official}", size="", categories=cats), None)
    before = torch.load(official, weights_only=True)["model"]
    after = trainee.model.state_dict()
    same = [name for name in after if "cls_preds" not in name]
    assert all(torch.equal(after[name], before[name]) for name in same)
    assert trainee.card.size == "nano"
    for level in range(3):
        bias = after[f"head.cls_preds.{level}.bias"].tolist()
        assert bias[:2] == [1.0, 2.0]  # COCO's bicycle and car
        assert bias[2] == pytest.approx(-4.595120, abs=1e-5)
    assert trainee.fresh == ("kerb",)
    assert "kerb" in trainee.notes[0]


def test_a_run_goes_on_from_a_folder_of_our_own_with_other_categories(trained):
    cats = (Category("truck", "truck"), Category("kerb", "kerb"), Category("car", "car"))
    trainee = begin(replace(RECIPE, init=str(trained / "model"), size="", categories=cats), None)
    before, after = weights(trained), trainee.model.state_dict()
    rows = [[category.name for category in GDDA13].index(name) for name in ("truck", "car")]
    name = "head.cls_preds.1.weight"
    assert torch.equal(after[name][[0, 2]], before[name][rows])
    assert torch.equal(
        after["backbone.backbone.stem.conv.conv.weight"], before["backbone.backbone.stem.conv.conv.weight"]
    )
    assert trainee.fresh == ("kerb",)


def test_a_run_that_began_elsewhere_resumes_without_it(official, tmp_path):
    recipe = replace(RECIPE, init=f"yolox:{official}", size="", iterations=2)
    train(recipe, tmp_path, stop=stop_after(1))
    assert train(replace(recipe, init="yolox:gone.pth"), tmp_path)["iteration"] == 2


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"size": "giant"}, "size", "known: nano, tiny, s, m, l, x"),
        ({"init": "official", "size": "tiny"}, "size", "is a YOLOX nano"),
        ({"init": "bundled:gdino-nano", "size": "tiny-mini"}, "size", "tiny-lite"),
        ({"init": "owner/name"}, "init", "can be trained"),
        ({"family": "ssd"}, "family", ", ".join(MODULES)),
    ],
)
def test_what_does_not_fit_is_refused_by_field(official, values, field, message):
    values = {**values, **({"init": f"yolox:{official}"} if values.get("init") == "official" else {})}
    with pytest.raises(BadRecipe, match=message) as refused:
        prepare(recipe_of({"family": "yolox", "width": 128, "height": 96, **values}), None)
    assert refused.value.field == field


def test_another_kind_of_model_is_refused_by_its_name(tmp_path):
    grounding_dino.save(grounding_dino.build_model(seed=0), tmp_path)
    with pytest.raises(BadCheckpoint, match="not 'headway-yolox'"):
        begin(replace(RECIPE, init=str(tmp_path), size=""), None)
    with pytest.raises(BadCheckpoint, match="not a file"):
        begin(replace(RECIPE, init="yolox:gone.pth", size=""), None)


def test_a_grounding_dino_does_not_begin_at_a_yolox(trained):
    with pytest.raises(BadCheckpoint, match="headway-yolox"):
        prepare(replace(RECIPE, family="grounding-dino", size="", init=str(trained / "model")), None)


def test_a_saved_run_of_other_categories_is_refused(trained):
    with pytest.raises(IncompatibleTaxonomy, match="not for kerb"):
        begin(replace(RECIPE, categories=(Category("kerb", "kerb"),)), trained / "model")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (folders.CONFIG, "{", "cannot be read as JSON"),
        (folders.CONFIG, '{"model_type": "headway-yolox"}', "lacks a part"),
        (folders.WEIGHTS, "no weights", "is no YOLOX nano of 13 categories"),
    ],
)
def test_a_damaged_folder_is_refused_by_its_file(trained, tmp_path, name, text, message):
    for part in (folders.CONFIG, folders.WEIGHTS):
        (tmp_path / part).write_bytes((trained / "model" / part).read_bytes())
    (tmp_path / name).write_text(text)
    with pytest.raises(BadCheckpoint, match=message):
        folders.load(tmp_path)


def test_the_neck_is_shown_as_it_is_with_gradient():
    run = prepare(RECIPE, None)
    batch, model = run.batches[0], run.trainee.model
    seen = run.trainee.look(model, batch, "bf16", Asked(frozenset({NECK})))
    channels = run.trainee.shape(model).neck
    assert [tuple(level.shape) for level in seen.view.neck] == [
        (2, count, 96 // stride, 128 // stride) for count, stride in zip(channels, (8, 16, 32), strict=True)
    ]
    assert all(level.dtype == torch.float32 and level.requires_grad for level in seen.view.neck)
    assert (seen.view.rows, seen.view.gradients, seen.view.memory) == ({}, (), ())


@pytest.mark.parametrize("frozen", [False, True], ids=["student", "frozen teacher"])
def test_gradients_are_those_of_the_loss_with_respect_to_each_level_alone(frozen):
    """A student whose finer levels feed its coarser ones must say the same as a frozen teacher, whose graph begins at the neck."""
    run = prepare(RECIPE, None)
    batch, model = run.batches[0], run.trainee.model.eval()
    model.requires_grad_(requires_grad=not frozen)
    seen = run.trainee.look(model, batch, "fp32", Asked(frozenset({NECK, GRADIENTS})))
    leaves = [level.detach().requires_grad_() for level in seen.view.neck]
    terms = detection_loss(model.head(leaves), anchors_of(128, 96, torch.device("cpu")), batch.labels)
    expected = torch.autograd.grad(torch.stack(list(terms.values())).sum(), leaves)
    assert all(torch.equal(*pair) for pair in zip(seen.view.gradients, expected, strict=True))
    assert all(g.any() and not g.requires_grad for g in seen.view.gradients)
    assert all(p.grad is None for p in model.parameters())


def test_asking_for_gradients_changes_no_gradient_of_the_student():
    run = prepare(RECIPE, None)
    found = []
    for taps in (frozenset(), frozenset({NECK, GRADIENTS})):
        run.trainee.model.zero_grad()
        loss_of(run, run.batches[0], asked=Asked(taps)).backward()
        found.append([p.grad for p in run.trainee.model.parameters() if p.grad is not None])
    assert all(torch.allclose(*pair, atol=1e-5) for pair in zip(*found, strict=True))


@pytest.mark.parametrize("tap", [QUERIES, MEMORY])
def test_what_a_yolox_does_not_have_is_refused(tap):
    run = prepare(RECIPE, None)
    with pytest.raises(BadRecipe, match="does not have") as refused:
        run.trainee.look(run.trainee.model, run.batches[0], "fp32", Asked(frozenset({tap})))
    assert refused.value.field == "method"


def test_channels_are_taken_before_the_first_step(tmp_path):
    """The run begins smaller than the model that it begins from, says so, and goes on from its own state without taking more."""
    folders.save(YOLOX(SIZES["nano"], 2), Card("nano", GDDA13[:2], 64, 64), tmp_path / "whole")
    whole = cost_of(folders.load(tmp_path / "whole")[0], 64, 64).gflops
    asked = {"family": "yolox", "init": str(tmp_path / "whole"), "width": 64, "height": 64, "most_gflops": whole * 0.7}
    recipe = replace(recipe_of(asked), categories=GDDA13[:2])
    begun = begin(recipe, None)
    assert cost_of(begun.model, 64, 64).gflops <= whole * 0.7
    assert begun.card.pruned
    assert "of the channels were taken" in begun.notes[-1]
    begun.save(begun.model, tmp_path / "state")
    again = begin(recipe, tmp_path / "state")
    assert cost_of(again.model, 64, 64) == cost_of(begun.model, 64, 64)


def test_fresh_weights_have_no_channels_to_choose_by():
    with pytest.raises(BadRecipe, match="none is named to begin from"):
        begin(recipe_of({"family": "yolox", "size": "nano", "most_gflops": 0.1}), None)


def test_through_eight_bits_it_learns_and_is_saved_as_an_ordinary_network(tmp_path):
    begun = begin(recipe_of({"family": "yolox", "size": "nano", "eight_bits": True}), None)
    assert begun.eight_bits
    begun.save(begun.model, tmp_path)
    assert folders.load(tmp_path)[0].state_dict().keys() == begun.model.state_dict().keys()
