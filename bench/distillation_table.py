"""The part of docs/results.md on distillation, from what a comparison's folder holds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml.distill.claims import claims_of
from ml.evaluate.compare import bootstrap_over_seeds, over_seeds
from ml.evaluate.detection import evaluate
from ml.evaluate.seeds import paired_over_seeds
from ml.schemas import EvalReport

RESULTS = Path(__file__).resolve().parents[1] / "docs" / "results.md"
BEGIN, END = "<!-- distillation: written by bench/distillation.py -->", "<!-- /distillation -->"
CONTROL = "none"
SHOWN_BY_CATEGORY = ("none", "threshold", "rpld", "cld", "mmkd")
RARE = ("person", "bicyclist", "motorcyclist", "trafficlight")


@dataclass(frozen=True)
class Measured:
    """Detections of all seeds of one way to train on one set of frames, and the figures of each."""

    results: list[list[dict[str, Any]]]
    reports: list[EvalReport]

    def mean(self, figure: str) -> float:
        return float(over_seeds([getattr(report, figure) for report in self.reports])["mean"] or 0.0)

    def deviation(self) -> float:
        return float(over_seeds([report.ap for report in self.reports])["deviation"] or 0.0)

    def of_category(self, name: str) -> float:
        return sum(report.per_category[name] for report in self.reports) / len(self.reports)


def write_table(folder: Path, arms: Sequence[str], seeds: int) -> None:
    """Put the tables in place of those that are there, and print them."""
    part = "\n\n".join([BEGIN, *_parts(folder, arms, seeds), END])
    print(part)
    before = RESULTS.read_text()
    if BEGIN in before:
        head, _, rest = before.partition(BEGIN)
        after = head + part + rest.partition(END)[2]
    else:
        after = f"{before.rstrip()}\n\n{part}\n"
    RESULTS.write_text(after)


def _parts(folder: Path, arms: Sequence[str], seeds: int) -> list[str]:
    truths = {name: json.loads((folder / f"{name}.json").read_text()) for name in ("held_out", "kitti")}
    measured = {
        name: {arm: found for arm in arms if (found := measured_runs(folder, arm, seeds, name, truth))}
        for name, truth in truths.items()
    }
    cost = json.loads((folder / "cost.json").read_text()) if (folder / "cost.json").exists() else {}
    return [
        _main(measured, truths, cost.get("steps", {})),
        _by_category(measured["held_out"]),
        _against_threshold(measured["held_out"], truths["held_out"]),
        _before_and_teacher(folder, truths),
        _models(cost.get("models", {})),
    ]


def measured_runs(folder: Path, arm: str, seeds: int, name: str, truth: dict[str, Any]) -> Measured | None:
    """None unless every seed is there."""
    paths = [folder / "runs" / f"{arm}-{seed}" / f"{name}.json" for seed in range(seeds)]
    if not all(path.exists() for path in paths):
        return None
    return judged_runs(truth, [json.loads(path.read_text()) for path in paths])


def judged_runs(truth: dict[str, Any], results: list[list[dict[str, Any]]]) -> Measured:
    return Measured(results, [evaluate(truth, each) for each in results])


def _main(measured: dict[str, dict[str, Measured]], truths: dict[str, Any], steps: dict[str, dict[str, float]]) -> str:
    rows = [
        "| way to train | AP, mean ± deviation | AP50 | AP - undistilled (95 %) | KITTI AP - undistilled (95 %) | step, teacher asked / remembered | claimed by its paper |",
        "|---|---|---|---|---|---|---|",
    ]
    ours = measured["held_out"]
    for arm in sorted(ours, key=lambda arm: -ours[arm].mean("ap")):
        gains = [gain_over(measured[name], arm, truths[name]) for name in ("held_out", "kitti")]
        step = steps.get(arm)
        times = f"{step['fresh']:.2f}x / {step['remembered']:.2f}x" if step else ""
        own = ours[arm]
        row = [f"`{arm}`", f"{own.mean('ap'):.3f} ± {own.deviation():.3f}", f"{own.mean('ap50'):.3f}", *gains, times]
        rows.append(f"| {' | '.join([*row, _claims(arm)])} |")
    return "\n".join(rows)


def _claims(arm: str) -> str:
    """In points of 100, as papers count."""
    ranges = ((claim.setting, *claim.gain) for claim in claims_of(arm))
    return "; ".join(
        f"{setting}: {least:+.1f}" + (f" to {most:+.1f}" if most != least else "") for setting, least, most in ranges
    )


def gain_over(measured: dict[str, Measured], arm: str, truth: dict[str, Any], control: str = CONTROL) -> str:
    """In bold where the interval leaves nil out, with a star where Student's over the seeds alone, which is honest for few of them, does too."""
    if arm == control or arm not in measured or control not in measured:
        return ""
    found = bootstrap_over_seeds(truth, measured[control].results, measured[arm].results)
    text = f"{found['difference']:+.3f} ({found['low']:+.3f} to {found['high']:+.3f})"
    if found["low"] <= 0 <= found["high"]:
        return text
    first, second = (dict(enumerate(report.ap for report in measured[name].reports)) for name in (control, arm))
    alone = paired_over_seeds(first, second)
    sure = (
        alone
        and alone.student_low is not None
        and alone.student_high is not None
        and (alone.student_low > 0 or alone.student_high < 0)
    )
    return f"**{text}**{'*' if sure else ''}"


def gains_on(folder: Path, name: str, arms: Sequence[str], seeds: int) -> Iterator[str]:
    """A row a way to train: AP of each seed on these frames, and the gain over the control."""
    truth = json.loads((folder / f"{name}.json").read_text())
    measured = {arm: found for arm in arms if (found := measured_runs(folder, arm, seeds, name, truth))}
    for arm, own in measured.items():
        each = ", ".join(f"{report.ap:.4f}" for report in own.reports)
        yield f"| `{arm}` | {own.mean('ap'):.4f} ± {own.deviation():.4f} | {each} | {gain_over(measured, arm, truth)} |"


def _by_category(measured: dict[str, Measured]) -> str:
    arms = [arm for arm in SHOWN_BY_CATEGORY if arm in measured]
    if not arms:
        return ""
    names = list(measured[arms[0]].reports[0].per_category)
    rows = [f"| AP by category | {' | '.join(names)} |", f"|{'---|' * (len(names) + 1)}"]
    for arm in arms:
        rows.append(f"| `{arm}` | {' | '.join(f'{measured[arm].of_category(name):.3f}' for name in names)} |")
    return "\n".join(rows)


def _against_threshold(measured: dict[str, Measured], truth: dict[str, Any]) -> str:
    """RPLD against hard pseudo-labels: on all categories, and on the rare ones alone."""
    if not {"rpld", "threshold"} <= measured.keys():
        return ""
    ids = {category["name"]: category["id"] for category in truth["categories"]}
    rare = {ids[name] for name in RARE}
    few = {**truth, "annotations": [a for a in truth["annotations"] if a["category_id"] in rare]}
    few["categories"] = [category for category in truth["categories"] if category["id"] in rare]
    kept = {
        arm: judged_runs(few, [[r for r in each if r["category_id"] in rare] for each in measured[arm].results])
        for arm in ("rpld", "threshold", "none")
        if arm in measured
    }
    rows = ["| `rpld` against | all categories | " + ", ".join(RARE) + " |", "|---|---|---|"]
    for control in ("threshold", "none"):
        if control in measured:
            gains = [gain_over(measured, "rpld", truth, control), gain_over(kept, "rpld", few, control)]
            rows.append(f"| `{control}` | {gains[0]} | {gains[1]} |")
    return "\n".join(rows)


def _before_and_teacher(folder: Path, truths: dict[str, Any]) -> str:
    rows = ["| | AP | AP50 | APs | KITTI AP |", "|---|---|---|---|---|"]
    for name, words in (("before", "the student before"), ("teacher", "the teacher")):
        reports = [
            evaluate(truths[of], json.loads((folder / "measured" / name / f"{of}.json").read_text()))
            for of in ("held_out", "kitti")
        ]
        own, real = reports
        rows.append(f"| {words} | {own.ap:.3f} | {own.ap50:.3f} | {own.ap_small:.3f} | {real.ap:.3f} |")
    return "\n".join(rows)


def _models(models: dict[str, dict[str, float]]) -> str:
    rows = ["| | parameters | peak memory | frames per CPU-second |", "|---|---|---|---|"]
    for name, of in models.items():
        rows.append(f"| {name} | {of['parameters']} M | {of['memory']} MiB | {of['frames_per_second']} |")
    return "\n".join(rows) if models else ""
