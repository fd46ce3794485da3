"""Latency of YOLOX on this processor: `python bench/edge.py [FOLDER ...]`. Every network is asked for the same picture by turns, in 32 and in 8 bits, on one thread and on two. CPU-ms are those of all threads:
other work on the machine stretches the clock, hardly these.

Without folders the networks are fresh: their times are true, their accuracy is nothing and is not told. The official nano's weights, or folders that were trained,
bring their AP from `--judge`.
"""

import argparse
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ml.export.frames import drawn_by_slice, read_frames
from ml.export.int8 import quantised
from ml.export.judge import judged, results_on
from ml.export.onnx_file import CPU_OPSET, to_onnx
from ml.export.prune import pruned_to
from ml.export.runner import Input, Runner
from ml.models.yolox.cost import cost_of
from ml.models.yolox.network import YOLOX
from ml.models.yolox.sizes import size_named
from ml.models.yolox.training import open_yolox
from ml.models.yolox_onnx import letterbox
from ml.taxonomies import GDDA13

FRESH = ("nano", "nano-lite", "tiny", "tiny-lite", "s", "s-lite")
LITE_GFLOPS = 5.2  # at 512x288: what an X3 may do in 18 ms, an estimate
PRUNED = "s-lite"  # shown pruned as well where it is the last
CALIBRATION = 8


@dataclass(frozen=True)
class Network:
    """One to be timed. `names` are its categories."""

    name: str
    model: YOLOX
    names: tuple[str, ...]
    trained: bool


def main() -> None:
    """One JSON line, or a Markdown table."""
    options = _options()
    torch.set_num_threads(1)
    networks = [_opened(ref) for ref in options.models] if options.models else _fresh(options)
    frames = read_frames(options.judge, limit=options.frames)
    files = {(n.name, bits): _file(n, bits, frames, options) for n in networks for bits in (32, 8)}
    rows = [row for threads in options.threads for row in _timed(networks, files, threads, frames, options)]
    if options.json:
        print(json.dumps(rows))
        return
    print(
        "| network | bits | threads | M | GFLOPs | CPU-ms | p50 ms | p95 ms | FPS | AP |\n|---|---|---|---|---|---|---|---|---|---|"
    )
    for row in rows:
        ap = "" if row["ap"] is None else f"{row['ap']:.3f}"
        cost = f"{row['millions']:.2f} | {row['gflops']:.2f}"
        print(
            f"| {row['name']} | {row['bits']} | {row['threads']} | {cost} | {row['cpu_ms']:.1f} | {row['p50_ms']:.1f} | {row['p95_ms']:.1f} | {row['fps']:.1f} | {ap} |"
        )


def _fresh(options: argparse.Namespace) -> list[Network]:
    names = tuple(category.name for category in GDDA13)
    torch.manual_seed(0)
    found = [Network(name, YOLOX(size_named(name), len(names)).eval(), names, trained=False) for name in options.sizes]
    if options.sizes[-1] != PRUNED:
        return found
    less, _ = pruned_to(found[-1].model, LITE_GFLOPS, options.width, options.height)
    return [*found, Network("s-lite pruned", less.eval(), names, trained=False)]


def _opened(ref: str) -> Network:
    model, card = open_yolox(ref)
    return Network(Path(ref.rpartition(":")[2]).name, model, tuple(c.name for c in card.categories), trained=True)


def _timed(
    networks: list[Network], files: dict[tuple[str, int], bytes], threads: int, frames: Any, options: argparse.Namespace
) -> list[dict[str, Any]]:
    """By turns: what else the machine does falls on all of them alike."""
    runners = {}
    for network in networks:
        reads = Input(options.width, options.height, network.names, dict.fromkeys(network.names, 0.3), 0.1)
        runners |= {(network.name, bits): Runner(files[network.name, bits], reads, threads=threads) for bits in (32, 8)}
    blob, _ = letterbox(frames.load(frames.images[0]), options.width, options.height)
    times: dict[tuple[str, int], list[tuple[float, float]]] = {key: [] for key in runners}
    for turn in range(options.turns + 2):
        for key, runner in runners.items():
            start, spent = time.perf_counter(), time.process_time()
            runner.maps(blob)
            if turn >= 2:  # the first two warm up
                times[key].append(((time.perf_counter() - start) * 1000, (time.process_time() - spent) * 1000))
    return [
        _row(n, bits, threads, times[n.name, bits], runners[n.name, bits], frames, options)
        for n in networks
        for bits in (32, 8)
    ]


def _file(network: Network, bits: int, frames: Any, options: argparse.Namespace) -> bytes:
    model = to_onnx(network.model, options.width, options.height, CPU_OPSET)
    if bits == 8:
        drawn = drawn_by_slice(frames, CALIBRATION)
        blobs = (letterbox(frames.load(image), options.width, options.height)[0] for image in drawn)
        model = quantised(model, blobs)
    return model.SerializeToString()  # type: ignore[no-any-return]


def _row(
    network: Network,
    bits: int,
    threads: int,
    taken: list[tuple[float, float]],
    runner: Runner,
    frames: Any,
    options: argparse.Namespace,
) -> dict[str, Any]:
    cost = cost_of(network.model, options.width, options.height)
    ap = judged(frames, results_on(runner, frames)).ap if network.trained and threads == options.threads[0] else None
    clock, cpu = np.array(taken).T  # (turns,) ms each
    p50, p95 = (float(np.percentile(clock, share)) for share in (50, 95))
    about = {"name": network.name, "bits": bits, "threads": threads, "millions": cost.parameters / 1e6}
    return {
        **about,
        "gflops": cost.gflops,
        "p50_ms": p50,
        "p95_ms": p95,
        "cpu_ms": float(np.median(cpu)),
        "fps": 1000 / p50,
        "ap": ap,
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python bench/edge.py", description=__doc__)
    parser.add_argument(
        "models", nargs="*", help="folders that a YOLOX was trained into, yolox:<file> or yolox-onnx:<file>"
    )
    parser.add_argument("--sizes", nargs="+", default=FRESH, help="without models: fresh networks of these sizes")
    parser.add_argument("--width", type=int, default=512)
    parser.add_argument("--height", type=int, default=288)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--turns", type=int, default=40)
    parser.add_argument("--judge", default="rendered:", help="a COCO file for AP, and to calibrate with")
    parser.add_argument("--frames", type=int, default=8)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
