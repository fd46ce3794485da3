"""A YOLOX for categories of its own, as a folder: `model.safetensors`, and `config.json` that says what it is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from ml.errors import BadCheckpoint
from ml.models.yolox.lite import shaped
from ml.models.yolox.network import YOLOX
from ml.models.yolox.sizes import Size, size_named
from ml.schemas import Category

MODEL_TYPE = "headway-yolox"
CONFIG, WEIGHTS = "config.json", "model.safetensors"


@dataclass(frozen=True)
class Card:
    """What config.json says: the name of a size (lite.py), the categories in the order of the head's classes, the training input in px, whether
    channels were pruned, so that the weights say how many there are, and whether its run began from SiLU and ends with ReLU (sharpening.py)."""

    size: str
    categories: tuple[Category, ...]
    width: int
    height: int
    pruned: bool = False
    from_silu: bool = False

    @property
    def network(self) -> Size:
        """Raises: BadCheckpoint when there is no such size."""
        size = size_named(self.size)
        if size is None:
            raise BadCheckpoint(f"There is no YOLOX '{self.size}'.")
        return size


def is_yolox(folder: Path) -> bool:
    """Whether its config.json calls it one of ours."""
    try:
        return bool(_config(folder).get("model_type") == MODEL_TYPE)
    except BadCheckpoint:
        return False


def save(model: YOLOX, card: Card, folder: Path) -> None:
    """Write both files."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, folder / WEIGHTS)
    (folder / CONFIG).write_text(json.dumps({"model_type": MODEL_TYPE, **asdict(card)}, indent=2))


def load(folder: Path) -> tuple[YOLOX, Card]:
    """The network as it was saved; nothing in the folder can run code.

    Raises:
        BadCheckpoint: a file is missing or damaged, is of another kind of model, or the two do not fit each other.
    """
    card = _card(folder)
    model = YOLOX(card.network, len(card.categories))
    try:
        state = load_file(folder / WEIGHTS)
        if card.pruned:
            shaped(model, state)
        model.load_state_dict(state)
    except (OSError, SafetensorError, RuntimeError, ValueError) as error:
        why = (str(error).splitlines() or [type(error).__name__])[-1].strip()
        raise BadCheckpoint(
            f"{folder / WEIGHTS} is no YOLOX {card.size} of {len(card.categories)} categories: {why}",
            hint=f"{CONFIG} and {WEIGHTS} must come from the same training.",
        ) from error
    return model, card


def _card(folder: Path) -> Card:
    config = _config(folder)
    if config.get("model_type") != MODEL_TYPE:
        raise BadCheckpoint(
            f"{folder} holds a '{config.get('model_type')}' model, not '{MODEL_TYPE}'.",
            hint="Give a folder that a YOLOX was trained into, or yolox:<file> for an official checkpoint.",
        )
    try:
        categories = tuple(
            Category(each["name"], each["phrase"], each["group"], tuple(each["aliases"]))
            for each in config["categories"]
        )
        flags = {flag: bool(config.get(flag, False)) for flag in ("pruned", "from_silu")}
        card = Card(str(config["size"]), categories, int(config["width"]), int(config["height"]), **flags)
    except (KeyError, TypeError, ValueError) as error:
        raise BadCheckpoint(f"{folder / CONFIG} lacks a part, or has a wrong one: {error!r}") from error
    if size_named(card.size) is None or not categories or min(card.width, card.height) < 1:
        raise BadCheckpoint(
            f"{folder / CONFIG}: there is no YOLOX '{card.size}' of {len(categories)} categories at {card.width}x{card.height}."
        )
    return card


def _config(folder: Path) -> dict[str, Any]:
    try:
        config = json.loads((folder / CONFIG).read_text())
    except (OSError, ValueError) as error:
        raise BadCheckpoint(f"{folder / CONFIG} cannot be read as JSON: {error}") from error
    if not isinstance(config, dict):
        raise BadCheckpoint(f"{folder / CONFIG} must hold one JSON object.")
    return config
