"""What a training run is made of, as data: recipes, their options and the methods that take them. No torch here, so the web may read the types."""

from __future__ import annotations

import dataclasses
import json
import math
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from ml.errors import BadRecipe
from ml.schemas import Category
from ml.taxonomies import GDDA13

RENDERED = "rendered:"  # endless scenes to train on, held-out drives to validate on
Kind = Literal["int", "float", "str", "bool", "choice"]


@dataclass(frozen=True)
class Option:
    """One knob of a method, with all that a form needs to show it. Limits are inclusive; `family` is the only detector that it says anything to, empty for all."""

    name: str
    kind: Kind
    default: Any
    help: str
    group: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    family: str = ""

    def problem(self, value: Any) -> str | None:
        """What is wrong with a value, in words for the person who gave it."""
        wanted = {"int": int, "float": (int, float), "bool": bool}.get(self.kind, str)
        if not isinstance(value, wanted) or (isinstance(value, bool) and self.kind != "bool"):  # type: ignore[arg-type]
            return f"must be of kind {self.kind}, not {value!r}"
        if self.kind == "choice" and value not in self.choices:
            return f"{value!r} is not among {', '.join(self.choices)}"
        if isinstance(value, float) and not math.isfinite(value):
            return f"must be a finite number, not {value!r}"
        if self.minimum is not None and value < self.minimum:
            return f"must be at least {self.minimum:g}, not {value!r}"
        if self.maximum is not None and value > self.maximum:
            return f"must be at most {self.maximum:g}, not {value!r}"
        return None


@dataclass(frozen=True)
class MethodSpec:
    """A way to train, as a form shows it. `families` are the detectors that it serves, `refused` the others with the reason."""

    name: str
    title: str
    description: str
    families: tuple[str, ...]
    options: tuple[Option, ...]
    needs_teacher: bool = False
    refused: dict[str, str] = field(default_factory=dict)
    paper: str = ""


def knob(default: Any, group: str, help: str, **limits: Any) -> Any:
    """A dataclass field that is an `Option` too."""
    return field(default=default, metadata={"group": group, "help": help, **limits})


@dataclass(frozen=True)
class TrainRecipe:
    """A run. `train` and `validate` are `rendered:` or the path of a COCO file; `validate` may be empty.

    `init` is a model reference to begin from, or empty for fresh weights of `family` and `size`. `teacher` is the reference of the model to learn
    from, `teacher_cache` the folder of what it said, `method_options` the method's own knobs. The same recipe gives the same run.
    """

    iterations: int = knob(1000, "Schedule", "Optimiser steps in all.", minimum=1, maximum=10_000_000)
    batch: int = knob(4, "Schedule", "Pictures a step on each device.", minimum=1, maximum=1024)
    learning_rate: float = knob(5e-4, "Schedule", "Highest learning rate of AdamW.", minimum=1e-12, maximum=1.0)
    schedule: str = knob(
        "cosine", "Schedule", "How the rate falls after the warm-up.", choices=("cosine", "milestones")
    )
    milestones: str = knob(
        "0.7,0.9", "Schedule", "For 'milestones': shares of the run at which the rate falls to a tenth."
    )
    warm_up: int = knob(100, "Schedule", "Steps over which the rate rises from nothing.", minimum=0, maximum=1_000_000)
    final_rate_share: float = knob(
        0.02, "Schedule", "For 'cosine': the last rate as a share of the highest.", minimum=0, maximum=1
    )
    weight_decay: float = knob(1e-4, "Schedule", "AdamW's weight decay.", minimum=0, maximum=1)
    clip_norm: float = knob(
        1.0, "Schedule", "Gradients longer than this are shortened to it.", minimum=1e-6, maximum=1e6
    )
    ema_decay: float = knob(
        0.999, "Schedule", "Of the running average of the weights, which is what is saved.", minimum=0, maximum=0.99999
    )
    width: int = knob(448, "Input", "Of the training picture in px.", minimum=32, maximum=4096)
    height: int = knob(256, "Input", "Of the training picture in px.", minimum=32, maximum=4096)
    smallest_share: float = knob(
        1.0, "Input", "Each batch has its own size, from this share of width and height up.", minimum=0.2, maximum=1
    )
    smallest_label_px: float = knob(
        3.0,
        "Input",
        "Labels smaller than this in the training picture, by the root of their area, are left out: nobody could see them there.",
        minimum=0,
        maximum=64,
    )
    flip_share: float = knob(0.5, "Augmentation", "Pictures that are mirrored.", minimum=0, maximum=1)
    largest_zoom: float = knob(
        1.0,
        "Augmentation",
        "Half of the pictures are windows of ones up to so many times larger.",
        minimum=1,
        maximum=8,
    )
    mosaic_share: float = knob(
        0.0, "Augmentation", "Pictures that are put together from windows of four.", minimum=0, maximum=1
    )
    plain_share: float = knob(
        0.1, "Augmentation", "The last share of the run goes without mosaic and camera changes.", minimum=0, maximum=1
    )
    camera_strength: float = knob(
        0.0, "Augmentation", "Exposure, colour, texture, blur and compression of other cameras.", minimum=0, maximum=2
    )
    full_prompt_share: float = knob(
        0.6,
        "Augmentation",
        "Batches that ask for every category; the others ask for some. At 1 they ask in the taxonomy's own words and order.",
        minimum=0,
        maximum=1,
    )
    denoising_queries: int = knob(
        100,
        "Grounding DINO",
        "Noised truths a picture that the decoder learns to repair; 0 for none.",
        minimum=0,
        maximum=1000,
        family="grounding-dino",
    )
    eight_bits: bool = knob(
        default=False,
        group="YOLOX",
        help="Learn through the rounding of 8 bits, so that they cost less afterwards; for the last steps of a trained model.",
        family="yolox",
    )
    most_gflops: float = knob(
        0.0,
        "YOLOX",
        "Before the first step, take channels from the model to begin from, the least important first, until it costs at most so much at this input; 0 takes none.",
        minimum=0,
        maximum=100_000,
        family="yolox",
    )
    precision: str = knob("auto", "Machine", "bf16 where the machine has it.", choices=("auto", "fp32", "bf16"))
    device: str = knob("auto", "Machine", "A CUDA GPU where there is one.", choices=("auto", "cpu", "cuda"))
    threads: int = knob(2, "Machine", "Processor threads of the model.", minimum=1, maximum=256)
    loaders: int = knob(
        0, "Machine", "Processes that prepare pictures ahead; 0 prepares them in line.", minimum=0, maximum=64
    )
    checkpoint_every: int = knob(
        100, "Checkpoints", "Steps between states to go on from.", minimum=1, maximum=1_000_000
    )
    validate_every: int = knob(
        500, "Checkpoints", "Steps between validations; the last step always has one.", minimum=1, maximum=10_000_000
    )
    validate_frames: int = knob(
        100, "Checkpoints", "At most so many frames a validation, evenly drawn.", minimum=1, maximum=1_000_000
    )
    teacher_cache_gb: float = knob(
        20.0,
        "Teacher",
        "Room on disk for what the teacher said about each picture; used when pictures come again unchanged.",
        minimum=0,
        maximum=10_000,
    )
    method: str = "none"
    family: str = "grounding-dino"
    size: str = ""
    init: str = ""
    train: str = RENDERED
    validate: str = ""
    seed: int = 0
    categories: tuple[Category, ...] = GDDA13
    teacher: str = ""
    teacher_cache: str = ""
    method_options: dict[str, Any] = field(default_factory=dict)

    def milestone_shares(self) -> tuple[float, ...]:
        """Raises: BadRecipe when they are not shares of the run in rising order."""
        try:
            shares = tuple(float(part) for part in self.milestones.split(",") if part.strip())
        except ValueError as error:
            raise BadRecipe(f"'{self.milestones}' is not a list of numbers.", field="milestones") from error
        if list(shares) != sorted(shares) or not all(0 < share < 1 for share in shares):
            raise BadRecipe(f"'{self.milestones}' are not shares between 0 and 1, rising.", field="milestones")
        return shares


COMMON = frozenset(f.name for f in dataclasses.fields(TrainRecipe) if "group" in f.metadata)
ABOUT = ("method", "family", "size", "init", "train", "validate", "teacher", "teacher_cache")


def options_of(knobs: type) -> tuple[Option, ...]:
    """The knobs of every run, then those of a method's own dataclass."""
    return tuple(
        Option(f.name, "choice" if "choices" in f.metadata else str(f.type), f.default, **f.metadata)  # type: ignore[arg-type]
        for owner in (TrainRecipe, knobs)
        for f in dataclasses.fields(owner)
        if "group" in f.metadata
    )


@cache
def methods() -> tuple[MethodSpec, ...]:
    """Every way to train that this installation can run; the control, which trains on labels alone, first."""
    from ml.distill.registry import specs  # loads torch; recipes are read without

    return specs()


def method_named(name: str) -> MethodSpec:
    """Raises: BadRecipe naming those that there are."""
    for method in methods():
        if method.name == name:
            return method
    raise BadRecipe(f"There is no method '{name}'; known: {', '.join(m.name for m in methods())}.", field="method")


def check_options(method: str, values: dict[str, Any]) -> dict[str, Any]:
    """All options of a method: those given, and the defaults of the others.

    Raises:
        BadRecipe: naming an option that is unknown, of another kind or outside its limits.
    """
    options = {option.name: option for option in method_named(method).options}
    if unknown := sorted(values.keys() - options.keys()):
        raise BadRecipe(f"unknown: {', '.join(unknown)}; known: {', '.join(options)}", field=unknown[0])
    for name, value in values.items():
        if problem := options[name].problem(value):
            raise BadRecipe(f"'{name}' {problem}", field=name)
    return {name: values.get(name, option.default) for name, option in options.items()}


def recipe_of(values: dict[str, Any]) -> TrainRecipe:
    """Raises: BadRecipe naming the field."""
    values = dict(values)
    about = {name: values.pop(name) for name in ABOUT if name in values}
    for name, value in about.items():
        if not isinstance(value, str):
            raise BadRecipe(f"'{name}' must be of kind str, not {value!r}", field=name)
    seed = values.pop("seed", 0)
    if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed < 2**31:
        raise BadRecipe(f"'seed' must be a whole number from 0 to 2^31 - 1, not {seed!r}", field="seed")
    categories = _categories(values.pop("categories", None))
    values |= values.pop("method_options", {})
    options = check_options(about.get("method", "none"), values)
    own = {name: options.pop(name) for name in options.keys() - COMMON}
    recipe = TrainRecipe(**options, **about, seed=seed, categories=categories, method_options=own)
    recipe.milestone_shares()
    _refuse_misfits(recipe, method_named(recipe.method))
    return recipe


def read_recipe(path: Path) -> TrainRecipe:
    """Raises: BadRecipe naming the file and the field."""
    try:
        values = json.loads(path.read_text())
    except (OSError, json.JSONDecodeError) as error:
        raise BadRecipe(f"{path} is not JSON: {error}") from error
    if not isinstance(values, dict):
        raise BadRecipe(f"{path} must hold one JSON object.")
    try:
        return recipe_of(values)
    except BadRecipe as error:
        raise BadRecipe(f"{path}: {error.detail}", field=error.field, hint=error.hint) from error


def as_json(recipe: TrainRecipe) -> dict[str, Any]:
    """What `recipe_of` reads back."""
    return json.loads(json.dumps(dataclasses.asdict(recipe)))  # type: ignore[no-any-return]


def _refuse_misfits(recipe: TrainRecipe, method: MethodSpec) -> None:
    if recipe.family not in method.families:
        why = method.refused.get(recipe.family, f"It serves {', '.join(method.families)}.")
        raise BadRecipe(f"'{method.name}' cannot train '{recipe.family}': {why}", field="family")
    if method.needs_teacher and not recipe.teacher:
        raise BadRecipe(f"'{method.name}' learns from a teacher, and none is named.", field="teacher")


def _categories(given: Any) -> tuple[Category, ...]:
    if given is None:
        return GDDA13
    try:
        found = tuple(
            Category(c["name"], c["phrase"], c.get("group", "vehicle"), tuple(c.get("aliases", ()))) for c in given
        )
    except (TypeError, KeyError, AttributeError) as error:
        raise BadRecipe(f"each category needs a name and a phrase: {error}", field="categories") from error
    if not found or len({c.name for c in found}) < len(found):
        raise BadRecipe("the categories must be at least one, each name once", field="categories")
    return found
