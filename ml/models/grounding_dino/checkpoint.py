"""A checkpoint folder or hub id in the layout of transformers, loaded whole or refused by name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from transformers import (
    AutoConfig,
    AutoTokenizer,
    GroundingDinoForObjectDetection,
    MMGroundingDinoForObjectDetection,
)

from ml.errors import BadCheckpoint

CLASSES: dict[str, Any] = {
    "grounding-dino": GroundingDinoForObjectDetection,
    "mm-grounding-dino": MMGroundingDinoForObjectDetection,
}
SHORTEST_EDGE, LONGEST_EDGE = 800, 1333  # what the published checkpoints were trained at
FULL_STOP_ID = 1012  # transformers has it written into its masks


@dataclass(frozen=True)
class Checkpoint:
    """`shortest_edge` and `longest_edge` bound the input in px, `size_divisor` divides both its sides.

    `tuned` is headway.json: the thresholds found for these weights.
    """

    model: Any
    tokenizer: Any
    shortest_edge: int
    longest_edge: int
    size_divisor: int
    tuned: dict[str, Any]


def load_checkpoint(source: str | Path) -> Checkpoint:
    """Raises: BadCheckpoint when a part is missing, damaged, pickled or of another kind of model."""
    local = Path(source) if Path(source).is_dir() else None
    if local:
        _refuse_without_safetensors(local)
    try:
        model, tokenizer = _model(source), AutoTokenizer.from_pretrained(source)
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        raise BadCheckpoint(
            f"'{source}' could not be loaded: {(str(error).splitlines() or [type(error).__name__])[0]}",
            hint="A folder needs config.json, tokenizer files and model.safetensors; a hub id needs the network once.",
        ) from error
    if tokenizer.convert_tokens_to_ids(".") != FULL_STOP_ID:
        raise BadCheckpoint(f"'{source}' has no tokenizer of its own: '.' must be token {FULL_STOP_ID}.")
    preprocessor = _json(local, "preprocessor_config.json")
    size = preprocessor.get("size", {})
    sides = [size[side] for side in ("height", "width") if side in size] or [SHORTEST_EDGE, LONGEST_EDGE]
    return Checkpoint(
        model=model,
        tokenizer=tokenizer,
        shortest_edge=int(size.get("shortest_edge", min(sides))),
        longest_edge=int(size.get("longest_edge", max(sides))),
        size_divisor=int(preprocessor.get("size_divisor") or 1),
        tuned=_json(local, "headway.json"),
    )


def _refuse_without_safetensors(folder: Path) -> None:
    if (folder / "model.safetensors").exists() or list(folder.glob("*.safetensors.index.json")):
        return
    pickled = any(folder.glob("*.bin")) or any(folder.glob("*.pt*"))
    why = "only pickled weights, which could run code" if pickled else "no weights"
    raise BadCheckpoint(f"{folder} holds {why}.", hint="Save it with safetensors: model.save_pretrained(folder).")


def _model(source: str | Path) -> Any:
    kind = AutoConfig.from_pretrained(source).model_type
    if kind not in CLASSES:
        raise BadCheckpoint(f"{source} is a '{kind}' model; known: {', '.join(CLASSES)}.")
    model, report = CLASSES[kind].from_pretrained(source, use_safetensors=True, output_loading_info=True)
    # transformers only warns, and fills the gaps with random weights.
    if missing := _unfilled(model, set(report["missing_keys"])):
        raise BadCheckpoint(f"'{source}' lacks {len(missing)} of the model's weights, first '{missing[0]}'.")
    return model


def _unfilled(model: Any, missing: set[str]) -> list[str]:
    """Missing parameters that are not shared with one that is there."""
    names: dict[int, list[str]] = {}
    for name, parameter in model.named_parameters(remove_duplicate=False):
        names.setdefault(id(parameter), []).append(name)
    return [shared[0] for shared in names.values() if missing.issuperset(shared)]


def _json(folder: Path | None, name: str) -> dict[str, Any]:
    if folder is None or not (folder / name).is_file():
        return {}
    try:
        values: dict[str, Any] = json.loads((folder / name).read_text())
    except json.JSONDecodeError as error:
        raise BadCheckpoint(f"{folder / name} is not JSON: {error}") from error
    return values
