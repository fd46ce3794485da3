"""What bench/edge.py measured as a Markdown table: speed against the official network, and the Pareto front."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]
HEADS = ("network", "bits", "threads", "M", "GFLOPs", "CPU-ms", "p50 ms", "p95 ms", "FPS", "AP")


def table(rows: Sequence[Row], official: str) -> str:
    """One line a network, precision and number of threads. `official`: in 32 bits what the others' speed is told against."""
    heads = (*HEADS, f"times as fast as {official}", "Pareto")
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    for row in rows:
        beside = [other for other in rows if other["threads"] == row["threads"]]
        [base] = [other["p50_ms"] for other in beside if other["name"] == official and other["bits"] == 32]
        figures = [f"{row[name]:.1f}" for name in ("cpu_ms", "p50_ms", "p95_ms", "fps")]
        cells = [row["name"], str(row["bits"]), str(row["threads"]), f"{row['millions']:.2f}", f"{row['gflops']:.2f}"]
        ap = "" if row["ap"] is None else f"{row['ap']:.3f}"
        cells += [*figures, ap, f"{base / row['p50_ms']:.2f}", "front" if on_front(row, beside) else ""]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def on_front(row: Row, rows: Sequence[Row]) -> bool:
    """Whether nothing has as much AP in less time, or more in as little. Fresh weights have no AP and are on none."""
    if row["ap"] is None:
        return False
    return not any(
        other["ap"] >= row["ap"]
        and other["p50_ms"] <= row["p50_ms"]
        and (other["ap"], other["p50_ms"]) != (row["ap"], row["p50_ms"])
        for other in rows
        if other["ap"] is not None
    )
