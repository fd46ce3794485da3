"""Checkpoints by folder, prompts by character offsets, boxes in the frame's own pixels."""

import json
import shutil

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import GroundingDinoConfig, GroundingDinoForObjectDetection

from ml.boxes import iou_matrix, xywh_to_xyxy
from ml.errors import BadCheckpoint, IncompatibleTaxonomy
from ml.models.detector import build_detector
from ml.models.grounding_dino import nano
from ml.models.grounding_dino.adapter import scaled_size
from ml.models.grounding_dino.checkpoint import load_checkpoint
from ml.models.grounding_dino.prompts import category_probs, prompt_text, prompts, tokenise
from ml.models.shipped import bundled_names
from ml.schemas import Category
from ml.synth import random_scene
from ml.taxonomies import GDDA13, PRESETS


@pytest.fixture(scope="module")
def tokenizer():
    return nano.build_tokenizer()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A fresh, untrained nano model; its boxes are arbitrary, but lawful."""
    path = tmp_path_factory.mktemp("nano")
    nano.save(nano.build_model(seed=0), path)
    (path / "preprocessor_config.json").write_text('{"size": {"shortest_edge": 96, "longest_edge": 160}}')
    (path / "headway.json").write_text('{"precision": "fp32"}')  # untrained answers hang on the last digit
    return path


@pytest.fixture(scope="module")
def detector(folder):
    return build_detector(str(folder))


def frame(seed, width=200, height=120):
    return np.random.default_rng(seed).integers(0, 255, (height, width, 3), np.uint8)


def found(detector, frames, categories=GDDA13):
    return detector.predict(frames, categories, score_threshold=0.02, candidate_threshold=0.005, nms_iou=0.9)


def test_spans_are_offsets_not_searches(tokenizer):
    """'car' stands in 'car rear' too; its tokens must be its own."""
    car, rear = Category("car", "car"), Category("car_reg", "car rear")
    prompt = tokenise([rear, car], tokenizer, 64)
    assert prompt.text == "car rear. car."
    owners = prompt.token_map.sum(0)
    assert owners.max() == 1
    assert prompt.token_map.sum(1).tolist() == [2, 1]
    assert prompt.token_map[0].argmax() < prompt.token_map[1].argmax()


def test_prompt_text_and_spans():
    text, spans = prompt_text(["car", "car rear"])
    assert text == "car. car rear."
    assert [text[a:b] for a, b in spans] == ["car", "car rear"]


@pytest.mark.parametrize("preset", PRESETS)
def test_no_word_of_a_preset_is_unknown(tokenizer, preset):
    [prompt] = prompts(PRESETS[preset], tokenizer, 64)
    assert tokenizer.unk_token_id not in prompt.input_ids[0].tolist()


def test_a_long_taxonomy_takes_several_prompts(tokenizer):
    many = [Category(f"c{i}", f"strange vehicle number {i}") for i in range(40)]
    parts = prompts(many, tokenizer, 64)
    assert len(parts) > 1
    assert [c.name for part in parts for c in part.categories] == [c.name for c in many]


def test_a_phrase_without_tokens_is_refused(tokenizer):
    with pytest.raises(IncompatibleTaxonomy, match="empty"):
        tokenise([Category("empty", " ")], tokenizer, 64)


def test_probability_is_the_mean_of_the_tokens():
    logits, token_map = torch.tensor([[0.0, 0.0, 2.0, -50.0]]), torch.tensor([[1.0, 0.0, 1.0]])
    assert category_probs(logits, token_map).item() == pytest.approx((0.5 + 0.880797) / 2, abs=1e-6)


def test_boxes_lie_inside_frames_of_any_size(detector):
    sizes = [(200, 120), (333, 97), (64, 200)]
    for (width, height), boxes in zip(
        sizes, found(detector, [frame(i, *size) for i, size in enumerate(sizes)]), strict=True
    ):
        for box in boxes:
            x, y, w, h = box.box_xywh
            assert min(x, y) >= 0
            assert min(w, h) >= 1
            assert x + w <= width
            assert y + h <= height
            assert set(box.probs) == {category.name for category in GDDA13}
            assert box.candidate == (box.score < 0.02)


def test_a_batch_gives_what_single_frames_give(detector):
    frames = [frame(i) for i in range(3)]
    together = found(detector, frames)
    alone = [found(detector, [one])[0] for one in frames]
    for a, b in zip(together, alone, strict=True):
        assert len(a) == len(b)
        for x, y in zip(a, b, strict=True):
            assert x.category == y.category
            assert x.box_xywh == pytest.approx(y.box_xywh, abs=0.05)
            assert x.score == pytest.approx(y.score, abs=1e-4)


def test_the_same_frame_gives_the_same_boxes(detector):
    assert found(detector, [frame(4)]) == found(detector, [frame(4)])


def test_the_order_of_the_prompt_changes_little():
    """Not nothing: text positions differ, and so do the tokens that attend to each other. A trained model has learnt to overlook it."""
    detector, picture = build_detector("bundled:gdino-nano"), random_scene(11, 448, 256).image
    one, other = (strong_cars(detector, picture, order) for order in (GDDA13, GDDA13[::-1]))
    assert len(one) > 0
    assert all(max(float(o) for o in iou_matrix([box], other)[0]) > 0.5 for box in one)


def strong_cars(detector, picture, categories):
    """(N, 4) corners of the cars that it is sure of."""
    [boxes] = detector.predict([picture], categories, score_threshold=0.4)
    return xywh_to_xyxy([box.box_xywh for box in boxes if box.category == "car" and not box.candidate])


def test_the_hash_is_of_the_weights(folder, detector, tmp_path):
    assert build_detector(str(folder)).sha256 == detector.sha256
    nano.save(nano.build_model(seed=1), tmp_path)
    assert build_detector(str(tmp_path)).sha256 != detector.sha256


def test_the_first_grounding_dino_loads_too(tmp_path):
    config = nano.build_config()
    values = {
        k: v for k, v in config.to_dict().items() if k not in ("model_type", "architectures", "transformers_version")
    }
    model = GroundingDinoForObjectDetection(GroundingDinoConfig(**values))
    nano.save(model, tmp_path)
    assert found(build_detector(str(tmp_path)), [frame(0)], GDDA13[:3]) is not None
    assert build_detector(str(tmp_path)).engine.model.config.model_type == "grounding-dino"


def test_pickled_weights_are_refused(tmp_path):
    torch.save({"x": torch.zeros(1)}, tmp_path / "pytorch_model.bin")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(BadCheckpoint, match="could run code"):
        build_detector(str(tmp_path))


@pytest.mark.parametrize("ref", ["/no/such/folder", "bundled:nothing", "./nothing", "no-slash"])
def test_a_reference_to_nothing_says_so(ref):
    with pytest.raises(BadCheckpoint):
        build_detector(ref)


def test_another_kind_of_model_is_named(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"")
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    with pytest.raises(BadCheckpoint, match="'bert'"):
        build_detector(str(tmp_path))


def without_some_weights(folder):
    weights = load_file(folder / "model.safetensors")
    kept = {name: tensor for name, tensor in weights.items() if "encoder.layers.0" not in name}
    save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})


def without_tokenizer(folder):
    for path in folder.glob("tokenizer*"):
        path.unlink()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda folder: (folder / "model.safetensors").write_bytes(bytes(100)), "could not be loaded"),
        (without_some_weights, "lacks .* of the model's weights"),
        (without_tokenizer, "no tokenizer"),
        (lambda folder: (folder / "preprocessor_config.json").write_text("{"), "preprocessor_config.json is not JSON"),
        (lambda folder: (folder / "config.json").write_text("{"), "could not be loaded"),
    ],
)
def test_a_damaged_checkpoint_is_refused_by_name(folder, tmp_path, damage, message):
    copy = shutil.copytree(folder, tmp_path / "copy")
    damage(copy)
    with pytest.raises(BadCheckpoint, match=message):
        build_detector(str(copy))


@pytest.mark.parametrize(
    ("size", "edges"),
    [
        ({"shortest_edge": 256, "longest_edge": 640}, (256, 640)),
        ({"height": 480, "width": 640}, (480, 640)),
        ({}, (800, 1333)),
    ],
)
def test_the_input_size_is_the_checkpoints(folder, tmp_path, size, edges):
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / "preprocessor_config.json").write_text(json.dumps({"size": size}))
    checkpoint = load_checkpoint(copy)
    assert (checkpoint.shortest_edge, checkpoint.longest_edge) == edges


@pytest.mark.parametrize(
    ("width", "height", "divisor", "expected"),
    [(960, 540, 1, (455, 256)), (960, 540, 32, (448, 256)), (540, 960, 32, (256, 448)), (2000, 100, 32, (640, 32))],
)
def test_the_input_is_a_multiple_of_the_divisor(width, height, divisor, expected):
    assert scaled_size(width, height, 256, 640, divisor) == expected


@pytest.mark.parametrize("name", bundled_names())
def test_the_bundled_models_load(name):
    detector = build_detector(f"bundled:{name}")
    assert len(detector.sha256) == 64
    assert 0 < detector.candidate_threshold < detector.score_threshold < 1
