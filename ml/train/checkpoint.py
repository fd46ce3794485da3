"""States to go on from: safetensors and JSON, written beside the old one and then put in its place. Nothing in them runs code."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, load_model, save_file, save_model
from torch import Tensor, nn

from ml.errors import BadCheckpoint, BadRecipe

MAY_CHANGE = frozenset(
    {
        "iterations",
        "init",
        "checkpoint_every",
        "validate_every",
        "validate_frames",
        "threads",
        "loaders",
        "device",
        "train",
        "validate",
        "teacher",
        "teacher_cache",
        "teacher_cache_gb",
    }
)


@dataclass
class Progress:
    """Where a run stands: the next `iteration`, the best validation so far, and the `recipe` that made it."""

    iteration: int = 0
    best: dict[str, Any] = field(default_factory=dict)
    recipe: dict[str, Any] = field(default_factory=dict)


def save_state(
    folder: Path,
    *,
    model: nn.Module,
    average: nn.Module,
    method: nn.Module,
    optimiser: torch.optim.Optimizer,
    progress: Progress,
) -> None:
    """Everything that an exact continuation needs, in `folder`/state. `method` holds what is trained beside the model; the teacher is not in it."""
    fresh = folder / "state.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name, module in (("model", model), ("average", average), ("method", method)):
        save_model(module, str(fresh / f"{name}.safetensors"))  # weights that heads share are stored once
    tensors, numbers = _flat(optimiser.state_dict())
    save_file(tensors, fresh / "optimiser.safetensors")
    (fresh / "state.json").write_text(json.dumps({**vars(progress), "optimiser": numbers}))
    put_in_place(fresh, folder / "state")


def load_state(
    folder: Path,
    *,
    model: nn.Module,
    average: nn.Module,
    method: nn.Module,
    optimiser: torch.optim.Optimizer,
    recipe: dict[str, Any],
) -> Progress:
    """Put a saved state back; where there is none, the beginning.

    Raises:
        BadCheckpoint: it is of another model. BadRecipe: another recipe made it, so that the run would be neither.
    """
    state = saved(folder, "state")
    if state is None:
        return Progress(recipe=recipe)
    try:
        numbers = json.loads((state / "state.json").read_text())
        _refuse_changes(numbers["recipe"], recipe)
        for name, module in (("model", model), ("average", average), ("method", method)):
            load_model(module, state / f"{name}.safetensors")
        optimiser.load_state_dict(_nested(load_file(state / "optimiser.safetensors"), numbers["optimiser"]))
    except (RuntimeError, KeyError, ValueError, OSError, SafetensorError) as error:
        raise BadCheckpoint(f"{state} does not fit this recipe: {str(error).splitlines()[0]}") from error
    return Progress(int(numbers["iteration"]), numbers["best"], recipe)


def put_in_place(fresh: Path, final: Path) -> None:
    """Swap a whole folder in. A crash between the two moves leaves the old one beside, where `saved` finds it."""
    old = final.with_name(final.name + ".old")
    if final.exists():
        shutil.rmtree(old, ignore_errors=True)
        final.replace(old)
    fresh.replace(final)
    shutil.rmtree(old, ignore_errors=True)


def saved(folder: Path, name: str) -> Path | None:
    """The last whole folder of that name."""
    return next((path for path in (folder / name, folder / f"{name}.old") if path.is_dir()), None)


def _refuse_changes(before: dict[str, Any], now: dict[str, Any]) -> None:
    changed = sorted(name for name in now if name not in MAY_CHANGE and before.get(name) != now[name])
    if changed:
        first = changed[0]
        raise BadRecipe(
            f"The run began with {first} = {before.get(first)!r}, not {now[first]!r}.",
            field=first,
            hint="Clone the run to change it; this one goes on as it began.",
        )


def _flat(state: dict[str, Any]) -> tuple[dict[str, Tensor], dict[str, Any]]:
    tensors = {
        f"{index}.{name}": value.contiguous()
        for index, values in state["state"].items()
        for name, value in values.items()
        if isinstance(value, Tensor)
    }
    return tensors, {"param_groups": state["param_groups"]}


def _nested(tensors: dict[str, Tensor], numbers: dict[str, Any]) -> dict[str, Any]:
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        index, _, name = key.partition(".")
        state.setdefault(int(index), {})[name] = value
    return {"state": state, "param_groups": numbers["param_groups"]}
