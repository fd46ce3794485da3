"""`python -m ml.evaluate.synth REF`: COCO figures of a detector on held-out rendered drives."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ml.evaluate.curves import best_threshold
from ml.evaluate.detection import evaluate
from ml.evaluate.report import report
from ml.models.detector import Detector, build_detector
from ml.schemas import EvalReport
from ml.synth import DriveSpec, render_drive
from ml.taxonomies import GDDA13

HELD_OUT_SEEDS = range(900, 912)  # drives; training draws single scenes of other worlds
SECONDS, FPS = 6.0, 1.0
WIDTH, HEIGHT = 960, 540
MIN_SIDE_PX = 10.0  # smaller truths, at 960x540, are regions to ignore, as KITTI does below its height limits
LOWEST_SCORE = 0.01
SCENE = ("time_of_day", "weather")


def evaluate_on_drives(
    detector: Detector, seeds: Sequence[int] = HELD_OUT_SEEDS, *, width: int = WIDTH, height: int = HEIGHT
) -> tuple[EvalReport, float]:
    """The figures over one frame a second of each drive, and the score threshold of the best F1 at IoU 0.5."""
    truth, results = predictions_on_drives(detector, seeds, width=width, height=height)
    return evaluate(truth, results), best_threshold(truth, results)


def predictions_on_drives(
    detector: Detector, seeds: Sequence[int], *, width: int, height: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """COCO truth and results."""
    ids = {category.name: index for index, category in enumerate(GDDA13, 1)}
    categories = [{"id": id, "name": name} for name, id in ids.items()]
    truth: dict[str, Any] = {"images": [], "annotations": [], "categories": categories}
    results: list[dict[str, Any]] = []
    for seed in seeds:
        for frame in render_drive(DriveSpec(seed, width, height, FPS, SECONDS)):
            image = {"id": len(truth["images"]) + 1, "width": width, "height": height}
            scene = {name: str(frame.scene[name]) for name in SCENE if name in frame.scene}
            truth["images"].append({**image, "file_name": f"{seed}/{frame.index}", "drive": str(seed), **scene})
            for box in frame.boxes:
                tiny = int(min(box.box_xywh[2:]) < MIN_SIDE_PX and box.category != "licence")
                links = {"id": len(truth["annotations"]) + 1, "image_id": image["id"], "category_id": ids[box.category]}
                area = box.box_xywh[2] * box.box_xywh[3]
                truth["annotations"].append({**links, "bbox": list(box.box_xywh), "area": area, "iscrowd": tiny})
            [found] = detector.predict(
                [frame.image], GDDA13, score_threshold=LOWEST_SCORE, candidate_threshold=LOWEST_SCORE
            )
            results += [
                {"image_id": image["id"], "category_id": ids[d.category], "bbox": list(d.box_xywh), "score": d.score}
                for d in found
            ]
    return truth, results


def main() -> None:
    """Figures as one JSON line; the whole report, slices and errors included, where `--report` says."""
    parser = argparse.ArgumentParser(prog="python -m ml.evaluate.synth", description=__doc__)
    parser.add_argument("ref", help="as in build_detector: bundled:<name>, a folder, ...")
    parser.add_argument("--report", type=Path, metavar="FILE", help="also write slices, curves, confusion and errors")
    options = parser.parse_args()
    truth, results = predictions_on_drives(build_detector(options.ref), HELD_OUT_SEEDS, width=WIDTH, height=HEIGHT)
    threshold = best_threshold(truth, results)
    if options.report:
        attributes = {i["id"]: {k: i[k] for k in ("drive", *SCENE) if k in i} for i in truth["images"]}
        options.report.write_text(json.dumps(report(truth, results, attributes=attributes, threshold=threshold)))
    print(json.dumps({**asdict(evaluate(truth, results)), "best_f1_threshold": threshold}))


if __name__ == "__main__":
    main()
