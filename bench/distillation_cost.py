"""What a method costs: CPU-seconds of a step against the undistilled step, with and without the teacher remembered; and the models' size, memory and speed.

CPU-seconds are user + system of the process, by turns with the undistilled step on the same batches: on a shared machine the clock says more about
the neighbours.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.distillation_data import pixels_of
from ml.models.detector import build_detector
from ml.taxonomies import GDDA13
from ml.train.engine import Training, prepare
from ml.train.recipe import TrainRecipe

BATCHES, ROUNDS, FRAMES = 3, 3, 24


def step_costs(control: TrainRecipe, recipes: dict[str, TrainRecipe]) -> dict[str, dict[str, float]]:
    """For each recipe the median of its step's CPU-seconds over the control's, step by step: `fresh` asks the teacher, `remembered` does not."""
    plain = prepare(control, None)
    batches = list(zip(range(BATCHES), plain.batches, strict=False))
    found = {}
    for name, recipe in recipes.items():
        with tempfile.TemporaryDirectory() as cache:
            fresh = prepare(replace(recipe, teacher_cache=""), None)
            known = prepare(replace(recipe, teacher_cache=cache if recipe.teacher else ""), None)
            found[name] = {
                "fresh": _ratio(plain, fresh, batches),
                "remembered": _ratio(plain, known, batches),
            }
        print(name, found[name], flush=True)
    return found


def model_costs(refs: dict[str, str], frames: Sequence[Path]) -> dict[str, dict[str, float]]:
    """Parameters in millions, peak memory in MiB and frames per CPU-second of each, in a process of its own."""
    command, root = [sys.executable, "-m", "bench.distillation_cost"], Path(__file__).parents[1]
    return {
        name: json.loads(
            subprocess.run(
                [*command, ref, *map(str, frames[:FRAMES])], check=True, stdout=subprocess.PIPE, text=True, cwd=root
            ).stdout
        )
        for name, ref in refs.items()
    }


def _ratio(plain: Training, other: Training, batches: Sequence[tuple[int, Any]]) -> float:
    """The first round warms both up, and the memory."""
    ratios = []
    for turn in range(ROUNDS):
        for number, batch in batches:
            ours, theirs = _cpu(other.step, batch, number), _cpu(plain.step, batch, number)
            if turn:
                ratios.append(ours / theirs)
    return round(statistics.median(ratios), 3)


def _cpu(work: Callable[..., object], *arguments: object) -> float:
    started = time.process_time()
    work(*arguments)
    return time.process_time() - started


def _model_cost(ref: str, frames: Sequence[str]) -> dict[str, float]:
    pictures = [pixels_of(Path(frame)) for frame in frames]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    detector = build_detector(ref)
    detector.predict(pictures[:2], GDDA13)
    seconds = [_cpu(detector.predict, [picture], GDDA13) for picture in pictures]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "parameters": round(detector.parameters / 1e6, 2),
        "memory": round((peak - before) / 1024),
        "frames_per_second": round(1 / statistics.median(seconds), 2),
    }


if __name__ == "__main__":
    print(json.dumps(_model_cost(sys.argv[1], sys.argv[2:])))
