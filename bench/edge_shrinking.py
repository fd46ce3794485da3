"""The second half of bench/edge_training.py: what fewer channels and 8 bits cost a network that was trained on audited labels."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.export.frames import Frames, drawn_by_slice, read_frames
from ml.export.int8 import quantised
from ml.export.judge import judged, results_on
from ml.export.onnx_file import CPU_OPSET, to_onnx
from ml.export.prune import pruned_to
from ml.export.runner import Input, Runner
from ml.models.yolox import folder as folders
from ml.models.yolox.cost import cost_of
from ml.models.yolox_onnx import letterbox

if TYPE_CHECKING:
    from bench.edge_training import Arm, Comparison

SHARES = (
    1.0,
    0.85,
    0.7,
    0.5,
)  # of the GFLOPs; the first is the control, which gets the same steps more. Sixteens leave a nano nothing much below half
CALIBRATION = 24
RATE = 5e-4
QAT = "qat"


def shrink(
    comparison: Comparison, silu: Arm, relu: Arm, seed: int, train_one: Callable[..., Iterator[str]]
) -> Iterator[str]:
    """Prune and fine-tune by `SHARES`, train through 8 bits, and quantise what came of all; figures to shrunk-SEED.json."""
    trained = comparison.run(silu.name, seed) / "model"
    again = {"iterations": comparison.iterations // 2, "learning_rate": RATE, "size": ""}
    names = {share: f"pruned{round(share * 100)}" for share in SHARES}
    for share, name in names.items():
        start = _pruned(trained, share, comparison.folder / "pruned" / f"{name}-{seed}")
        yield from train_one(comparison, name, seed, comparison.recipe(silu, seed, init=str(start), **again))
    qat = comparison.recipe(silu, seed, init=str(trained), eight_bits=True, **again)
    yield from train_one(comparison, QAT, seed, qat)
    path = comparison.folder / f"shrunk-{seed}.json"
    found = json.loads(path.read_text()) if path.exists() else {}
    for name in (*names.values(), QAT, relu.name):
        model = comparison.run(name, seed) / "model"
        if name not in found and model.exists():
            found[name] = _figures(comparison, model)
            path.write_text(json.dumps(found, indent=1))
            yield f"{name}, seed {seed}: in 8 bits too"


def _pruned(model: Path, share: float, to: Path) -> Path:
    """The folder of a copy with at most that share of the GFLOPs."""
    if share < 1 and not to.exists():
        network, card = folders.load(model)
        most = cost_of(network, card.width, card.height).gflops * share
        less, _ = pruned_to(network, most, card.width, card.height)
        folders.save(less, replace(card, pruned=True), to)
    return to if share < 1 else model


def _figures(comparison: Comparison, model: Path) -> dict[str, Any]:
    """Cost, and AP on the held-out frames in 32 bits, in 8, and in 8 with the first layers in 32."""
    network, card = folders.load(model)
    calibration, frames = (read_frames(str(comparison.folder / f"{name}.json")) for name in ("audited", "held_out"))
    names = tuple(category.name for category in card.categories)
    reads = Input(card.width, card.height, names, dict.fromkeys(names, 0.3), 0.01)
    fp32 = to_onnx(network, card.width, card.height, CPU_OPSET)
    cost = cost_of(network, card.width, card.height)
    files = {"fp32": fp32} | {
        name: quantised(fp32, (_blob(calibration, image, reads) for image in _drawn(calibration)), keep=keep)
        for name, keep in (("int8", ""), ("int8_first_in_fp32", "first"))
    }
    aps = {
        name: round(judged(frames, results_on(Runner(file.SerializeToString(), reads), frames)).ap, 4)
        for name, file in files.items()
    }
    return {"parameters": cost.parameters, "gflops": round(cost.gflops, 4), **aps}


def _drawn(frames: Frames) -> list[dict[str, Any]]:
    return drawn_by_slice(frames, CALIBRATION)


def _blob(frames: Frames, image: dict[str, Any], reads: Input) -> Any:
    return letterbox(frames.load(image), reads.width, reads.height)[0]
