"""Latency of YOLOX on this processor, with AP beside it: `python bench/edge.py [FOLDER ...]`. Every network is asked for the same picture by turns, in 32 and in 8 bits, on one thread and on two.
CPU-ms are those of all threads: other work on the machine stretches the clock, hardly these. For each number of threads the table says how many times as fast a network is as the `--official` one in 32 bits,
and which are on the Pareto front: no other has as much AP in as little time.

Without folders the networks are fresh: their times are true, their accuracy is nothing and is not told. Official weights, or folders that were trained, bring their AP from `--judge`; `kitti` are the 60 real frames.
`--init` gives official weights to the networks of `--sizes`, for cars, trucks and people alone. `@WIDTHxHEIGHT` behind a network is its own input, as the official square beside the frame's shape:
`python bench/edge.py --judge kitti --frames 0 --init yolox-onnx:yolox_nano_coco.onnx --sizes nano@416x416 nano@416x128 -- LITE@416x128`.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import distillation_data as footage
from bench.edge_table import table
from ml.export.frames import Frames, drawn_by_slice, read_frames
from ml.export.int8 import KEPT, quantised
from ml.export.judge import LOWEST_SCORE, judged, results_on
from ml.export.onnx_file import CPU_OPSET, to_onnx
from ml.export.prune import pruned_to
from ml.export.runner import Input, Runner
from ml.models.yolox.cost import cost_of
from ml.models.yolox.network import YOLOX
from ml.models.yolox.sizes import size_named
from ml.models.yolox.training import begin, open_yolox
from ml.models.yolox_onnx import letterbox
from ml.taxonomies import GDDA13
from ml.train.recipe import TrainRecipe

FRESH = ("nano", "nano-lite", "tiny", "tiny-lite", "s", "s-lite")
LITE_GFLOPS = 5.2  # at 512x288: what an X3 may do in 18 ms, an estimate
PRUNED = "s-lite"  # shown pruned as well where it is the last
CALIBRATION = 24  # frames

KITTI = "kitti"
SHARED = Path(os.environ.get("HEADWAY_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"


@dataclass(frozen=True)
class Network:
    """One to be timed, at an input of its own. `names` are its categories."""

    name: str
    model: YOLOX
    names: tuple[str, ...]
    width: int
    height: int
    trained: bool

    @property
    def reads(self) -> Input:
        return Input(self.width, self.height, self.names, dict.fromkeys(self.names, 0.3), LOWEST_SCORE)


def main() -> None:
    """One JSON line, or a Markdown table."""
    options = _options()
    torch.set_num_threads(1)
    networks = [_opened(word, options) for word in options.models]
    networks += _of_sizes(options) if options.sizes else []
    if len({network.name for network in networks}) < len(networks):
        sys.exit(f"Two networks of one name: {', '.join(network.name for network in networks)}.")
    frames = _frames(options.judge, options.frames)
    calibrating = _frames(options.calibrate, options.frames) if options.calibrate else frames
    files = {(n.name, bits): _file(n, bits, calibrating, options) for n in networks for bits in (32, 8)}
    aps = {(n.name, bits): _ap(n, files[n.name, bits], frames, options) for n in networks for bits in (32, 8)}
    rows = [row for threads in options.threads for row in _timed(networks, files, threads, frames, options)]
    told = [{**row, "ap": aps[row["name"], row["bits"]]} for row in rows]
    print(json.dumps(told) if options.json else table(told, options.official or networks[0].name))


def _frames(ref: str, limit: int) -> Frames:
    """Those of a COCO file, or the 60 of KITTI."""
    if ref != KITTI:
        return read_frames(ref, limit=limit)
    with tempfile.TemporaryDirectory() as folder:
        path = footage.kitti(Path(folder), SHARED)
        if path is None:
            sys.exit(f"No KITTI at {SHARED}: set HEADWAY_SHARED.")
        return read_frames(str(path), limit=limit)


def _of_sizes(options: argparse.Namespace) -> list[Network]:
    """Fresh, or with the weights of `--init`."""
    names = tuple(category.name for category in (footage.TRAFFIC if options.init else GDDA13))
    found = []
    for word in options.sizes:
        size, *at = _with_input(word, options)
        torch.manual_seed(0)
        model = _taken_over(options.init, size) if options.init else YOLOX(size_named(size), len(names))
        found.append(Network(word, model.eval(), names, *at, trained=bool(options.init)))
    if options.sizes[-1] != PRUNED or options.init:
        return found
    less, _ = pruned_to(found[-1].model, LITE_GFLOPS, options.width, options.height)
    return [*found, replace(found[-1], name=f"{PRUNED} pruned", model=less.eval())]


def _taken_over(init: str, size: str) -> YOLOX:
    """As a run would begin: ReLU where SiLU was trained is far below what it could be."""
    return begin(TrainRecipe(family="yolox", init=init, size=size, categories=footage.TRAFFIC), None).model


def _opened(word: str, options: argparse.Namespace) -> Network:
    ref, *at = _with_input(word, options)
    model, card = open_yolox(ref)
    path = Path(ref.rpartition(":")[2])
    name = path.parent.name if path.name == "model" else path.name  # a run's model lies in RUN/model
    named = word.replace(ref, name)
    return Network(named, model, tuple(c.name for c in card.categories), *at, trained=True)


def _with_input(word: str, options: argparse.Namespace) -> tuple[str, int, int]:
    """What stands before `@`, and the input behind it; everybody's where there is none."""
    ref, _, at = word.partition("@")
    width, height = map(int, at.split("x")) if at else (options.width, options.height)
    return ref, width, height


def _timed(
    networks: list[Network], files: dict[tuple[str, int], bytes], threads: int, frames: Any, options: argparse.Namespace
) -> list[dict[str, Any]]:
    """By turns: what else the machine does falls on all of them alike."""
    runners, blobs = {}, {}
    for network in networks:
        for bits in (32, 8):
            key = network.name, bits
            runners[key] = Runner(files[key], network.reads, threads=threads)
            blobs[key], _ = letterbox(frames.load(frames.images[0]), network.width, network.height)
    times: dict[tuple[str, int], list[tuple[float, float]]] = {key: [] for key in runners}
    for turn in range(options.turns + 2):
        for key, runner in runners.items():
            start, spent = time.perf_counter(), time.process_time()
            runner.maps(blobs[key])
            if turn >= 2:  # the first two warm up
                times[key].append(((time.perf_counter() - start) * 1000, (time.process_time() - spent) * 1000))
    return [_row(n, bits, threads, times[n.name, bits]) for n in networks for bits in (32, 8)]


def _file(network: Network, bits: int, frames: Any, options: argparse.Namespace) -> bytes:
    model = to_onnx(network.model, network.width, network.height, CPU_OPSET)
    if bits == 8:
        drawn = drawn_by_slice(frames, CALIBRATION)
        blobs = (letterbox(frames.load(image), network.width, network.height)[0] for image in drawn)
        model = quantised(model, blobs, keep=options.keep)
    return model.SerializeToString()  # type: ignore[no-any-return]


def _row(network: Network, bits: int, threads: int, taken: list[tuple[float, float]]) -> dict[str, Any]:
    cost = cost_of(network.model, network.width, network.height)
    clock, cpu = np.array(taken).T  # (turns,) ms each
    p50, p95 = (float(np.percentile(clock, share)) for share in (50, 95))
    about = {"name": network.name, "bits": bits, "threads": threads, "millions": cost.parameters / 1e6}
    times = {"p50_ms": p50, "p95_ms": p95, "cpu_ms": float(np.median(cpu)), "fps": 1000 / p50}
    return {**about, "gflops": cost.gflops, **times}


def _ap(network: Network, file: bytes, frames: Frames, options: argparse.Namespace) -> float | None:
    """On the frames to judge on; null for fresh weights."""
    if not network.trained:
        return None
    return judged(frames, results_on(Runner(file, network.reads, threads=max(options.threads)), frames)).ap


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python bench/edge.py", description=__doc__)
    parser.add_argument(
        "models", nargs="*", help="folders that a YOLOX was trained into, yolox:<file> or yolox-onnx:<file>"
    )
    parser.add_argument("--sizes", nargs="+", default=(), help="fresh networks of these sizes too; all without models")
    parser.add_argument("--init", default="", help="yolox-onnx:<file>: the weights for --sizes")
    parser.add_argument("--keep", default="", choices=tuple(KEPT), help="what stays in 32 bits in the 8-bit network")
    parser.add_argument("--official", default="", help="the network that others began from; the first unless told")
    parser.add_argument("--width", type=int, default=512)
    parser.add_argument("--height", type=int, default=288)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--turns", type=int, default=40)
    parser.add_argument("--judge", default="rendered:", help="a COCO file for AP, or kitti")
    parser.add_argument("--calibrate", default="", help="a COCO file, or kitti, for 8 bits; the judge's unless told")
    parser.add_argument("--frames", type=int, default=8, help="at most so many; 0 for all")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    options.sizes = options.sizes or (() if options.models else FRESH)
    return options


if __name__ == "__main__":
    main()
