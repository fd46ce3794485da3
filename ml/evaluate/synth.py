"""`python -m ml.evaluate.synth REF`: COCO figures of a detector on held-out rendered drives."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ml.evaluate.detection import evaluate
from ml.models.detector import Detector, build_detector
from ml.schemas import EvalReport
from ml.synth import DriveSpec, render_drive
from ml.taxonomies import GDDA13

HELD_OUT_SEEDS = range(900, 912)  # drives; training draws single scenes of other worlds
SECONDS, FPS = 6.0, 1.0
MIN_SIDE_PX = 10.0  # smaller truths, at 960x540, are regions to ignore, as KITTI does below its height limits
LOWEST_SCORE = 0.01


def evaluate_on_drives(
    detector: Detector, seeds: Sequence[int] = HELD_OUT_SEEDS, *, width: int = 960, height: int = 540
) -> EvalReport:
    """The figures over one frame a second of each drive."""
    truth: dict[str, Any] = {
        "images": [],
        "annotations": [],
        "categories": [{"id": index, "name": category.name} for index, category in enumerate(GDDA13, 1)],
    }
    results: list[dict[str, Any]] = []
    ids = {category.name: index for index, category in enumerate(GDDA13, 1)}
    for seed in seeds:
        for frame in render_drive(DriveSpec(seed, width, height, FPS, SECONDS)):
            image_id = len(truth["images"]) + 1
            truth["images"].append(
                {"id": image_id, "width": width, "height": height, "file_name": f"{seed}/{frame.index}"}
            )
            for box in frame.boxes:
                area = box.box_xywh[2] * box.box_xywh[3]
                annotation = {
                    "id": len(truth["annotations"]) + 1,
                    "image_id": image_id,
                    "category_id": ids[box.category],
                }
                tiny = int(min(box.box_xywh[2:]) < MIN_SIDE_PX and box.category != "licence")
                truth["annotations"].append({**annotation, "bbox": list(box.box_xywh), "area": area, "iscrowd": tiny})
            [found] = detector.predict(
                [frame.image], GDDA13, score_threshold=LOWEST_SCORE, candidate_threshold=LOWEST_SCORE
            )
            results += [
                {"image_id": image_id, "category_id": ids[d.category], "bbox": list(d.box_xywh), "score": d.score}
                for d in found
            ]
    return evaluate(truth, results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m ml.evaluate.synth", description=__doc__)
    parser.add_argument("ref", help="as in build_detector: bundled:<name>, a folder, ...")
    print(json.dumps(asdict(evaluate_on_drives(build_detector(parser.parse_args().ref)))))
