"""What rendering costs: `python bench/synth.py` prints CPU-seconds of drives and milliseconds of training scenes, on one thread."""

import argparse
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ml.synth import DriveSpec, random_scene, render_drive

DRIVE_SEEDS = (7, 900, 905)
SCENE_SIZE = (448, 256)  # of a training picture
VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "dense": {"dense": True},
    "randomised": {"randomised": True},
    "shutter 20 ms": {"shutter_s": 0.02},
}


def main() -> None:
    """One JSON line, or two Markdown tables."""
    parser = argparse.ArgumentParser(prog="python bench/synth.py", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="length of a drive at 1280x720 and 10 fps")
    parser.add_argument("--scenes", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    drives = {name: _drives(options.seconds, variant) for name, variant in VARIANTS.items()}
    scenes = {name: _scenes(options.scenes, randomised=name == "randomised") for name in ("plain", "randomised")}
    if options.json:
        print(json.dumps({"drives": drives, "scenes_ms": scenes}))
        return
    print("| drive | CPU-s, mean | CPU-s, slowest | frames per CPU-s |\n|---|---|---|---|")
    for name, row in drives.items():
        print(f"| {name} | {row['mean_s']:.1f} | {row['slowest_s']:.1f} | {row['frames_per_s']:.1f} |")
    print("\n| scene | CPU-ms |\n|---|---|")
    for name, milliseconds in scenes.items():
        print(f"| {name} | {milliseconds:.1f} |")


def _drives(seconds: float, variant: dict[str, Any]) -> dict[str, float]:
    specs = [DriveSpec(seed, seconds=seconds, **variant) for seed in DRIVE_SEEDS]
    costs = [_cpu_s(render_drive(spec)) for spec in specs]
    frames = sum(round(spec.seconds * spec.fps) for spec in specs)
    return {"mean_s": sum(costs) / len(costs), "slowest_s": max(costs), "frames_per_s": frames / sum(costs)}


def _scenes(count: int, *, randomised: bool) -> float:
    random_scene(0, *SCENE_SIZE, randomised=randomised)  # imports and first allocations
    scenes = (random_scene(1_000_000 + number, *SCENE_SIZE, randomised=randomised) for number in range(count))
    return _cpu_s(scenes) / count * 1000


def _cpu_s(rendered: Iterable[object]) -> float:
    """CPU time of this process; other work on the machine stretches the clock, hardly this."""
    start = time.process_time()
    for _ in rendered:
        pass
    return time.process_time() - start


if __name__ == "__main__":
    main()
