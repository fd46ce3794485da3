"""What sending some frames up is worth: `python bench/collaboration.py --edge REF --cloud REF --json`. Rendered drives with exact truth.

A frame that goes up is labelled by the cloud's model instead of the edge's. Compared are the device's doubt (ml/edge/doubt.py, from the real
runtime, in order of time), random frames (the mean of ten draws), confidence alone (the least sure of the boxes), and frames evenly apart.
`filled` is what is known of the drive afterwards: the frames that stayed on the device get the cloud's boxes of their neighbours (ml/between.py).
A hazard is the closest in-path object or a vulnerable road user within 40 m; it is missed where no box of its group at the alarm's score
overlaps it by half.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from numpy.typing import NDArray

from ml.between import filled
from ml.boxes import iou_matrix, xywh_to_xyxy
from ml.data.images import encode_jpeg
from ml.edge.distance import MountedCamera
from ml.edge.runtime import EdgeRuntime
from ml.edge.signals import Signal
from ml.evaluate.detection import evaluate
from ml.models.detector import Detector, build_detector
from ml.risk.cipo import Lanes
from ml.schemas import Detection
from ml.synth import DriveSpec, render_drive
from ml.synth.__main__ import Truth
from ml.taxonomies import GDDA13

WAYS = (("doubt", False), ("random", False), ("confidence", False), ("even", True), ("doubt", True), ("random", True))
SHARES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)
PRODUCT = "even, filled"  # what devices and platform do where key frames are set
AT, TARGET = 0.2, 0.95  # share of the frames, and of the gap that it should close
QUALITY = 80
DRAWS = 10
SURE, HAZARD_M = 0.4, 40.0
Choice = Callable[[float], "NDArray[np.bool_]"]
GROUPS = {category.name: category.group for category in GDDA13}
IDS = {category.name: place for place, category in enumerate(GDDA13, 1)}


@dataclass
class Seen:
    """Everything known of the frames, in order; `doubt` and `unsure` rank them."""

    truth: dict[str, Any] = field(default_factory=lambda: {"images": [], "annotations": [], "categories": []})
    edge: list[Sequence[Detection]] = field(default_factory=list)
    cloud: list[Sequence[Detection]] = field(default_factory=list)
    doubt: list[float] = field(default_factory=list)
    unsure: list[float] = field(default_factory=list)
    times_ms: list[float] = field(default_factory=list)
    drives: list[slice] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)
    signals: list[dict[str, float]] = field(default_factory=list)
    beside_ms: list[float] = field(default_factory=list)
    edge_ms: list[float] = field(default_factory=list)


class Finder:
    """A detector as the device's own."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self.last: Sequence[Detection] = ()

    def predict(self, image: Any) -> Sequence[Detection]:
        self.last = self._detector.predict([image], GDDA13, score_threshold=SURE, candidate_threshold=0.05)[0]
        return self.last


def main() -> None:
    options = _parser().parse_args()
    seen = pickle.loads(options.seen.read_bytes()) if options.seen and options.seen.exists() else drive(options)
    if options.seen and not options.seen.exists():
        options.seen.write_bytes(pickle.dumps(seen))
    print(f"{len(seen.edge)} frames of {options.drives} drives; edge {options.edge}, cloud {options.cloud}")
    found = _curves(seen)
    for key, told in (("ap", "AP"), ("missed", "missed hazards, share")):
        print(f"{told:<24}" + "".join(f"{share:>8.0%}" for share in SHARES))
        for name, curve in found.items():
            print(f"  {name:<22}" + "".join(f"{value:>8.3f}" for value in curve[key]))
    summary = _summary(seen, found, options.fps)
    print(
        f"{AT:.0%} of the frames close {summary['ap_closed']:.0%} of the gap in AP (target {TARGET:.0%}) "
        f"and {summary['hazards_closed']:.0%} of the one in missed hazards ({PRODUCT})"
    )
    if options.json:
        print(json.dumps(summary))


def drive(options: argparse.Namespace) -> Seen:
    edge, cloud, seen = Finder(build_detector(options.edge)), Finder(build_detector(options.cloud)), Seen()
    for seed in range(options.seed, options.seed + options.drives):
        spec = DriveSpec(seed, options.width, options.height, fps=options.fps, seconds=options.seconds)
        truth, first = Truth(spec), len(seen.edge)
        runtime = EdgeRuntime(edge, MountedCamera.usual(spec.width, spec.height))
        for frame in render_drive(spec):
            truth.add(frame)
            lanes = Lanes.from_json([[list(point) for point in line] for line in frame.lanes])
            moment = runtime.step(frame.image, frame.time_ms, Signal(0, 15.0), lanes)
            seen.edge.append(edge.last)
            seen.cloud.append(cloud.predict(frame.image))
            seen.times_ms.append(frame.time_ms)
            seen.doubt.append(moment.doubt.value)
            seen.signals.append({name: value for name, (value, _) in moment.doubt.signals.items()})
            seen.unsure.append(max((1 - 2 * abs(one.score - 0.5) for one in edge.last), default=0.0))
            seen.bytes.append(len(encode_jpeg(frame.image, QUALITY)))
            seen.beside_ms.append(moment.beside_model_ms)
            seen.edge_ms.append(moment.model_ms)
        seen.drives.append(slice(first, len(seen.edge)))
        _join(seen, truth)
        print(f"drive {seed} done, {len(seen.edge)} frames", file=sys.stderr, flush=True)
    return seen


def _join(seen: Seen, truth: Truth) -> None:
    """One COCO of all drives."""
    first, last = len(seen.truth["images"]), len(seen.truth["annotations"])
    seen.truth["categories"] = truth.coco["categories"]
    for image in truth.coco["images"]:
        name = f"{image['drive']}/{image['file_name']}"
        seen.truth["images"].append({**image, "id": image["id"] + first, "file_name": name})
    for box in truth.coco["annotations"]:
        seen.truth["annotations"].append({**box, "id": box["id"] + last, "image_id": box["image_id"] + first})


def _curves(seen: Seen) -> dict[str, dict[str, list[float]]]:
    """Way to choose and to use frames -> AP and share of missed hazards at each share of frames sent up."""
    cached: dict[tuple[bool, bytes], tuple[float, float]] = {}

    def figures(sent: NDArray[np.bool_], between: bool) -> tuple[float, float]:
        key = between, sent.tobytes()
        if key not in cached:
            found = fill(seen, sent) if between else replaced(seen, sent)
            cached[key] = average_precision(seen, found), _missed(seen, found)
        return cached[key]

    choices = _choices(seen)
    return {
        f"{name}{', filled' * between}": _curve(choices[name], partial(figures, between=between))
        for name, between in WAYS
    }


def _choices(seen: Seen) -> dict[str, list[Choice]]:
    """How a share of the frames is chosen; several draws where chance does."""
    rng = np.random.default_rng(0)
    return {
        "doubt": [_first_of(np.argsort(-np.asarray(seen.doubt), kind="stable"))],
        "confidence": [_first_of(np.argsort(-np.asarray(seen.unsure), kind="stable"))],
        "random": [_first_of(rng.permutation(len(seen.edge))) for _ in range(DRAWS)],
        "even": [lambda share: evenly(seen, share)],
    }


def _first_of(order: NDArray[np.int64]) -> Choice:
    def chosen(share: float) -> NDArray[np.bool_]:
        sent = np.zeros(len(order), bool)
        sent[order[: round(share * len(order))]] = True
        return sent

    return chosen


def evenly(seen: Seen, share: float) -> NDArray[np.bool_]:
    """As the device's key frames go: at one step from end to end of a drive."""
    sent = np.zeros(len(seen.edge), bool)
    for drive in seen.drives:
        count = round(share * (drive.stop - drive.start))
        sent[np.round(np.linspace(drive.start, drive.stop - 1, count)).astype(int)] = True
    return sent


def replaced(seen: Seen, sent: NDArray[np.bool_]) -> list[Sequence[Detection]]:
    return [c if up else e for e, c, up in zip(seen.edge, seen.cloud, sent, strict=True)]


def fill(seen: Seen, sent: NDArray[np.bool_]) -> list[Sequence[Detection]]:
    found: list[Sequence[Detection]] = []
    for drive in seen.drives:
        answers = {place: seen.cloud[drive][place] for place in np.flatnonzero(sent[drive])}
        found += filled(seen.times_ms[drive], seen.edge[drive], answers, GROUPS)
    return found


def _curve(
    choices: list[Choice], figures: Callable[[NDArray[np.bool_]], tuple[float, float]]
) -> dict[str, list[float]]:
    curve: dict[str, list[float]] = {"ap": [], "missed": []}
    for share in SHARES:
        ap, missed = np.mean([figures(choice(share)) for choice in choices], axis=0)
        curve["ap"].append(float(ap))
        curve["missed"].append(float(missed))
    return curve


def average_precision(seen: Seen, found: Sequence[Sequence[Detection]]) -> float:
    results = [
        {"image_id": image, "category_id": IDS[one.category], "bbox": list(one.box_xywh), "score": one.score}
        for image, boxes in enumerate(found, 1)
        for one in boxes
    ]
    return evaluate(seen.truth, results).ap


def _missed(seen: Seen, found: Sequence[Sequence[Detection]]) -> float:
    """Share of the hazards that no sure box of their group overlaps by half."""
    names = {place: name for name, place in IDS.items()}
    hazards = missed = 0
    for box in seen.truth["annotations"]:
        group = GROUPS[names[box["category_id"]]]
        if not (group == "vulnerable" and box["distance_m"] <= HAZARD_M) and not (group == "vehicle" and box["cipo"]):
            continue
        sure = [
            one.box_xywh for one in found[box["image_id"] - 1] if GROUPS[one.category] == group and one.score >= SURE
        ]
        hazards += 1
        overlaps = iou_matrix(xywh_to_xyxy([box["bbox"]]), xywh_to_xyxy(sure)) if sure else np.zeros((1, 1))
        missed += bool(overlaps.max() < 0.5)
    return missed / max(1, hazards)


def _summary(seen: Seen, found: dict[str, dict[str, list[float]]], fps: float) -> dict[str, Any]:
    at = SHARES.index(AT)
    ends = {
        key: (found["doubt"][key][0], found["doubt"][key][-1]) for key in ("ap", "missed")
    }  # edge alone, cloud alone

    def closed(key: str) -> dict[str, float]:
        """By each way; nothing is closed where there is no gap."""
        edge, cloud = ends[key]
        gap = cloud - edge
        return {name: round((curve[key][at] - edge) / gap, 4) if gap else 0.0 for name, curve in found.items()}

    sent = np.argsort(-np.asarray(seen.doubt), kind="stable")[: round(AT * len(seen.doubt))]
    ap, hazards = closed("ap"), closed("missed")
    return {
        "share": AT,
        "ap_closed": ap[PRODUCT],
        "hazards_closed": hazards[PRODUCT],
        "ap_closed_by": ap,
        "hazards_closed_by": hazards,
        **{
            f"{key}_{side}": round(value, 4)
            for key, both in ends.items()
            for side, value in zip(("edge", "cloud"), both, strict=True)
        },
        "beside_model_p50_ms": round(float(np.percentile(seen.beside_ms, 50)), 2),
        "beside_model_p95_ms": round(float(np.percentile(seen.beside_ms, 95)), 2),
        "edge_model_p50_ms": round(float(np.percentile(seen.edge_ms, 50)), 1),
        "mb_an_hour_at_20_percent": round(float(np.mean(np.asarray(seen.bytes)[sent])) * AT * fps * 3600 / 1e6, 1),
        "kb_a_frame": round(float(np.mean(seen.bytes)) / 1e3, 1),
        "frames": len(seen.edge),
        "curves": {
            name: {key: [round(v, 4) for v in values] for key, values in curve.items()} for name, curve in found.items()
        },
        "shares": list(SHARES),
        "at": time.strftime("%Y-%m-%d"),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edge", default="bundled:gdino-nano", help="or yolox-onnx:<file>")
    parser.add_argument("--cloud", default="bundled:gdino-mini")
    parser.add_argument("--drives", type=int, default=8)
    parser.add_argument("--seed", type=int, default=9300, help="of the first drive; the bundled models never saw these")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--fps", type=float, default=5.0)
    parser.add_argument("--width", type=int, default=800)
    parser.add_argument("--height", type=int, default=448)
    parser.add_argument("--seen", type=Path, help="what the models found: read from this file, or written to it")
    parser.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    main()
