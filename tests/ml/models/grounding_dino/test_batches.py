"""Frames of several sizes and taxonomies of several prompts give what each gives alone."""

import numpy as np
import pytest
import torch

from ml.models.detector import build_detector
from ml.models.grounding_dino import deformable, nano
from ml.models.grounding_dino.adapter import GroundingDinoDetector, normalised
from ml.models.grounding_dino.checkpoint import load_checkpoint
from ml.models.grounding_dino.engine import Engine
from ml.models.grounding_dino.prompts import tokenise
from ml.models.shipped import BUNDLED
from ml.schemas import Category
from ml.synth import random_scene
from ml.taxonomies import GDDA13

MANY = [*GDDA13, *(Category(f"extra_{i}", f"strange vehicle number {i}") for i in range(30))]


@pytest.fixture(scope="module")
def detector() -> GroundingDinoDetector:
    return build_detector("bundled:gdino-nano")


def test_frames_of_mixed_sizes_come_back_in_their_order(detector):
    sizes = [(640, 360), (320, 240), (640, 360), (320, 240)]
    frames = [random_scene(seed, *size).image for seed, size in enumerate(sizes)]
    together = detector.predict(frames, GDDA13)
    assert sum(map(len, together)) > 10
    for found, frame in zip(together, frames, strict=True):
        [alone] = detector.predict([frame], GDDA13)
        assert [d.category for d in found] == [d.category for d in alone]
        for one, other in zip(found, alone, strict=True):
            assert one.box_xywh == pytest.approx(other.box_xywh, abs=0.05)
            assert one.score == pytest.approx(other.score, abs=1e-3)


def test_frames_of_one_size_are_one_batch(detector, monkeypatch):
    batches: list[tuple[int, ...]] = []
    engine = detector.engine
    monkeypatch.setattr(detector, "engine", lambda pixels, *text: batches.append(len(pixels)) or engine(pixels, *text))
    frames = [random_scene(seed, *size).image for seed, size in enumerate([(320, 240), (640, 360), (320, 240)])]
    detector.predict(frames, GDDA13[:3])
    assert batches == [2, 1]


def test_each_of_several_prompts_is_encoded_once_and_answers_for_its_own_categories(tmp_path):
    nano.save(nano.build_model(seed=0), tmp_path)
    detector = GroundingDinoDetector(tmp_path, name="x", precision="fp32")
    calls: list[int] = []
    detector.engine.model.model.text_backbone.backbone.register_forward_hook(lambda *_: calls.append(1))
    frames = [random_scene(seed, 320, 192).image for seed in range(2)]
    parts = detector._tokenised(MANY)
    assert len(parts) > 1
    _, probs = detector._forward(frames, MANY)
    detector._forward(frames[:1], MANY)
    assert len(calls) == len(parts)
    queries, start = probs.shape[1] // len(parts), 0
    for number, part in enumerate(parts):
        _, alone = detector._forward(frames, part.categories)
        rows = probs[:, number * queries : (number + 1) * queries]
        own = slice(start, start + len(part.categories))
        assert np.allclose(rows[..., own], alone, atol=1e-4)
        assert not np.delete(rows, np.r_[own], axis=2).any(), "a query speaks only of the prompt that it read"
        start += len(part.categories)


def test_bf16_runs_without_a_compiler(monkeypatch):
    """There transformers' own core meets values in bf16 and places in fp32."""
    prompt = tokenise(GDDA13, nano.build_tokenizer(), 64)
    pixels = torch.stack([normalised(random_scene(11, 448, 256).image)])

    def answer(precision: str) -> tuple[torch.Tensor, torch.Tensor]:
        engine = Engine(load_checkpoint(BUNDLED / "gdino-nano").model, torch.device("cpu"), precision=precision)
        return engine(pixels, prompt.input_ids, prompt.attention_mask)

    exact, _ = answer("fp32")
    monkeypatch.setattr(deformable, "_kernel", lambda: (_ for _ in ()).throw(OSError("no compiler")))
    rough, boxes = answer("bf16")
    length = prompt.input_ids.shape[1]
    assert torch.allclose(*(part[..., :length].sigmoid().amax((1, 2)) for part in (exact, rough)), atol=0.05)
    assert boxes.dtype == torch.float32
