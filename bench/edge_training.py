"""What labels, activation, pruning and 8 bits are worth to a small YOLOX: the same schedule and seeds for every way to train it.

    python bench/edge_training.py train FOLDER --official yolox_nano_coco.onnx [--teacher MODEL] [--seeds 3] [--iterations 100] [--drives 30] [--arms gt rpld]
    python bench/edge_training.py shrink FOLDER [--seeds 1]
    python bench/edge_training.py table FOLDER

`train` makes the footage (rendered drives, half of them audited, half labelled by the teacher from score 0.15 up and scored for risk), then fine-tunes the official
COCO network on each set of labels, seed by seed, and measures it on other rendered drives and on real KITTI frames where they are at hand.
`shrink` goes on from what was trained on audited labels: fewer channels, fine-tuned; 8 bits as they come, with the first layers in 32, and after training through
their rounding. `table` prints what is there and writes docs/results.md's part on it. What is done stays done: stop it when you like, call it again to go on.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("OMP_NUM_THREADS", "1")

from bench import distillation_data as footage
from bench.edge_shrinking import shrink
from bench.edge_training_table import write_table
from ml.errors import RunBusy
from ml.models.detector import Detector, build_detector
from ml.taxonomies import GDDA13
from ml.train.engine import train
from ml.train.recipe import TrainRecipe, recipe_of

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
OFFICIAL = SHARED / "weights" / "yolox_nano_coco.onnx"
SIZE = "nano+stem+pools+16"  # Lite but for ReLU, which is an arm: from SiLU's weights it needs more steps than these
LEAST_SCORE, THRESHOLD = 0.15, 0.33  # of a pseudo-label in the file; the teacher's own, of its best F1
COMMON = {
    "family": "yolox",
    "width": 320,  # the frames are 960 wide
    "height": 192,
    "batch": 8,
    "learning_rate": 2e-3,
    "warm_up": 15,
    "ema_decay": 0.97,  # so few steps have no longer memory
    "smallest_label_px": 4.0,
    "full_prompt_share": 1.0,
    "threads": 1,
    "checkpoint_every": 60,
    "validate_every": 1_000_000,
}


@dataclass(frozen=True)
class Arm:
    """A set of labels and how they are believed. `words` are for the table."""

    name: str
    words: str
    labels: str
    method: str = "none"
    options: dict[str, Any] = field(default_factory=dict)
    size: str = SIZE


THRESHOLDED = {"least_score": THRESHOLD}
ARMS = (
    Arm("gt", "TrainGT", "audited"),
    Arm("threshold", "TrainPseudo, threshold", "pseudo", "threshold", THRESHOLDED),
    Arm("rpld", "TrainPseudo, RPLD", "pseudo", "rpld"),
    Arm("full_threshold", "Full, threshold", "full", "threshold", THRESHOLDED),
    Arm("full", "Full, RPLD", "full", "rpld"),
    Arm("truth", "the pseudo-labelled frames with true labels", "truth"),
    Arm("relu", "TrainGT with ReLU for SiLU", "audited", size="nano-lite"),
)


@dataclass(frozen=True)
class Comparison:
    """Everything under one folder; its settings are written there by the first call."""

    folder: Path
    official: str
    teacher: str
    iterations: int = 100
    drives: int = 30

    def recipe(self, arm: Arm, seed: int, **more: Any) -> TrainRecipe:
        """The same for every arm but for what the arm says."""
        asked = {"iterations": self.iterations, "size": arm.size, "init": f"yolox-onnx:{self.official}", **more}
        labels = str(self.folder / f"{arm.labels}.json")
        return recipe_of({**COMMON, "method": arm.method, **arm.options, "seed": seed, "train": labels, **asked})

    def run(self, name: str, seed: int) -> Path:
        return self.folder / "runs" / f"{name}-{seed}"


def prepare(comparison: Comparison) -> None:
    """Footage with every set of labels, and frames to be measured on."""
    folder, count = comparison.folder, comparison.drives
    audited, unseen = footage.AUDITED[:count], footage.PSEUDO[:count]
    _write(folder / "audited.json", truth=audited)
    _write(folder / "truth.json", truth=unseen)
    if not (folder / "pseudo.json").exists():
        _write(folder / "pseudo.json", pseudo=unseen, teacher=build_detector(comparison.teacher))
    _join(folder / "full.json", folder / "audited.json", folder / "pseudo.json")
    footage.held_out(folder, seeds=footage.HELD_OUT[:count])
    footage.kitti(folder, SHARED)
    measure(comparison, comparison.teacher, folder / "measured" / "teacher")


def _write(path: Path, *, truth: range = range(0), pseudo: range = range(0), teacher: Detector | None = None) -> None:
    if path.exists():
        return
    coco = footage.Coco(GDDA13)
    for seed in truth:
        footage.add_truth(coco, path.parent, seed)
    for seed in pseudo:
        assert teacher
        footage.add_pseudo(coco, path.parent, seed, teacher, LEAST_SCORE)
    coco.write(path)


def _join(path: Path, *parts: Path) -> None:
    """Both files' frames and labels in one."""
    coco = footage.Coco(GDDA13)
    for part in parts:
        held = json.loads(part.read_text())
        images = {
            image["id"]: {**image, "id": len(coco.content["images"]) + place}
            for place, image in enumerate(held["images"], 1)
        }
        coco.content["images"] += images.values()
        for row in held["annotations"]:
            moved = {"id": len(coco.content["annotations"]) + 1, "image_id": images[row["image_id"]]["id"]}
            coco.content["annotations"].append({**row, **moved})
    coco.write(path)


def measure(comparison: Comparison, model: str, to: Path) -> None:
    """Detections on the held-out frames and on KITTI's, one file each, unless they are there."""
    to.mkdir(parents=True, exist_ok=True)
    for name in ("held_out", "kitti"):
        truth, path = comparison.folder / f"{name}.json", to / f"{name}.json"
        if truth.exists() and not path.exists():
            fresh = path.with_suffix(".new")
            fresh.write_text(json.dumps(footage.predictions(build_detector(model), truth)))
            fresh.replace(path)


def train_all(comparison: Comparison, arms: list[Arm], seeds: int) -> Iterator[str]:
    """Seed by seed, so that a comparison that is cut short has whole rounds."""
    for seed in range(seeds):
        for arm in arms:
            yield from train_one(comparison, arm.name, seed, comparison.recipe(arm, seed))


def train_one(comparison: Comparison, name: str, seed: int, recipe: TrainRecipe) -> Iterator[str]:
    """Train and measure, unless somebody has or does."""
    run = comparison.run(name, seed)
    if not (run / "summary.json").exists():
        try:
            train(recipe, run)
        except RunBusy:
            return
    measure(comparison, str(run / "model"), run)
    shutil.rmtree(run / "state", ignore_errors=True)
    yield f"{name}, seed {seed}: done"


def main() -> None:
    options = _options()
    comparison = _comparison(options)
    arms = [arm for arm in ARMS if arm.name in options.arms or not options.arms]
    if options.what == "table":
        write_table(comparison.folder, {arm.name: arm.words for arm in arms}, options.write)
        return
    prepare(comparison)
    steps = train_all(comparison, arms, options.seeds) if options.what == "train" else _shrunk(comparison, options)
    for sentence in steps:
        print(sentence, flush=True)


def _shrunk(comparison: Comparison, options: argparse.Namespace) -> Iterator[str]:
    relu, silu = ARMS[-1], ARMS[0]
    for seed in range(options.seeds):
        yield from shrink(comparison, silu, relu, seed, train_one)


def _comparison(options: argparse.Namespace) -> Comparison:
    """As it was begun in this folder, or as asked."""
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "settings.json"
    asked = Comparison(folder, str(options.official.resolve()), options.teacher, options.iterations, options.drives)
    if not settings.exists():
        settings.write_text(json.dumps({k: v for k, v in asdict(asked).items() if k != "folder"}, indent=1))
    return Comparison(folder, **json.loads(settings.read_text()))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("train", "shrink", "table"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--official", type=Path, default=OFFICIAL, help="the official network to begin from, as ONNX")
    parser.add_argument("--teacher", default="bundled:gdino-mini", help="whose labels the pseudo-labels are")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--iterations", type=int, default=100)
    parser.add_argument("--drives", type=int, default=30, help="of eight frames, for each half and to measure on")
    parser.add_argument("--arms", nargs="*", default=[], choices=[arm.name for arm in ARMS])
    parser.add_argument("--write", action="store_true", help="table: into docs/results.md too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
