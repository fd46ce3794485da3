"""What a run would cost, from three of its steps, before anyone waits."""

from __future__ import annotations

import resource
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import torch

from ml.train.engine import Training, prepare
from ml.train.recipe import TrainRecipe

STEPS = 3


def dry_run(recipe: TrainRecipe) -> dict[str, Any]:
    """`parameters`, `images` (None when endless), `seconds_per_iteration`, `seconds` in all without validation, `peak_memory_mb`, `checkpoint_mb`, `device`.

    Raises: what the run itself would raise in its first steps.
    """
    training = prepare(recipe, None)
    seconds = [_timed_step(training, iteration) for iteration in range(1 + STEPS)]
    each = statistics.median(seconds[1:])  # the first one compiles and fills caches
    return {
        "parameters": sum(p.numel() for p in training.trainee.model.parameters()),
        "images": training.batches.source.length,
        "seconds_per_iteration": round(each, 4),
        "seconds": round(each * recipe.iterations),
        "peak_memory_mb": round(_peak_memory_mb(training.accelerator.device)),
        "checkpoint_mb": round(_checkpoint_mb(training), 1),
        "device": _name(training.accelerator.device),
    }


def _timed_step(training: Training, iteration: int) -> float:
    started = time.monotonic()
    training.step(training.batches[iteration], iteration)
    if training.accelerator.device.type == "cuda":
        torch.cuda.synchronize()
    return time.monotonic() - started


def _peak_memory_mb(device: torch.device) -> float:
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _checkpoint_mb(training: Training) -> float:
    """Of the model folder; a state to go on from is about four times that."""
    with tempfile.TemporaryDirectory() as folder:
        training.trainee.save(training.average, Path(folder))
        return sum(path.stat().st_size for path in Path(folder).rglob("*")) / 2**20


def _name(device: torch.device) -> str:
    return (
        torch.cuda.get_device_name(device) if device.type == "cuda" else f"processor, {torch.get_num_threads()} threads"
    )
