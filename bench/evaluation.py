"""What a report and a paired bootstrap cost: `python bench/evaluation.py`. Truths and detections are drawn at random, with a seed."""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from ml.evaluate.compare import paired_bootstrap
from ml.evaluate.report import report
from ml.taxonomies import GDDA13

WIDTH, HEIGHT, DRIVES = 1920, 1080, 50
TIMES, WEATHERS = ("day", "dusk", "night"), ("clear", "rain", "fog")


def main() -> None:
    """Seconds of CPU of each step and the most memory so far, as one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=5000)
    parser.add_argument("--truths", type=int, default=12, help="a frame")
    parser.add_argument("--detections", type=int, default=20, help="a frame")
    parser.add_argument("--draws", type=int, default=1000, help="of the bootstrap")
    options = parser.parse_args()
    truth = drawn_truth(options.frames, options.truths)
    first, second = (drawn_results(truth, options.detections, seed, noise) for seed, noise in ((1, 6.0), (2, 5.0)))
    whole, report_s = timed(lambda: report(truth, first, attributes=attributes_of(truth)))
    report_mb = peak_mb()
    compared, bootstrap_s = timed(lambda: paired_bootstrap(truth, first, second, draws=options.draws))
    sizes = {"frames": whole["frames"], "truths": whole["truths"], "detections": whole["detections"]}
    slices = sum(len(values) for values in whole["slices"].values())
    print(
        json.dumps(
            {
                **sizes,
                "slices": slices,
                "AP": whole["figures"]["AP"],
                "report_cpu_s": report_s,
                "report_peak_mb": report_mb,
            }
            | {"draws": compared["draws"], "bootstrap_cpu_s": bootstrap_s, "peak_mb": peak_mb()}
        )
    )


def drawn_truth(frames: int, truths: int) -> dict[str, Any]:
    """A COCO dict of random boxes from 12 to 400 px wide."""
    rng = np.random.default_rng(0)
    images = [{"id": i, "file_name": f"{i}.jpg", "width": WIDTH, "height": HEIGHT} for i in range(1, frames + 1)]
    annotations: list[dict[str, Any]] = []
    for number in range(frames * truths):
        box = _box(rng)
        links = {"id": number + 1, "image_id": number // truths + 1, "category_id": int(rng.integers(1, 14))}
        annotations.append({**links, "bbox": box, "area": box[2] * box[3], "iscrowd": int(rng.random() < 0.03)})
    categories = [{"id": id, "name": category.name} for id, category in enumerate(GDDA13, 1)]
    return {"images": images, "annotations": annotations, "categories": categories}


def drawn_results(truth: dict[str, Any], detections: int, seed: int, noise_px: float) -> list[dict[str, Any]]:
    """Three of four truths found with some noise, some of them by a wrong name; the rest of `detections` a frame anywhere."""
    rng = np.random.default_rng(seed)
    results: list[dict[str, Any]] = []
    for annotation in truth["annotations"]:
        if rng.random() < 0.75:
            x, y, width, height = annotation["bbox"]
            dx, dy = rng.normal(0, noise_px, 2)
            category = annotation["category_id"] if rng.random() < 0.9 else int(rng.integers(1, 14))
            results.append(_result(annotation["image_id"], category, [x + dx, y + dy, width, height], rng.beta(4, 2)))
    for number in range(len(truth["images"]) * detections - len(results)):
        image = number % len(truth["images"]) + 1
        results.append(_result(image, int(rng.integers(1, 14)), _box(rng), rng.beta(2, 4)))
    return results


def attributes_of(truth: dict[str, Any]) -> dict[int, dict[str, str]]:
    """Fifty drives, three times of day, three kinds of weather."""
    return {
        i["id"]: {
            "drive": f"drive-{i['id'] % DRIVES}",
            "time_of_day": TIMES[i["id"] % DRIVES % 3],
            "weather": WEATHERS[i["id"] % DRIVES // 3 % 3],
        }
        for i in truth["images"]
    }


def timed(step: Callable[[], Any]) -> tuple[Any, float]:
    """What the step returns, and its seconds of CPU."""
    start = time.process_time()
    value = step()
    return value, round(time.process_time() - start, 1)


def peak_mb() -> int:
    """The most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _box(rng: np.random.Generator) -> list[float]:
    width = float(np.exp(rng.uniform(np.log(12), np.log(400))))
    height = width * float(rng.uniform(0.6, 1.6))
    return [float(rng.uniform(0, WIDTH - width)), float(rng.uniform(0, max(1.0, HEIGHT - height))), width, height]


def _result(image: int, category: int, box: list[float], score: float) -> dict[str, Any]:
    return {"image_id": image, "category_id": category, "bbox": box, "score": float(score)}


if __name__ == "__main__":
    main()
