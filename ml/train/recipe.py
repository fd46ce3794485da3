"""What a training run is made of, as data. The only place that reads a recipe's JSON."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml.errors import BadAnnotations

PRECISIONS = ("fp32", "bf16")


@dataclass(frozen=True)
class TrainRecipe:
    """A run over endless rendered scenes; `iterations` is its length, `seed` fixes weights, scenes and prompts.

    `init` is a checkpoint folder to begin from, or empty for fresh weights. Each batch has its own size, between `smallest_share` of
    `width` x `height` and all of it; half of the scenes are windows of ones rendered up to `largest_zoom` times larger.
    `precision` is fp32 or bf16, the latter by autocast.
    """

    iterations: int
    seed: int = 0
    width: int = 448
    height: int = 256
    smallest_share: float = 1.0
    largest_zoom: float = 1.0
    camera_strength: float = 0.0
    batch: int = 4
    precision: str = "fp32"
    learning_rate: float = 5e-4
    final_rate_share: float = 0.02
    warm_up: int = 100
    weight_decay: float = 1e-4
    clip_norm: float = 1.0
    ema_decay: float = 0.999
    full_prompt_share: float = 0.6
    checkpoint_every: int = 100
    init: str = ""
    threads: int = 2


def read_recipe(path: Path) -> TrainRecipe:
    """Raises: BadAnnotations naming an unknown field, a missing one, or one of the wrong kind."""
    try:
        values: dict[str, Any] = json.loads(path.read_text())
    except json.JSONDecodeError as error:
        raise BadAnnotations(f"{path} is not JSON: {error}") from error
    known = {field.name: field for field in dataclasses.fields(TrainRecipe)}
    if unknown := sorted(values.keys() - known.keys()):
        raise BadAnnotations(f"{path}: unknown: {', '.join(unknown)}; known: {', '.join(known)}")
    if "iterations" not in values:
        raise BadAnnotations(f"{path}: 'iterations' is missing")
    for name, value in values.items():
        wanted: Any = {"int": int, "float": (int, float), "str": str}[str(known[name].type)]
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise BadAnnotations(f"{path}: '{name}' must be of kind {known[name].type}, not {value!r}")
    if (precision := values.get("precision", "fp32")) not in PRECISIONS:
        raise BadAnnotations(f"{path}: '{precision}' is no precision; known: {', '.join(PRECISIONS)}")
    return TrainRecipe(**values)
