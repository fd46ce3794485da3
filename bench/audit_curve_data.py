"""The footage of `bench/audit_curve.py`: frames with a model's labels, their second looks, a second opinion, and the truth."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image

from ml.evaluate.label_errors import Verdict, verdicts
from ml.models.detector import build_detector
from ml.models.looks import predict_with_looks
from ml.risk.observations import FrameDetections, SecondOpinion
from ml.schemas import LOOKS, BoxXYWH, Category
from ml.synth import DriveSpec, render_drive
from ml.taxonomies import GDDA13

T = TypeVar("T")
WIDTH, HEIGHT, FPS, SECONDS = 960, 540, 5.0, 4.0
SEEDS = range(900, 924)  # of rendered drives; training drew single scenes of other worlds
MIN_SIDE_PX = 10.0  # smaller truths are regions to ignore, as in ml/evaluate/synth.py
KITTI_SCORE = 0.25
KITTI_CANDIDATES = 0.05
# Car + Van = car, Pedestrian + Person_sitting = person, Truck = truck; the rest is to be ignored: shared/data/README.md.
KITTI_NAMES = {"Car": "car", "Van": "car", "Truck": "truck", "Pedestrian": "person", "Person_sitting": "person"}
KITTI_CATEGORIES = (
    Category("car", "car"),
    Category("truck", "truck"),
    Category("person", "person", "vulnerable"),
)


@dataclass(frozen=True)
class LabelledDrive:
    """Frames in order of time with `verdicts[f][k]` of label k of frame f; candidates have none (None)."""

    name: str
    frames: list[FrameDetections]
    verdicts: list[list[Verdict | None]]
    score_threshold: float


def rendered_drives(cache: Path, seeds: Sequence[int] = SEEDS) -> list[LabelledDrive]:
    """Held-out rendered drives, labelled by bundled:gdino-mini, with bundled:gdino-nano as the second model."""
    return [_cached(cache / f"rendered-{seed}.pickle", lambda seed=seed: _rendered(seed)) for seed in seeds]  # type: ignore[misc]


def kitti_frames(cache: Path, kitti: Path, weights: Path) -> list[LabelledDrive]:
    """KITTI's stills, each a drive of its own as none follows another, labelled by the official YOLOX-Nano at score > 0.25."""
    drives: list[LabelledDrive] = _cached(cache / "kitti.pickle", lambda: _kitti(kitti, weights))
    return drives


def _rendered(seed: int) -> LabelledDrive:
    first, second = (build_detector(f"bundled:gdino-{size}") for size in ("mini", "nano"))
    label, other = (float(getattr(one, "score_threshold")) for one in (first, second))  # noqa: B009 - not of the protocol
    frames, found = [], []
    for shown in render_drive(DriveSpec(seed, WIDTH, HEIGHT, FPS, SECONDS)):
        [labels] = predict_with_looks(first, [shown.image], GDDA13, looks=frozenset(LOOKS))
        [opinion] = second.predict([shown.image], GDDA13, score_threshold=other, candidate_threshold=0.1)
        tiny = [min(box.box_xywh[2:]) < MIN_SIDE_PX and box.category != "licence" for box in shown.boxes]
        truths = [(b.box_xywh, b.category) for b, small in zip(shown.boxes, tiny, strict=True) if not small]
        ignored = [b.box_xywh for b, small in zip(shown.boxes, tiny, strict=True) if small]
        frame = FrameDetections(WIDTH, HEIGHT, shown.time_ms, labels, SecondOpinion(opinion, other))
        frames.append(frame)
        found.append(_judged(frame, truths, ignored))
    return LabelledDrive(f"rendered-{seed}", frames, found, label)


def _kitti(kitti: Path, weights: Path) -> list[LabelledDrive]:
    detector, second = build_detector(f"yolox-onnx:{weights}"), build_detector("bundled:gdino-mini")
    drives = []
    for path in sorted((kitti / "image_2").iterdir()):
        with Image.open(path) as image:
            pixels = np.asarray(image.convert("RGB"))
        thresholds = {"score_threshold": KITTI_SCORE, "candidate_threshold": KITTI_CANDIDATES}
        [labels] = predict_with_looks(detector, [pixels], KITTI_CATEGORIES, looks=frozenset(LOOKS), **thresholds)
        [opinion] = second.predict([pixels], KITTI_CATEGORIES, score_threshold=0.33, candidate_threshold=0.1)
        truths, ignored = _kitti_truth(kitti / "label_2" / f"{path.stem}.txt")
        frame = FrameDetections(pixels.shape[1], pixels.shape[0], 0.0, labels, SecondOpinion(opinion, 0.33))
        drives.append(LabelledDrive(path.stem, [frame], [_judged(frame, truths, ignored)], KITTI_SCORE))
    return drives


def _kitti_truth(path: Path) -> tuple[list[tuple[BoxXYWH, str]], list[BoxXYWH]]:
    truths: list[tuple[BoxXYWH, str]] = []
    ignored: list[BoxXYWH] = []
    for line in path.read_text().splitlines():
        word = line.split()
        x1, y1, x2, y2 = map(float, word[4:8])
        if name := KITTI_NAMES.get(word[0]):
            truths.append(((x1, y1, x2 - x1, y2 - y1), name))
        else:
            ignored.append((x1, y1, x2 - x1, y2 - y1))
    return truths, ignored


def _judged(
    frame: FrameDetections, truths: Sequence[tuple[BoxXYWH, str]], ignored: Sequence[BoxXYWH]
) -> list[Verdict | None]:
    labels = [k for k, found in enumerate(frame.detections) if not found.candidate]
    judged: list[Verdict | None] = [None] * len(frame.detections)
    for k, verdict in zip(labels, verdicts([frame.detections[k] for k in labels], truths, ignored), strict=True):
        judged[k] = verdict
    return judged


def _cached(path: Path, make: Callable[[], T]) -> T:
    """Predictions take minutes and never change: kept beside, read back where they are."""
    if path.is_file():
        kept: T = pickle.loads(path.read_bytes())
        return kept
    made = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(made))
    return made
