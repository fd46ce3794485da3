"""ReLU for SiLU without losing the official network: `python bench/edge_lite.py FOLDER` trains it into FOLDER/run/model, which `bench/edge.py` takes.

The official nano, as YOLOX-Lite, learns from itself as it was (PKD on its feature maps, its own boxes as labels) on footage that may be trained on: a dash-cam clip, MIT, and rendered drives.
No frame of KITTI is seen, so that `bench/edge.py --judge kitti` is a check on other cameras and roads. What is done stays done: call it again to go on.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("OMP_NUM_THREADS", "1")

from PIL import Image

from bench import distillation_data as footage
from ml.data.video import iter_frames
from ml.models.detector import Detector, build_detector
from ml.train.engine import train
from ml.train.recipe import recipe_of

SHARED = Path(os.environ.get("HEADWAY_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
CLIP = "highway_white_right.mp4"
LEAST_SCORE = 0.3
RECIPE = {
    "family": "yolox",
    "size": "nano-lite",
    "method": "pkd",
    "width": 416,
    "height": 256,
    "batch": 8,
    "learning_rate": 2e-3,
    "warm_up": 30,
    "ema_decay": 0.98,
    "largest_zoom": 2.0,
    "camera_strength": 0.5,
    "full_prompt_share": 1.0,
    "threads": 1,
    "checkpoint_every": 50,
    "validate_every": 1_000_000,
}


def main() -> None:
    options = _options()
    folder, official = options.folder.resolve(), f"yolox-onnx:{options.official.resolve()}"
    labels = _labelled(folder, build_detector(official), options.drives)
    recipe = recipe_of(
        {
            **RECIPE,
            "init": official,
            "teacher": official,
            "train": str(labels),
            "iterations": options.iterations,
            "categories": [asdict(category) for category in footage.TRAFFIC],
            "weight": options.weight,
        }
    )
    print(train(recipe, folder / "run"))


def _labelled(folder: Path, teacher: Detector, drives: int) -> Path:
    """The clip's frames and those of rendered drives with the teacher's boxes."""
    path = folder / "train.json"
    if path.exists():
        return path
    coco = footage.Coco(footage.TRAFFIC)
    for picture in (*_clip(folder), *_rendered(folder, drives)):
        pixels = footage.pixels_of(picture)
        image = coco.image(str(picture), pixels.shape[1], pixels.shape[0])
        [found] = teacher.predict([pixels], footage.TRAFFIC, score_threshold=LEAST_SCORE)
        for box in found:
            if not box.candidate:
                coco.box(image, box.category, box.box_xywh)
    coco.write(path)
    return path


def _clip(folder: Path) -> list[Path]:
    to = folder / "clip"
    to.mkdir(parents=True, exist_ok=True)
    for frame in iter_frames(SHARED / "video" / CLIP):
        Image.fromarray(frame.image).save(to / f"{frame.index:04}.jpg", quality=footage.JPEG_QUALITY)
    return sorted(to.iterdir())


def _rendered(folder: Path, drives: int) -> list[Path]:
    return [folder / name for seed in footage.AUDITED[:drives] for name, _ in footage.drive(folder, seed)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--official", type=Path, default=SHARED / "weights" / "yolox_nano_coco.onnx")
    parser.add_argument("--iterations", type=int, default=800)
    parser.add_argument("--drives", type=int, default=20, help="rendered ones, of eight frames")
    parser.add_argument("--weight", type=float, default=6.0, help="of PKD's term")
    return parser.parse_args()


if __name__ == "__main__":
    main()
