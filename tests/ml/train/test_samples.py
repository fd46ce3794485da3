"""What a batch holds: its size, the boxes of its prompt alone, other words for the same category, and risk beside its box."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
import torch

from ml.data.transforms import Sample
from ml.models.grounding_dino import nano
from ml.models.grounding_dino.training import Collate
from ml.schemas import Category
from ml.taxonomies import GDDA13
from ml.train.recipe import TrainRecipe
from ml.train.samples import SYNONYMS, Batches, visible
from ml.train.sources import source_of

RECIPE = TrainRecipe(iterations=10, width=192, height=128, batch=2)
VARIED = replace(RECIPE, smallest_share=0.5, largest_zoom=2.0, camera_strength=1.0, mosaic_share=0.5)


@pytest.fixture(scope="module")
def tokenizer():
    return nano.build_tokenizer()


@pytest.fixture
def batches(tokenizer):
    return lambda recipe, **more: Batches(recipe, source_of(recipe), Collate(tokenizer), nano.STRIDE_PX, **more)


def test_sizes_vary_within_the_recipe_and_fit_the_levels(batches):
    shapes = {tuple(batches(VARIED)[number].pixels.shape[2:]) for number in range(8)}
    assert len(shapes) > 1
    assert all(64 <= h <= 128 and 96 <= w <= 192 and h % 32 == w % 32 == 0 for h, w in shapes)


@pytest.mark.parametrize("recipe", [RECIPE, VARIED])
def test_boxes_lie_inside_and_name_a_row_of_the_prompt(batches, recipe):
    seen = 0
    for number in range(4):
        batch = batches(recipe)[number]
        for target in batch.labels:
            corners = torch.cat(
                [target.boxes[:, :2] - target.boxes[:, 2:] / 2, target.boxes[:, :2] + target.boxes[:, 2:] / 2]
            )
            assert (
                len(target.labels) == len(target.boxes) == len(target.risk) == len(target.severity) == len(target.score)
            )
            assert len(target.labels) == 0 or (corners.min() > -1e-4 and corners.max() < 1 + 1e-4)
            assert (target.boxes[:, 2:] > 0).all()
            assert (target.labels < len(batch.prompt.categories)).all()
            seen += len(target.labels)
    assert seen > 0


@pytest.mark.parametrize("recipe", [RECIPE, VARIED])
def test_a_batch_is_a_function_of_its_number(batches, recipe):
    first, again, following = (batches(recipe)[number] for number in (5, 5, 6))
    assert torch.equal(first.pixels, again.pixels)
    assert first.prompt.text == again.prompt.text
    assert first.pixels.shape != following.pixels.shape or not torch.equal(first.pixels, following.pixels)


def test_processes_draw_other_pictures_for_the_same_prompt(batches):
    one, two = (batches(RECIPE, rank=rank, ranks=2)[3] for rank in range(2))
    assert one.prompt.text == two.prompt.text
    assert one.pixels.shape == two.pixels.shape
    assert not torch.equal(one.pixels, two.pixels)


def test_a_closed_vocabulary_is_asked_for_whole_and_in_order(batches):
    prompts = [batches(RECIPE, open_vocabulary=False)[number].prompt for number in range(4)]
    assert all(prompt.categories == GDDA13 for prompt in prompts)


def test_the_last_share_of_a_run_is_plain(batches):
    """Without mosaic and another camera a picture is a scene as it was rendered: flat colours, few of them."""

    def colours(recipe, number):
        pixels = batches(recipe)[number].pixels[0].flatten(1)
        return len(torch.unique(pixels, dim=1).T)

    loud = replace(RECIPE, camera_strength=2.0, plain_share=0.3)
    assert colours(loud, 7) == colours(replace(loud, camera_strength=0.0), 7)
    assert colours(loud, 6) != colours(replace(loud, camera_strength=0.0), 6)


def test_what_goes_to_a_loader_process_holds_no_model(tokenizer):
    assert len(pickle.dumps(Collate(tokenizer))) < 500_000


def test_prompts_use_other_words_at_times(batches):
    texts = [batches(RECIPE)[number].prompt for number in range(30)]
    phrases = {category.phrase for prompt in texts for category in prompt.categories}
    assert phrases & {word for words in SYNONYMS.values() for word in words}
    assert phrases & {category.phrase for category in GDDA13}


@pytest.mark.parametrize("word", [word for words in SYNONYMS.values() for word in words])
def test_other_words_are_whole_in_the_vocabulary(tokenizer, word):
    pieces = tokenizer.tokenize(word)
    assert not [piece for piece in pieces if piece.startswith("##")], Category("x", word)


def test_labels_that_nobody_could_see_are_left_out():
    boxes = np.array([[0, 0, 10, 10], [0, 0, 5, 2], [0, 0, 3, 2]], np.float32)
    sample = Sample.certain(np.zeros((20, 20, 3), np.uint8), boxes, ("car", "licence", "sign"))
    assert visible(sample, 3.0).names == ("car", "licence")
    assert visible(sample, 3.5).names == ("car",)
    assert visible(sample, 0.0).names == sample.names
