"""The comparison that the papers did not make: every method on the same data and schedule, several seeds, with controls.

    python bench/distillation.py train FOLDER [--seeds 3] [--iterations 400] [--arms cld rpld cld:correspondence=shared,cld_weight=8]
    python bench/distillation.py cost FOLDER
    python bench/distillation.py table FOLDER
    python bench/distillation.py fresh FOLDER --seeds 5 --arms none cld mmkd

`train` makes the footage, trains the teacher on the audited half, lets it label the other half, and then trains and measures the student with every
method and seed. What is done stays done: stop it when you like, call it again to go on, call it twice to use two cores. `cost` measures step times
with and without the teacher's answers remembered, and size, memory and speed of student and teacher. `table` writes docs/results.md's part on it.
`fresh` measures again on three times as many frames of drives that nobody has looked at, where the held-out ones are too few to tell.

The student begins as `bundled:gdino-nano`, the teacher as `bundled:gdino-mini`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("OMP_NUM_THREADS", "1")

from safetensors.torch import load_file, save_file

from bench import distillation_data as footage
from bench.distillation_cost import model_costs, step_costs
from bench.distillation_table import gains_on, write_table
from bench.distillation_terms import method_and_options
from ml.errors import RunBusy
from ml.models.detector import build_detector, folder_of
from ml.train import families
from ml.train.checkpoint import put_in_place
from ml.train.engine import train
from ml.train.recipe import TrainRecipe, methods, recipe_of

STUDENT, TEACHER = "bundled:gdino-nano", "bundled:gdino-mini"
FAMILY = "grounding-dino"
INIT_STUDENT = "init_student"  # the control that begins with the teacher's weights and learns from labels alone
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
THRESHOLD = 0.33  # the teacher's own, of its best F1
TEACHER_RATE = 2e-4
COMMON = {
    "batch": 3,  # the student's decoder has three layers, and the published CLD takes no more pictures than layers
    "width": 320,  # less than the student was made for, so that there is something to learn in so few steps
    "height": 192,
    "smallest_label_px": 4.0,  # frames are shrunk to a third
    "warm_up": 20,
    "full_prompt_share": 1.0,  # so that what the teacher said can be remembered
    "denoising_queries": 0,
    "threads": 1,
    "checkpoint_every": 200,
    "validate_every": 1_000_000,
}


@dataclass(frozen=True)
class Arm:
    """One way to train the student. `init` is what it begins from."""

    name: str
    method: str
    init: str = STUDENT
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Comparison:
    """Everything under one folder. `iterations` and `rate` are of the students."""

    folder: Path
    iterations: int = 400
    rate: float = 3e-4

    @property
    def teacher(self) -> Path:
        return self.folder / "teacher" / "model"

    def recipe(self, arm: Arm, seed: int) -> TrainRecipe:
        """The same for every arm but for what the arm says."""
        teacher = str(self.teacher) if needs_teacher(arm.method) else ""
        return recipe_of(
            {
                **COMMON,
                **arm.options,
                "iterations": self.iterations,
                "learning_rate": self.rate,
                "method": arm.method,
                "init": arm.init,
                "seed": seed,
                "train": str(self.folder / "train.json"),
                "teacher": teacher,
                "teacher_cache": str(self.folder / "teacher-cache") if teacher else "",
            }
        )

    def run(self, arm: Arm, seed: int) -> Path:
        return self.folder / "runs" / f"{arm.name}-{seed}"

    def arms(self, names: list[str]) -> list[Arm]:
        """Those that are named: a method, with options behind it or with its defaults, or `init_student`; else every one with its defaults."""
        every = [*(spec.name for spec in methods() if FAMILY in spec.families), INIT_STUDENT]
        return [self._arm(name) for name in names or every]

    def _arm(self, name: str) -> Arm:
        if name == INIT_STUDENT:
            return Arm(name, "none", str(self.folder / INIT_STUDENT))
        method, options = method_and_options(name)
        return Arm(name, method, options=options)


def needs_teacher(method: str) -> bool:
    return next(spec for spec in methods() if spec.name == method).needs_teacher


def prepare(comparison: Comparison) -> None:
    """Footage, teacher, its labels, and the student that begins with the teacher's weights."""
    folder = comparison.folder
    recipe = recipe_of(
        {
            **COMMON,
            "iterations": comparison.iterations,
            "learning_rate": TEACHER_RATE,
            "init": TEACHER,
            "train": str(footage.audited(folder)),
        }
    )
    if not (folder / "teacher" / "summary.json").exists():
        train(recipe, folder / "teacher")
    footage.held_out(folder)
    footage.kitti(folder, SHARED)
    footage.partly_pseudo(folder, build_detector(str(comparison.teacher)), THRESHOLD)
    inherit(folder / INIT_STUDENT, comparison.teacher)
    for name, model in (("teacher", comparison.teacher), ("before", as_trained(comparison))):
        measure(comparison, str(model), folder / "measured" / name)


def as_trained(comparison: Comparison) -> Path:
    """The student before, at the input size of the comparison."""
    folder = comparison.folder / "student"
    if not folder.exists():
        trainee = families.begin(comparison.recipe(Arm("none", "none"), 0), None)
        fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
        fresh.mkdir()
        trainee.save(trainee.model, fresh)
        put_in_place(fresh, folder)
    return folder


def inherit(student: Path, teacher: Path) -> None:
    """The published `init_student`: everything but the backbone comes from the teacher where it fits; the student's decoder takes its first layers."""
    if student.exists():
        return
    source = folder_of(STUDENT)
    assert isinstance(source, Path)
    ours, theirs = (load_file(each / "model.safetensors") for each in (source, teacher))
    taken = {
        name: theirs[name]
        for name, tensor in ours.items()
        if "backbone" not in name and name in theirs and theirs[name].shape == tensor.shape
    }
    fresh = student.with_name(f"{student.name}.{os.getpid()}")
    fresh.mkdir()
    for path in source.iterdir():
        (fresh / path.name).write_bytes(path.read_bytes())
    save_file({**ours, **taken}, fresh / "model.safetensors", metadata={"format": "pt"})
    put_in_place(fresh, student)


def measure(comparison: Comparison, model: str, to: Path, names: Sequence[str] = ("held_out", "kitti")) -> None:
    """Detections on the held-out frames and on KITTI's, one file each, unless they are there."""
    to.mkdir(parents=True, exist_ok=True)
    detector = None
    for name in names:
        truth, path = comparison.folder / f"{name}.json", to / f"{name}.json"
        if not truth.exists() or path.exists():
            continue
        detector = detector or build_detector(model)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(footage.predictions(detector, truth)))
        fresh.replace(path)


def train_all(comparison: Comparison, arms: list[Arm], seeds: int) -> Iterator[str]:
    """Train and measure what nobody has, seed by seed, so that a comparison that is cut short has whole rounds."""
    for seed in range(seeds):
        for arm in arms:
            run = comparison.run(arm, seed)
            if not (run / "summary.json").exists():
                try:
                    train(comparison.recipe(arm, seed), run)
                except RunBusy:
                    continue
            measure(comparison, str(run / "model"), run)
            shutil.rmtree(run / "state", ignore_errors=True)  # gigabytes over all runs
            yield f"{arm.name}, seed {seed}: done"


def costs(comparison: Comparison, arms: list[Arm]) -> None:
    """To cost.json."""
    control = comparison.recipe(Arm("none", "none"), 0)
    recipes = {arm.name: comparison.recipe(arm, 0) for arm in arms}
    frames = sorted((comparison.folder / "frames").glob(f"{footage.HELD_OUT[0]}/*.jpg"))
    found = {
        "models": model_costs({"student": str(as_trained(comparison)), "teacher": str(comparison.teacher)}, frames),
        "steps": step_costs(control, recipes),
    }
    (comparison.folder / "cost.json").write_text(json.dumps(found, indent=1))


def measure_fresh(comparison: Comparison, arms: list[Arm], seeds: int) -> None:
    """Prints each way's AP on the fresh drives, and its gain over the control."""
    footage.held_out(comparison.folder, "fresh", footage.FRESH)
    for arm in arms:
        for seed in range(seeds):
            run = comparison.run(arm, seed)
            measure(comparison, str(run / "model"), run, ["fresh"])
    for row in gains_on(comparison.folder, "fresh", [arm.name for arm in arms], seeds):
        print(row, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("train", "cost", "table", "fresh"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--iterations", type=int, default=400)
    parser.add_argument(
        "--arms", nargs="*", default=[], help="ways to train; all of them with their defaults unless told"
    )
    options = parser.parse_args()
    comparison = Comparison(options.folder.resolve(), options.iterations)
    comparison.folder.mkdir(parents=True, exist_ok=True)
    arms = comparison.arms(options.arms)
    if options.what == "table":
        write_table(comparison.folder, [arm.name for arm in arms], options.seeds)
        return
    prepare(comparison)
    if options.what == "cost":
        costs(comparison, arms)
        return
    if options.what == "fresh":
        measure_fresh(comparison, arms, options.seeds)
        return
    for sentence in train_all(comparison, arms, options.seeds):
        print(sentence, flush=True)


if __name__ == "__main__":
    main()
