"""`python -m ml.evaluate.synth REF`: COCO figures of a detector on held-out rendered drives."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ml.boxes import iou_matrix, xywh_to_xyxy
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
            truth["images"].append({**image, "file_name": f"{seed}/{frame.index}"})
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


def best_threshold(truth: dict[str, Any], results: list[dict[str, Any]]) -> float:
    """The score from which on detections give the best F1; a detection is right when it overlaps a free truth of its category by 0.5."""
    free: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for annotation in truth["annotations"]:
        free.setdefault((annotation["image_id"], annotation["category_id"]), []).append(annotation)
    total = sum(not annotation["iscrowd"] for annotation in truth["annotations"])
    right = wrong = 0
    best, best_f1 = 0.5, 0.0
    for result in sorted(results, key=lambda result: -result["score"]):
        candidates = free.get((result["image_id"], result["category_id"]), [])
        overlaps = iou_matrix(xywh_to_xyxy([result["bbox"]]), xywh_to_xyxy([c["bbox"] for c in candidates]))[0]
        if len(overlaps) and overlaps.max() >= 0.5:
            taken = candidates.pop(int(overlaps.argmax()))
            right += not taken["iscrowd"]
        else:
            wrong += 1
        f1 = 2 * right / (total + right + wrong)
        if f1 > best_f1:
            best, best_f1 = float(result["score"]), f1
    return best


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m ml.evaluate.synth", description=__doc__)
    parser.add_argument("ref", help="as in build_detector: bundled:<name>, a folder, ...")
    report, threshold = evaluate_on_drives(build_detector(parser.parse_args().ref))
    print(json.dumps({**asdict(report), "best_f1_threshold": threshold}))
