"""Checkpoints: safetensors and JSON, written beside the old one and then put in its place. Nothing in them runs code."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, load_model, save_file, save_model
from torch import Tensor

from ml.errors import BadCheckpoint


def save_state(folder: Path, *, model: Any, average: Any, optimiser: torch.optim.Optimizer, iteration: int) -> None:
    """Everything that an exact continuation needs, in `folder`/state."""
    fresh = folder / "state.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name, module in (("model", model), ("average", average)):
        save_model(module, str(fresh / f"{name}.safetensors"))  # weights that heads share are stored once
    tensors, numbers = _flat(optimiser.state_dict())
    save_file(tensors, fresh / "optimiser.safetensors")
    (fresh / "state.json").write_text(json.dumps({"iteration": iteration, "optimiser": numbers}))
    final, old = folder / "state", folder / "state.old"
    if final.exists():
        final.replace(old)
    fresh.replace(final)
    shutil.rmtree(old, ignore_errors=True)


def load_state(folder: Path, *, model: Any, average: Any, optimiser: torch.optim.Optimizer) -> int:
    """Put a saved state back; the iteration to go on with, 0 when there is none.

    Raises:
        BadCheckpoint: it is of another model.
    """
    state = folder / "state" if (folder / "state").is_dir() else folder / "state.old"
    if not state.is_dir():
        return 0
    try:
        for name, module in (("model", model), ("average", average)):
            load_model(module, state / f"{name}.safetensors")
        numbers = json.loads((state / "state.json").read_text())
        optimiser.load_state_dict(_nested(load_file(state / "optimiser.safetensors"), numbers["optimiser"]))
    except (RuntimeError, KeyError, ValueError, OSError, SafetensorError) as error:
        raise BadCheckpoint(f"{state} does not fit this recipe: {str(error).splitlines()[0]}") from error
    return int(numbers["iteration"])


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
