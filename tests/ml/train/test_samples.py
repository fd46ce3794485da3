"""What a batch holds: its size, the boxes of its prompt alone, other words for the same category."""

from dataclasses import replace

import pytest
import torch

from ml.models.grounding_dino import nano
from ml.schemas import Category
from ml.taxonomies import GDDA13
from ml.train.recipe import TrainRecipe
from ml.train.samples import SYNONYMS, batch_of

RECIPE = TrainRecipe(iterations=1, width=192, height=128, batch=2)
VARIED = replace(RECIPE, smallest_share=0.5, largest_zoom=2.0, camera_strength=1.0)


@pytest.fixture(scope="module")
def tokenizer():
    return nano.build_tokenizer()


def test_sizes_vary_within_the_recipe_and_fit_the_levels(tokenizer):
    shapes = {tuple(batch_of(VARIED, number, tokenizer).pixels.shape[2:]) for number in range(8)}
    assert len(shapes) > 1
    assert all(64 <= h <= 128 and 96 <= w <= 192 and h % 32 == w % 32 == 0 for h, w in shapes)


@pytest.mark.parametrize("recipe", [RECIPE, VARIED])
def test_boxes_lie_inside_and_name_a_row_of_the_prompt(tokenizer, recipe):
    seen = 0
    for number in range(4):
        batch = batch_of(recipe, number, tokenizer)
        for target in batch.targets:
            corners = torch.cat(
                [target.boxes[:, :2] - target.boxes[:, 2:] / 2, target.boxes[:, :2] + target.boxes[:, 2:] / 2]
            )
            assert corners.min() > -1e-4
            assert corners.max() < 1 + 1e-4
            assert (target.boxes[:, 2:] > 0).all()
            assert (target.labels < len(batch.prompt.categories)).all()
            seen += len(target.labels)
    assert seen > 0


def test_a_varied_batch_is_a_function_of_its_number_too(tokenizer):
    first, again = batch_of(VARIED, 3, tokenizer), batch_of(VARIED, 3, tokenizer)
    assert torch.equal(first.pixels, again.pixels)
    assert first.prompt.text == again.prompt.text


def test_prompts_use_other_words_at_times(tokenizer):
    texts = [batch_of(RECIPE, number, tokenizer).prompt for number in range(30)]
    phrases = {category.phrase for prompt in texts for category in prompt.categories}
    assert phrases & {word for words in SYNONYMS.values() for word in words}
    assert phrases & {category.phrase for category in GDDA13}


@pytest.mark.parametrize("word", [word for words in SYNONYMS.values() for word in words])
def test_other_words_are_whole_in_the_vocabulary(tokenizer, word):
    pieces = tokenizer.tokenize(word)
    assert not [piece for piece in pieces if piece.startswith("##")], Category("x", word)
