"""What the queue's order is worth: `python bench/audit_curve.py --shared DIR --json`. Errors found against labels audited.

A label is wrong where no free truth of its category overlaps it by IoU 0.5 or more (ml/evaluate/label_errors.py): another category, a box too far
off, a second box on one object, or nothing there. Labels half of which lie in a region that nobody labelled are left out. All risks are of
models that saw no label of the same drive (calibrated) or were fitted on nothing (first day); intervals draw drives, on KITTI frames, with replacement.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from numpy.typing import NDArray

from bench.audit_curve_data import KITTI_CATEGORIES, LabelledDrive, kitti_frames, rendered_drives
from ml.evaluate.audit_curve import Ranking, audit_curves
from ml.evaluate.objectlab import label_doubts
from ml.risk import calibrate
from ml.risk.calibrate import AuditedLabel, held_out_risks
from ml.risk.drive import assess_drive
from ml.risk.reliability import reliability
from ml.risk.scale import shifted
from ml.risk.score import first_day_risk
from ml.risk.signal import available_signals
from ml.schemas import Category, Detection
from ml.taxonomies import GDDA13

Floats = NDArray[np.float64]
CRITICAL = (
    1.5  # severity from which on an error is safety-critical: the closest in-path object, or a vulnerable road user
)
FIRST = 0.1  # of the queue
WEIGHTS = {signal.name: signal.weight for signal in available_signals()}


@dataclass(frozen=True)
class Audit:
    """The labels of a set, (N,) each, and what their audit finds."""

    labels: list[AuditedLabel]
    severity: Floats
    detections: list[Detection]
    objectlab: Floats
    kinds: list[str]

    @property
    def wrong(self) -> Floats:
        return np.array([label.wrong for label in self.labels], np.float64)

    @property
    def blocks(self) -> NDArray[np.int64]:
        return np.array([label.block for label in self.labels])

    @property
    def confidence(self) -> Floats:
        return 1 - np.array([one.score for one in self.detections])


def main() -> None:
    """A table a set and, with `--json`, everything as one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, help="folder with kitti/ and weights/; without it rendered drives alone")
    parser.add_argument("--cache", type=Path, default=Path("var/bench-audit-curve"), help="predictions are kept there")
    parser.add_argument("--drives", type=int, default=24, help="rendered drives")
    parser.add_argument(
        "--first", type=int, default=900, help="seed of the first; 900 to 903 chose the numbers of the first day"
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    sets = {
        "rendered": judged(rendered_drives(options.cache, range(options.first, options.first + options.drives)), GDDA13)
    }
    if options.shared:
        weights = options.shared / "weights" / "yolox_nano_coco.onnx"
        sets["kitti"] = judged(kitti_frames(options.cache, options.shared / "kitti", weights), KITTI_CATEGORIES)
    report = {name: measured(audit) for name, audit in sets.items()}
    for name, figures in report.items():
        show(name, figures)
    if options.json:
        print(json.dumps(report))


def judged(drives: Sequence[LabelledDrive], categories: Sequence[Category]) -> Audit:
    """Every label of the drives with its signals, by drive."""
    groups = {category.name: category.group for category in categories}
    rows: list[tuple[AuditedLabel, float, Detection, float, str]] = []
    for block, drive in enumerate(drives):
        scored = assess_drive(drive.frames, categories=categories, score_threshold=drive.score_threshold)
        for frame, found, verdicts in zip(drive.frames, scored, drive.verdicts, strict=True):
            places = [k for k, verdict in enumerate(verdicts) if verdict not in (None, "ignored")]
            labels = [frame.detections[k] for k in places]
            second = frame.second.detections if frame.second else frame.detections
            threshold = frame.second.score_threshold if frame.second else drive.score_threshold
            opinion = [replace(one, score=shifted(one.score, threshold)) for one in second]
            doubts = label_doubts(labels, opinion, max(frame.width, frame.height))
            for k, doubt in zip(places, doubts, strict=True):
                one, assessment = frame.detections[k], found[k].assessment
                signals = {s.name: s.value for s in assessment.signals if s.name in WEIGHTS}
                _, _, width, height = one.box_xywh
                label = AuditedLabel(signals, groups[one.category], width * height, verdicts[k] != "right", block)
                rows.append((label, assessment.severity, one, float(doubt), str(verdicts[k])))
    labels_, severity, detections, objectlab, kinds = (list(column) for column in zip(*rows, strict=True))
    return Audit(labels_, np.array(severity), detections, np.array(objectlab), kinds)  # type: ignore[arg-type]


def measured(audit: Audit) -> dict[str, Any]:
    """The headline figures of a set, all rankings, calibration, and what each signal adds."""
    # KITTI's 220 labels are fewer than the product fits on: the bench says what a fit would be worth all the same.
    calibrate.MIN_AUDITED = 100
    risk = held_out_risks(audit.labels)
    doubts = {
        "confidence": audit.confidence,
        "margin": np.array([margin(one) for one in audit.detections]),
        "entropy": np.array([entropy(one) for one in audit.detections]),
        "objectlab": audit.objectlab,
        "six_features": held_out_risks([six_features(audit, k) for k in range(len(audit.labels))]),
        "first_day": first_day(audit, WEIGHTS),
        "first_day_priority": first_day(audit, WEIGHTS) * audit.severity,
        "risk": risk,
        "priority": risk * audit.severity,
    }
    rankings = audit_curves(doubts, audit.wrong, audit.blocks)["rankings"]
    held_out = reliability(risk, audit.wrong)
    critical = critical_errors(audit, doubts)
    return {
        "gain": rankings["risk"]["gain"],
        "gain_confidence": rankings["confidence"]["gain"],
        "difference": rankings["risk"]["difference"],
        "difference_low": rankings["risk"]["difference_low"],
        "difference_high": rankings["risk"]["difference_high"],
        "critical_ratio_at_10": round(critical["priority"] / critical["confidence"], 2)
        if critical["confidence"]
        else None,
        "critical_at_10": critical,
        "ece": round(held_out.ece, 4),
        "labels": len(audit.labels),
        "errors": {kind: audit.kinds.count(kind) for kind in sorted(set(audit.kinds)) if kind != "right"},
        "rankings": {name: {k: v for k, v in one.items() if k != "found"} for name, one in rankings.items()},
        "signals": ablation(audit, risk),
    }


def critical_errors(audit: Audit, doubts: dict[str, Floats]) -> dict[str, float]:
    """How many safety-critical errors lie in the first tenth of the queue, by ranking; and how many there are."""
    critical = audit.wrong * (audit.severity >= CRITICAL)
    found = {name: float(Ranking(doubt, critical).found([FIRST])[0]) * critical.sum() for name, doubt in doubts.items()}
    return {name: round(count, 1) for name, count in found.items()} | {"all": int(critical.sum())}


def ablation(audit: Audit, risk: Floats) -> dict[str, dict[str, float]]:
    """The gain that the set would lack without a signal: calibrated, with the interval of that difference, and on the first day."""
    whole = Ranking(first_day(audit, WEIGHTS), audit.wrong).gain()
    found = {}
    for name in sorted({name for label in audit.labels for name in label.signals}):
        without = held_out_risks([replace(one, signals=left_out(one, {name})) for one in audit.labels])
        paired = audit_curves({"confidence": without, "risk": risk}, audit.wrong, audit.blocks, draws=300)
        figures = paired["rankings"]["risk"]
        first = Ranking(first_day(audit, {k: v for k, v in WEIGHTS.items() if k != name}), audit.wrong).gain()
        found[name] = {
            "adds": figures["difference"],
            "low": figures["difference_low"],
            "high": figures["difference_high"],
            "adds_first_day": round(whole - first, 4),
        }
    return found


def left_out(label: AuditedLabel, names: Collection[str]) -> dict[str, float]:
    return {name: value for name, value in label.signals.items() if name not in names}


def first_day(audit: Audit, weights: dict[str, float]) -> Floats:
    """The risk by those signals that have a weight, fitted on nothing."""
    kept = [{name: value for name, value in label.signals.items() if name in weights} for label in audit.labels]
    return np.array([first_day_risk(signals, weights) for signals in kept])


def six_features(audit: Audit, k: int) -> AuditedLabel:
    """What needs one prediction of one model and no track: confidence, margin, entropy, overlap; and, as any fit has, group and size."""
    label, one = audit.labels[k], audit.detections[k]
    signals = {"conf": 1 - one.score, "margin": margin(one), "entropy": entropy(one), "rivals": label.signals["rivals"]}
    return replace(label, signals=signals)


def margin(one: Detection) -> float:
    """1 - (best - second) of the raw probabilities."""
    best, second, *_ = sorted([*one.probs.values(), 0.0, 0.0], reverse=True)
    return 1 - (best - second)


def entropy(one: Detection) -> float:
    """Of the probabilities made to sum to 1, as a share of the most that it can be."""
    share = np.array(list(one.probs.values())) + 1e-12
    share /= share.sum()
    return float(-(share * np.log(share)).sum() / np.log(len(share)))


def show(name: str, figures: dict[str, Any]) -> None:
    wrong = sum(figures["errors"].values())
    print(
        f"\n{name}: {figures['labels']} labels, {wrong} wrong {figures['errors']}, calibration error {figures['ece']}"
    )
    found = figures["critical_at_10"]
    print(f"{'ranking':18} {'gain':>7} {'to confidence alone':>26} critical errors in the first 10 % of {found['all']}")
    for ranking, one in figures["rankings"].items():
        interval = f"{one['difference']:+.3f} [{one['difference_low']:+.3f}, {one['difference_high']:+.3f}]"
        print(f"{ranking:18} {one['gain']:7.3f} {interval:>26} {found[ranking]:.1f}")
    print(f"{'signal':14} {'adds':>7} {'interval':>20} {'on the first day':>17}")
    for signal, one in figures["signals"].items():
        interval = f"[{one['low']:+.4f}, {one['high']:+.4f}]"
        print(f"{signal:14} {one['adds']:+7.4f} {interval:>20} {one['adds_first_day']:+17.4f}")


if __name__ == "__main__":
    main()
