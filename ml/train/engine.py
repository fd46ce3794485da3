"""The training loop: warm-up and cosine, clipping, a running average of the weights, exact resume."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from ml.errors import BadCheckpoint, NonFiniteLoss
from ml.models.grounding_dino import nano
from ml.models.grounding_dino.checkpoint import load_checkpoint
from ml.models.grounding_dino.criterion import detection_loss
from ml.train.checkpoint import load_state, save_state
from ml.train.recipe import TrainRecipe
from ml.train.samples import Batch, batch_of

SLOW_PARTS = (
    "sampling_offsets",
    "reference_points",
)  # they steer where attention looks; 0.3 of the rate keeps them steady
SLOW_SHARE = 0.3


def train(recipe: TrainRecipe, folder: Path, *, stop: Callable[[], bool] = lambda: False) -> Path:
    """Train, or go on, in `folder`; the folder of the averaged model, which transformers loads.

    Writes `metrics.jsonl` (one line every ten iterations), `state/` for resume and `model/`. `stop` is asked between iterations.
    Raises:
        NonFiniteLoss: the last checkpoint is kept.
        BadCheckpoint: `init` or the saved state cannot be loaded into the nano model.
    """
    torch.set_num_threads(recipe.threads)
    folder.mkdir(parents=True, exist_ok=True)
    model, average = nano.build_model(recipe.seed), nano.build_model(recipe.seed)
    average.requires_grad_(requires_grad=False)
    optimiser = _optimiser(model, recipe)
    tokenizer = nano.build_tokenizer()
    first = load_state(folder, model=model, average=average, optimiser=optimiser)
    if not first:
        _begin(model, average, recipe.init)
    model.train()
    started = time.monotonic()
    for iteration in range(first, recipe.iterations):
        terms = _step(model, optimiser, batch_of(recipe, iteration, tokenizer), recipe, iteration)
        _average(average, model, min(recipe.ema_decay, (1 + iteration) / (10 + iteration)))
        if iteration % 10 == 9:
            seconds = (time.monotonic() - started) / (iteration - first + 1)
            _record(folder, iteration + 1, terms, seconds)
        last = iteration + 1 == recipe.iterations or stop()
        if last or (iteration + 1) % recipe.checkpoint_every == 0:
            save_state(folder, model=model, average=average, optimiser=optimiser, iteration=iteration + 1)
            nano.save(average, folder / "model", shortest_edge=min(recipe.width, recipe.height))
        if last:
            break
    return folder / "model"


def rate_share(recipe: TrainRecipe, iteration: int) -> float:
    """The learning rate of an iteration as a share of the recipe's: linear warm-up, then a cosine."""
    cosine = 0.5 * (1 + math.cos(math.pi * iteration / recipe.iterations))
    return min(1.0, (iteration + 1) / recipe.warm_up) * (
        recipe.final_rate_share + (1 - recipe.final_rate_share) * cosine
    )


def _begin(model: Any, average: Any, init: str) -> None:
    """Both from the checkpoint `init`, or as they are where there is none; a resumed run needs it no more."""
    if init:
        _copy(load_checkpoint(init).model, model, init)
    average.load_state_dict(model.state_dict())


def _copy(source: Any, model: Any, init: str) -> None:
    try:
        model.load_state_dict(source.state_dict())
    except RuntimeError as error:
        raise BadCheckpoint(f"'{init}' does not fit the nano model: {str(error).splitlines()[-1].strip()}") from error


def _optimiser(model: Any, recipe: TrainRecipe) -> torch.optim.Optimizer:
    slow = [p for name, p in model.named_parameters() if any(part in name for part in SLOW_PARTS)]
    known = {id(p) for p in slow}
    rest = [p for p in model.parameters() if id(p) not in known]
    groups = [
        {"params": rest, "lr": recipe.learning_rate, "share": 1.0},
        {"params": slow, "lr": recipe.learning_rate * SLOW_SHARE, "share": SLOW_SHARE},
    ]
    return torch.optim.AdamW(groups, weight_decay=recipe.weight_decay)


def _step(
    model: Any, optimiser: torch.optim.Optimizer, batch: Batch, recipe: TrainRecipe, iteration: int
) -> dict[str, float]:
    for group in optimiser.param_groups:
        group["lr"] = recipe.learning_rate * group["share"] * rate_share(recipe, iteration)
    terms = losses(model, batch, recipe.precision)
    total = torch.stack(list(terms.values())).sum()
    if not torch.isfinite(total):
        raise NonFiniteLoss(f"The loss was {total.item()} at iteration {iteration}.", hint="Lower the learning rate.")
    optimiser.zero_grad()
    total.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.clip_norm)
    optimiser.step()
    return {"loss": total.item(), **{name: term.item() for name, term in terms.items()}}


def losses(model: Any, batch: Batch, precision: str = "fp32") -> dict[str, torch.Tensor]:
    """The named terms of a batch, with gradient. bf16 ends before the heads that the loss reads: boxes need all digits."""
    size = len(batch.pixels)
    mask = batch.prompt.attention_mask.expand(size, -1)
    with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
        output = model.model(
            pixel_values=batch.pixels, input_ids=batch.prompt.input_ids.expand(size, -1), attention_mask=mask
        )
    return detection_loss(model, output, mask, batch.targets, batch.prompt.token_map)


@torch.no_grad()
def _average(average: Any, model: Any, decay: float) -> None:
    for kept, new in zip(average.state_dict().values(), model.state_dict().values(), strict=True):
        if kept.dtype.is_floating_point:
            kept.lerp_(new, 1 - decay)


def _record(folder: Path, iteration: int, terms: dict[str, float], seconds: float) -> None:
    row = {
        "iteration": iteration,
        **{name: round(value, 5) for name, value in terms.items()},
        "seconds": round(seconds, 3),
    }
    with (folder / "metrics.jsonl").open("a") as file:
        file.write(json.dumps(row) + "\n")
