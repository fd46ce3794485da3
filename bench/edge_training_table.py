"""The part of docs/results.md on edge models, from what a comparison's folder holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.distillation_table import RESULTS, Measured, gain_over, judged_runs
from ml.evaluate.detection import evaluate

BEGIN, END = "<!-- edge: written by bench/edge_training.py -->", "<!-- /edge -->"
CONTROL, HARD = "gt", "threshold"
SINGLED_OUT = "bicyclist"
VULNERABLE = ("person", "bicyclist", "motorcyclist")


def write_table(folder: Path, words: dict[str, str], write: bool) -> None:
    """Print the tables; with `write` put them in place of those that are there."""
    part = "\n\n".join([BEGIN, *filter(None, _parts(folder, words)), END])
    print(part)
    if not write:
        return
    before = RESULTS.read_text()
    head, found, rest = before.partition(BEGIN)
    RESULTS.write_text(head + part + rest.partition(END)[2] if found else f"{before.rstrip()}\n\n{part}\n")


def _parts(folder: Path, words: dict[str, str]) -> Iterator[str]:
    truths = {name: json.loads((folder / f"{name}.json").read_text()) for name in ("held_out", "kitti")}
    rounds = _whole_rounds(folder, list(words))
    if rounds == 0:
        yield "No round is whole yet."
        return
    found = {name: {arm: _runs(folder, arm, rounds, name, truth) for arm in words} for name, truth in truths.items()}
    yield f"{rounds} seed{'s' if rounds > 1 else ''}, {len(truths['held_out']['images'])} held-out frames."
    yield _main(found, truths, words)
    yield _by_category(found["held_out"], words)
    yield _teacher(folder, truths)
    yield _shrunk(folder)


def _whole_rounds(folder: Path, arms: list[str]) -> int:
    rounds = 0
    while all((folder / "runs" / f"{arm}-{rounds}" / "kitti.json").exists() for arm in arms):
        rounds += 1
    return rounds


def _runs(folder: Path, arm: str, rounds: int, name: str, truth: dict[str, Any]) -> Measured:
    paths = [folder / "runs" / f"{arm}-{seed}" / f"{name}.json" for seed in range(rounds)]
    return judged_runs(truth, [json.loads(path.read_text()) for path in paths])


def _main(found: dict[str, dict[str, Measured]], truths: dict[str, Any], words: dict[str, str]) -> str:
    rows = [
        f"| trained on | AP, mean ± deviation | AP - TrainGT (95 %) | {SINGLED_OUT} | {SINGLED_OUT} - threshold (95 %) | people and riders - threshold (95 %) | KITTI AP | KITTI - TrainGT (95 %) |",
        "|---|---|---|---|---|---|---|---|",
    ]
    ours, real = found["held_out"], found["kitti"]
    for arm, text in words.items():
        own = ours[arm]
        narrow = [_narrow(ours, truths["held_out"], arm, names) for names in ((SINGLED_OUT,), VULNERABLE)]
        cells = [
            text,
            f"{own.mean('ap'):.3f} ± {own.deviation():.3f}",
            gain_over(ours, arm, truths["held_out"], CONTROL),
        ]
        cells += [f"{own.of_category(SINGLED_OUT):.3f}", *narrow]
        cells += [f"{real[arm].mean('ap'):.3f}", gain_over(real, arm, truths["kitti"], CONTROL)]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _narrow(measured: dict[str, Measured], truth: dict[str, Any], arm: str, names: tuple[str, ...]) -> str:
    """The gain over hard pseudo-labels on some categories alone."""
    ids = {category["id"] for category in truth["categories"] if category["name"] in names}
    few = {**truth, "annotations": [row for row in truth["annotations"] if row["category_id"] in ids]}
    few["categories"] = [category for category in truth["categories"] if category["id"] in ids]
    kept = {
        name: judged_runs(few, [[row for row in each if row["category_id"] in ids] for each in measured[name].results])
        for name in {arm, HARD}
    }
    return gain_over(kept, arm, few, HARD)


def _by_category(measured: dict[str, Measured], words: dict[str, str]) -> str:
    names = list(next(iter(measured.values())).reports[0].per_category)
    rows = [f"| AP by category | {' | '.join(names)} |", f"|{'---|' * (len(names) + 1)}"]
    for arm, text in words.items():
        rows.append(f"| {text} | {' | '.join(f'{measured[arm].of_category(name):.3f}' for name in names)} |")
    return "\n".join(rows)


def _teacher(folder: Path, truths: dict[str, Any]) -> str:
    """The teacher itself, and how many labels of each category it gave, against the true ones of the same frames."""
    own, real = (
        evaluate(truths[name], json.loads((folder / "measured" / "teacher" / f"{name}.json").read_text()))
        for name in ("held_out", "kitti")
    )
    pseudo, true = (json.loads((folder / f"{name}.json").read_text()) for name in ("pseudo", "truth"))
    rows = [
        f"The teacher: AP {own.ap:.3f}, {SINGLED_OUT} {own.per_category[SINGLED_OUT]:.3f}, KITTI AP {real.ap:.3f}. Its labels against the true ones of the same frames:",
        "",
        "| category | true | from 0.15 | from 0.33 | mean risk |",
        "|---|---|---|---|---|",
    ]
    for category in true["categories"]:
        labels = [row for row in pseudo["annotations"] if row["category_id"] == category["id"]]
        risk = sum(row["risk"] for row in labels) / max(1, len(labels))
        sure = sum(row["score"] >= 0.33 for row in labels)
        known = sum(row["category_id"] == category["id"] for row in true["annotations"])
        rows.append(f"| {category['name']} | {known} | {len(labels)} | {sure} | {risk:.2f} |")
    return "\n".join(rows)


def _shrunk(folder: Path) -> str:
    """Means over the seeds that every row has."""
    files = [json.loads(path.read_text()) for path in sorted(folder.glob("shrunk-*.json"))]
    if not files:
        return ""
    rows = [
        "| network, trained on TrainGT | M | GFLOPs | AP | AP in 8 bits | with the first layers in 32 |",
        "|---|---|---|---|---|---|",
    ]
    for name in files[0]:
        figures = [file[name] for file in files if name in file]
        mean = {key: sum(row[key] for row in figures) / len(figures) for key in figures[0]}
        cells = [name, f"{mean['parameters'] / 1e6:.2f}", f"{mean['gflops']:.3f}"]
        rows.append(
            f"| {' | '.join([*cells, *(f'{mean[key]:.3f}' for key in ('fp32', 'int8', 'int8_first_in_fp32'))])} |"
        )
    return f"{len(files)} seed{'s' if len(files) > 1 else ''}.\n\n" + "\n".join(rows)
