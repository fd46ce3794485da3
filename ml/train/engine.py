"""The training loop of every detector: accelerate over processes, warm-up and fall, clipping, a running average of the weights, exact resume."""

from __future__ import annotations

import copy
import math
import statistics
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator, DistributedDataParallelKwargs
from torch import Tensor, nn
from torch.utils.data import DataLoader

from ml.data.hashing import sha256_file
from ml.distill.learner import learner_of
from ml.distill.method import Method
from ml.errors import NoGpu, NonFiniteLoss
from ml.train import checkpoint, families
from ml.train.checkpoint import Progress, load_state, save_state
from ml.train.families import Trainee
from ml.train.recipe import TrainRecipe, as_json
from ml.train.run import RunFolder
from ml.train.samples import Batches
from ml.train.sources import source_of
from ml.train.validation import row_of, validate

RECORD_EVERY = 10
BINS = 20
DIVERGED = "Lower the learning rate or the clipping norm, or train in fp32; the last checkpoint is whole."
Stop = Callable[[], bool]


@dataclass
class Training:
    """All the moving parts of a run."""

    recipe: TrainRecipe
    trainee: Trainee
    accelerator: Accelerator
    learner: nn.Module
    method: Method
    average: nn.Module
    optimiser: torch.optim.Optimizer
    batches: Batches

    def step(self, batch: Any, iteration: int) -> dict[str, float]:
        """One optimiser step; the terms of its loss.

        Raises: NonFiniteLoss before the weights are touched.
        """
        torch.manual_seed(hash((self.recipe.seed, iteration, self.batches.rank)))  # a resumed run draws the same noise
        for group in self.optimiser.param_groups:
            group["lr"] = self.recipe.learning_rate * group["share"] * rate_share(self.recipe, iteration)
        terms = self.learner(batch.to(self.accelerator.device), iteration / self.recipe.iterations)
        total = torch.stack(list(terms.values())).sum()
        if not self._agreed(bool(torch.isfinite(total)), all_of_them=True):
            raise NonFiniteLoss(f"The loss was {total.item()} at iteration {iteration}.", hint=DIVERGED)
        self.optimiser.zero_grad()
        self.accelerator.backward(total)
        length = self.accelerator.clip_grad_norm_(self.learner.parameters(), self.recipe.clip_norm)
        if not torch.isfinite(length):  # the same on every process, as gradients are shared
            raise NonFiniteLoss(f"The gradient was {float(length)} at iteration {iteration}.", hint=DIVERGED)
        self.optimiser.step()
        self._average(min(self.recipe.ema_decay, (1 + iteration) / (10 + iteration)))
        return {"loss": total.item(), **{name: term.item() for name, term in terms.items()}}

    def stopped(self, stop: Stop) -> bool:
        """Whether any process was told to stop: all leave at the same step."""
        return self._agreed(stop(), all_of_them=False)

    def _agreed(self, mine: bool, *, all_of_them: bool) -> bool:
        if self.accelerator.num_processes == 1:
            return mine
        votes = self.accelerator.gather(torch.tensor([float(mine)], device=self.accelerator.device))
        return bool(votes.min() if all_of_them else votes.max())

    @torch.no_grad()
    def _average(self, decay: float) -> None:
        kept, new = self.average.state_dict(), self.trainee.model.state_dict()
        for name, tensor in kept.items():
            if tensor.dtype.is_floating_point:
                tensor.lerp_(new[name], 1 - decay)
            else:
                tensor.copy_(new[name])


def train(recipe: TrainRecipe, path: Path, *, stop: Stop = lambda: False) -> dict[str, Any]:
    """Train, or go on, in the folder `path`; the summary that is written there too.

    `stop` is asked between iterations; a checkpoint is made before it is obeyed.
    Raises:
        MlError: by its name what stopped the run; the last checkpoint is whole.
    """
    run = RunFolder(path)
    training = prepare(recipe, checkpoint.saved(path, "model"))
    if not training.accelerator.is_main_process:
        return _loop(training, run, stop)
    with run.locked():
        return _loop(training, run, stop)


def prepare(recipe: TrainRecipe, saved: Path | None) -> Training:
    """Everything built and nothing trained. Raises: what `families.begin` and `source_of` raise, and NoGpu."""
    accelerator = Accelerator(
        cpu=not _on_gpu(recipe), kwargs_handlers=[DistributedDataParallelKwargs(find_unused_parameters=True)]
    )
    torch.set_num_threads(recipe.threads)
    source = source_of(recipe)
    trainee = families.begin(recipe, saved)
    trainee.model.train().to(accelerator.device)
    average = copy.deepcopy(trainee.model).eval().requires_grad_(requires_grad=False)
    learner = learner_of(recipe, trainee, precision_of(recipe, accelerator.device))
    learner.method.survey(source.risks())
    learner.method.train().to(accelerator.device)
    groups = [
        {"params": parameters, "lr": recipe.learning_rate, "share": share}
        for parameters, share in [*trainee.parameter_groups(trainee.model), (list(learner.method.parameters()), 1.0)]
        if parameters
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=recipe.weight_decay, fused=True)
    wrapped = accelerator.prepare(learner)
    batches = Batches(
        recipe,
        source,
        trainee.collate,
        trainee.stride_px,
        trainee.open_vocabulary,
        accelerator.process_index,
        accelerator.num_processes,
    )
    return Training(recipe, trainee, accelerator, wrapped, learner.method, average, optimiser, batches)


def rate_share(recipe: TrainRecipe, iteration: int) -> float:
    """The learning rate of an iteration as a share of the recipe's: linear warm-up, then a cosine or steps to a tenth."""
    warm = min(1.0, (iteration + 1) / max(1, recipe.warm_up))
    done = iteration / recipe.iterations
    if recipe.schedule == "milestones":
        return float(warm * 0.1 ** sum(done >= share for share in recipe.milestone_shares()))
    cosine = 0.5 * (1 + math.cos(math.pi * done))
    return warm * (recipe.final_rate_share + (1 - recipe.final_rate_share) * cosine)


def precision_of(recipe: TrainRecipe, device: torch.device) -> str:
    """fp32 or bf16."""
    if recipe.precision != "auto":
        return recipe.precision
    native = torch.cuda.is_bf16_supported() if device.type == "cuda" else _cpu_has_bf16()
    return "bf16" if native else "fp32"


def _loop(training: Training, run: RunFolder, stop: Stop) -> dict[str, Any]:
    recipe, main = training.recipe, training.accelerator.is_main_process
    progress = load_state(
        run.path,
        model=training.trainee.model,
        average=training.average,
        method=training.method,
        optimiser=training.optimiser,
        recipe=as_json(recipe),
    )
    if main:
        run.forget_after(progress.iteration)
        _announce(training, run, progress)
    first, stopped = progress.iteration, False
    clock = Clock()
    loader = DataLoader(
        training.batches,
        batch_size=None,
        sampler=range(first, recipe.iterations),
        num_workers=recipe.loaders,
        multiprocessing_context="spawn" if recipe.loaders else None,
    )
    for iteration, batch in zip(range(first, recipe.iterations), loader, strict=True):
        terms = training.step(batch, iteration)
        clock.tick()
        progress.iteration = iteration + 1
        done = progress.iteration == recipe.iterations
        stopped = training.stopped(stop) and not done
        if main and (progress.iteration % RECORD_EVERY == 0 or done or stopped):
            _record(training, run, progress.iteration, terms, clock.seconds_per_step())
        if main and (done or stopped or progress.iteration % recipe.checkpoint_every == 0):
            _checkpoint(training, run, progress)
        if main and not done and not stopped and progress.iteration % recipe.validate_every == 0:
            _validated(training, run, progress)
        if stopped:
            break
    training.accelerator.wait_for_everyone()
    if not main:
        return {}
    report = None if stopped else _validated(training, run, progress)
    return _finish(training, run, progress, report, clock.elapsed(), stopped=stopped)


class Clock:
    """Seconds since the start, and a step lately, validations left out."""

    def __init__(self) -> None:
        self._started = self._before = time.monotonic()
        self._steps: deque[float] = deque(maxlen=50)

    def tick(self) -> None:
        """A step is done."""
        now = time.monotonic()
        self._steps.append(now - self._before)
        self._before = now

    def seconds_per_step(self) -> float:
        """The median of the last fifty: a checkpoint or a validation between two steps counts once."""
        return statistics.median(self._steps)

    def elapsed(self) -> float:
        return time.monotonic() - self._started


def _announce(training: Training, run: RunFolder, progress: Progress) -> None:
    device, ranks = training.accelerator.device, training.accelerator.num_processes
    for note in (*training.trainee.notes, *training.method.notes):
        run.log(note)
    verb = f"goes on at iteration {progress.iteration}" if progress.iteration else "begins"
    run.log(f"The run {verb} on {ranks} x {device}, {precision_of(training.recipe, device)}.")


def _record(training: Training, run: RunFolder, iteration: int, terms: dict[str, float], seconds: float) -> None:
    rate = training.recipe.learning_rate * rate_share(training.recipe, iteration - 1)
    rounded = {name: round(value, 5) for name, value in terms.items()}
    watched = {name: histogram(values) for name, values in training.method.watched.items() if values.numel()}
    more = {"histograms": watched} if watched else {}
    run.record("train", iteration, **rounded, rate=rate, seconds=round(seconds, 4), **more)


def histogram(values: Tensor) -> dict[str, Any]:
    """`low`, `high` and how many values lie in each of twenty equal bins between them."""
    values = values.detach().float().flatten()
    low, high = values.min().item(), values.max().item()
    counts = torch.histc(values, BINS, low, high if high > low else low + 1)
    return {"low": round(low, 5), "high": round(high, 5), "counts": [int(count) for count in counts.tolist()]}


def _checkpoint(training: Training, run: RunFolder, progress: Progress) -> None:
    """The model first: a crash before the state is written leaves an older state, which is whole."""
    run.save_model("model", lambda folder: training.trainee.save(training.average, folder))
    save_state(
        run.path,
        model=training.trainee.model,
        average=training.average,
        method=training.method,
        optimiser=training.optimiser,
        progress=progress,
    )


def _validated(training: Training, run: RunFolder, progress: Progress) -> dict[str, Any] | None:
    """Figures of the averaged model as it stands in `model/`; the best one is kept aside."""
    ended = progress.iteration == training.recipe.iterations
    if not ended and progress.iteration % training.recipe.checkpoint_every:
        _checkpoint(training, run, progress)
    report = validate(training.recipe, run.path / "model")
    if report is None:
        return None
    row = row_of(report)
    run.record("validate", progress.iteration, **row)
    if (row["AP"] or 0.0) >= progress.best.get("AP", 0.0):
        progress.best = {"iteration": progress.iteration, "AP": row["AP"] or 0.0}
        run.save_model("best", lambda folder: training.trainee.save(training.average, folder))
        _checkpoint(training, run, progress)
    return row


def _finish(
    training: Training,
    run: RunFolder,
    progress: Progress,
    figures: dict[str, Any] | None,
    seconds: float,
    *,
    stopped: bool,
) -> dict[str, Any]:
    summary = {
        "iterations": training.recipe.iterations,
        "iteration": progress.iteration,
        "stopped": stopped,
        "seconds": round(seconds, 1),
        "figures": figures,
        "best_iteration": progress.best.get("iteration"),
        "parameters": sum(p.numel() for p in training.trainee.model.parameters()),
        "sha256": sha256_file(run.path / "model" / "model.safetensors"),
    }
    run.write("summary.json", summary)
    run.log("Stopped; it can go on from here." if stopped else "Done.")
    return summary


def _on_gpu(recipe: TrainRecipe) -> bool:
    if recipe.device == "cuda" and not torch.cuda.is_available():
        raise NoGpu("The recipe asks for a CUDA GPU and this machine has none.", hint="Choose device auto or cpu.")
    return recipe.device != "cpu" and torch.cuda.is_available()


def _cpu_has_bf16() -> bool:
    """Whether the processor multiplies bf16 itself; without, autocast is slower than fp32."""
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())
