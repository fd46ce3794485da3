"""A recipe is checked before anything is built, and says which part of it is wrong."""

import pytest

from ml.errors import BadRecipe
from ml.train.families import MODULES
from ml.train.recipe import COMMON, TrainRecipe, as_json, check_options, methods, read_recipe, recipe_of


@pytest.mark.parametrize(
    ("text", "message", "field"),
    [
        ("{", "not JSON", ""),
        ("[]", "one JSON object", ""),
        ('{"iterations": 5, "lr": 1}', "unknown: lr", "lr"),
        ('{"iterations": "5"}', "must be of kind int", "iterations"),
        ('{"iterations": true}', "must be of kind int", "iterations"),
        ('{"iterations": 0}', "at least 1", "iterations"),
        ('{"learning_rate": 2}', "at most 1", "learning_rate"),
        ('{"learning_rate": NaN}', "finite", "learning_rate"),
        ('{"precision": "fp8"}', "not among auto, fp32, bf16", "precision"),
        ('{"milestones": "0.9,0.5"}', "rising", "milestones"),
        ('{"milestones": "soon"}', "not a list of numbers", "milestones"),
        ('{"method": "magic"}', "no method 'magic'; known: none", "method"),
        ('{"family": "ssd"}', "serves grounding-dino", "family"),
        ('{"init": 3}', "must be of kind str", "init"),
        ('{"seed": -1}', "whole number", "seed"),
        ('{"categories": [{"name": "car"}]}', "name and a phrase", "categories"),
        ('{"categories": []}', "at least one", "categories"),
    ],
)
def test_a_wrong_recipe_says_what_is_wrong(tmp_path, text, message, field):
    path = tmp_path / "recipe.json"
    path.write_text(text)
    with pytest.raises(BadRecipe, match=message) as refused:
        read_recipe(path)
    assert refused.value.field == field


def test_a_recipe_survives_json():
    recipe = recipe_of({"iterations": 7, "seed": 2, "categories": [{"name": "car", "phrase": "a car"}]})
    assert recipe_of(as_json(recipe)) == recipe


def test_every_option_is_explained_and_its_default_is_allowed():
    for method in methods():
        for option in method.options:
            assert option.help.endswith(".")
            assert option.group
            assert option.problem(option.default) is None
            assert option.name not in COMMON or getattr(TrainRecipe(), option.name) == option.default


def test_an_option_of_one_detector_names_it_and_only_known_ones():
    owners = {option.name: option.family for method in methods() for option in method.options if option.family}
    assert owners == {"denoising_queries": "grounding-dino", "eight_bits": "yolox", "most_gflops": "yolox"}
    assert set(owners.values()) <= set(MODULES)


def test_what_is_not_given_takes_its_default():
    options = check_options("none", {"batch": 2})
    assert options["batch"] == 2
    assert options["clip_norm"] == 1.0
