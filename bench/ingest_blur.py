"""How much of what blurring at ingest should hide it hides, on KITTI's own labels: `python -m bench.ingest_blur --model yolox-onnx:FILE`.

A head counts as hidden when nine tenths of it (the upper seventh of a labelled pedestrian or cyclist) lie in a blurred place; a plate's place when nine
tenths of the middle third of a labelled car's or van's lower half do. Vehicles narrower than 40 px are left out: nobody reads a plate there.
"""

import argparse
import json
import os
import time
from pathlib import Path

import numpy as np

from ml.data.blurring import LEAST_VEHICLE, Region, detected_regions
from ml.data.images import open_still
from ml.models.detector import build_detector
from ml.taxonomies import PRESETS

PEOPLE, VEHICLES = ("Pedestrian", "Person_sitting", "Cyclist"), ("Car", "Van")
Box = tuple[float, float, float, float]  # left, top, right, bottom


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--model", required=True)
    options.add_argument("--taxonomy", default="coco_traffic")
    asked = options.parse_args()
    detector, categories = build_detector(asked.model), PRESETS[asked.taxonomy]
    least = getattr(detector, "candidate_threshold", 0.1)
    folder = Path(os.environ["HEADWAY_SHARED"]) / "data/kitti"
    heads: list[bool] = []
    plates: dict[bool, list[bool]] = {True: [], False: []}
    area, took = [], []
    for label in sorted((folder / "label_2").glob("*.txt")):
        image = open_still(next((folder / "image_2").glob(f"{label.stem}.*")))
        began = time.perf_counter()
        [found] = detector.predict([np.asarray(image)], categories, score_threshold=least, candidate_threshold=least)
        took.append(time.perf_counter() - began)
        for bands in (True, False):
            hidden = mask(detected_regions(found, categories, *image.size, bands=bands), image.size)
            for name, box in labelled(label):
                if name in PEOPLE and bands:
                    heads.append(covered(hidden, head(box)))
                if name in VEHICLES and box[2] - box[0] >= LEAST_VEHICLE:
                    plates[bands].append(covered(hidden, plate(box)))
            area += [hidden.mean()] if bands else []
    told = {"heads": [sum(heads), len(heads)]} | {
        f"plates_{'bands' if bands else 'boxes'}": [sum(hits), len(hits)] for bands, hits in plates.items()
    }
    told |= {"blurred_area": round(float(np.mean(area)), 3), "seconds_a_frame": round(float(np.median(took)), 3)}
    print(json.dumps({"model": asked.model, **told}))


def labelled(path: Path) -> list[tuple[str, Box]]:
    rows = [line.split() for line in path.read_text().splitlines()]
    return [(row[0], (float(row[4]), float(row[5]), float(row[6]), float(row[7]))) for row in rows]


def head(box: Box) -> Box:
    """The middle half of the upper seventh: where the face is, whatever the arms do."""
    quarter = (box[2] - box[0]) / 4
    return box[0] + quarter, box[1], box[2] - quarter, box[1] + (box[3] - box[1]) / 7


def plate(box: Box) -> Box:
    third, tall = (box[2] - box[0]) / 3, box[3] - box[1]
    return box[0] + third, box[1] + tall / 2, box[2] - third, box[1] + 0.85 * tall


def mask(regions: list[Region], size: tuple[int, int]) -> "np.ndarray":
    hidden = np.zeros((size[1], size[0]), bool)
    for left, top, right, bottom in regions:
        hidden[top:bottom, left:right] = True
    return hidden


def covered(hidden: "np.ndarray", box: Box) -> bool:
    left, top, right, bottom = (round(side) for side in box)
    part = hidden[max(0, top) : max(top + 1, bottom), max(0, left) : max(left + 1, right)]
    return bool(part.size) and bool(part.mean() >= 0.9)


if __name__ == "__main__":
    main()
