"""Checkpoints by folder, prompts by character offsets, boxes in the frame's own pixels."""

import numpy as np
import pytest
import torch
from transformers import GroundingDinoConfig, GroundingDinoForObjectDetection

from ml.errors import BadCheckpoint, IncompatibleTaxonomy
from ml.models.detector import build_detector, bundled_names
from ml.models.grounding_dino import nano
from ml.models.grounding_dino.prompts import category_probs, prompt_text, prompts, tokenise
from ml.schemas import Category
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
            assert x + w <= width + 1e-3
            assert y + h <= height + 1e-3
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
    assert build_detector(str(tmp_path)).model.config.model_type == "grounding-dino"


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


def test_the_bundled_models_load():
    assert "gdino-nano" in bundled_names()
    assert len(build_detector("bundled:gdino-nano").sha256) == 64
