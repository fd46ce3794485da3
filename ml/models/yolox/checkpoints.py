"""Official YOLOX checkpoints: `.pth` files, read as weights alone so that nothing in them runs, and the same as safetensors."""

from __future__ import annotations

import pickle
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from ml.errors import BadCheckpoint
from ml.models.coco_names import COCO_NAMES
from ml.models.yolox.network import YOLOX
from ml.models.yolox.sizes import SIZES, Size

State = dict[str, Tensor]


def load_yolox(path: Path) -> tuple[YOLOX, Size]:
    """The network of an official checkpoint, in eval mode; its size follows from its weights.

    Raises:
        BadCheckpoint: the file is missing, is no checkpoint, could run code, or holds another network or other classes.
    """
    state = _state(path)
    found = next((size for size in SIZES.values() if _fits(state, size)), None)
    if found is None:
        raise BadCheckpoint(
            f"{path.name} holds no official YOLOX network ({', '.join(SIZES)}) for the {len(COCO_NAMES)} COCO classes.",
            hint="Give the .pth file of the official repository, or its 'model' part as safetensors.",
        )
    model = YOLOX(found)
    model.load_state_dict(state)
    return model.eval().requires_grad_(requires_grad=False), found


def _state(path: Path) -> State:
    if not path.is_file():
        raise BadCheckpoint(f"{path.name} is not a file.", hint="Give the path of a YOLOX .pth or .safetensors file.")
    try:
        held = (
            load_file(path)
            if path.suffix == ".safetensors"
            else torch.load(path, map_location="cpu", weights_only=True)
        )
    except (SafetensorError, pickle.UnpicklingError, RuntimeError, EOFError, OSError, ValueError) as error:
        why = (str(error).splitlines() or [type(error).__name__])[0]
        raise BadCheckpoint(f"{path.name} cannot be loaded as weights: {why}") from error
    state = held.get("model", held) if isinstance(held, dict) else None
    if not isinstance(state, dict) or not all(isinstance(value, Tensor) for value in state.values()):
        raise BadCheckpoint(f"{path.name} holds no weights by name.")
    return state


def _fits(state: State, size: Size) -> bool:
    with torch.device("meta"):
        wanted = YOLOX(size).state_dict()
    return state.keys() == wanted.keys() and all(state[name].shape == value.shape for name, value in wanted.items())
