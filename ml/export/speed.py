"""How long a packed network takes on the processor at hand, one thread. Told beside the zip, never in it: its bytes must not know where they were made."""

from __future__ import annotations

import platform
import time
from pathlib import Path
from typing import Any

import numpy as np

from ml.export.bundle import MODELS, EdgeModel, read

WARM_UP, TURNS = 2, 12


def speed_of(archive: Path) -> dict[str, Any]:
    """Milliseconds of one frame through each network of a zip, p50 and p95, by turns; without letterbox and decoding."""
    _, files = read(archive)
    runners = {name: EdgeModel(archive, precision=name).runner for name, file in MODELS.items() if file in files}
    times: dict[str, list[float]] = {name: [] for name in runners}
    for _ in range(WARM_UP + TURNS):
        for name, runner in runners.items():
            blob = np.full((1, 3, runner.reads.height, runner.reads.width), 114, np.float32)
            start = time.perf_counter()
            runner.maps(blob)
            times[name].append((time.perf_counter() - start) * 1000)
    found = {name: np.percentile(taken[WARM_UP:], (50, 95)).round(2) for name, taken in times.items()}
    rows = {name: {"p50_ms": float(p50), "p95_ms": float(p95)} for name, (p50, p95) in found.items()}
    return {**rows, "threads": 1, "processor": _processor()}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:  # not Linux
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
