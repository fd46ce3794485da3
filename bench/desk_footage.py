"""Footage for `desk.py`: rendered 1920 x 1080 frames with a set number of proposed boxes, in the home that HEADWAY_HOME names."""

import argparse
import random
import subprocess
import sys
from pathlib import Path

DRIVE = "bench"
WIDTH, HEIGHT, FPS = 1920, 1080, 10
REPOSITORY = Path(__file__).resolve().parent.parent


def make_footage(folder: Path, *, frames: int, boxes: int, crowd: int) -> str:
    """Fill an empty home; the last frame has a `crowd` of boxes. Returns the owner's password."""
    bring_up_to_date()
    password = _manage("bootstrap").split("password")[1].split()[0]
    # A rendered drive at a dash camera's bit rate, through the product's own ingest: stills as large as real ones.
    size = ["--width", str(WIDTH), "--height", str(HEIGHT), "--fps", str(FPS), "--seconds", str(frames / FPS)]
    _run([sys.executable, "-m", "ml.synth", "--seed", "7", "--out", str(folder), "--bit-rate", "8000000", *size])
    _manage("ingest", str(folder / "drive.mp4"), "--drive", DRIVE, "--every", "1")
    _run([sys.executable, "-m", "bench.desk_footage", "--boxes", str(boxes), "--crowd", str(crowd)])
    return password


def bring_up_to_date() -> None:
    """Tables and built page as in this checkout: a kept home may be older than both."""
    _manage("migrate", "--verbosity", "0")
    _manage("collectstatic", "--no-input", "--verbosity", "0")


def _propose(count: int, crowd: int) -> None:
    """Boxes as a detector leaves them on a full street: most small, a tenth of them candidates for missed objects."""
    import django

    django.setup()
    from webapp.footage.models import Drive, Frame
    from webapp.labels.models import Box
    from webapp.labels.prelabels import PrelabelledFrame, drive_shows, prelabels_write
    from webapp.registry.services import model_version_for

    drive = Drive.objects.get(name=DRIVE)
    model = model_version_for(drive.workspace, "bundled:gdino-nano")
    categories = list(drive.taxonomy.categories.all())
    rng = random.Random(0)

    def box(frame: Frame, index: int) -> Box:
        width, height = rng.uniform(12, 220), rng.uniform(12, 160)
        category, risk = rng.choice(categories), rng.random()
        return Box(
            frame=frame,
            category=category,
            x=rng.uniform(0, frame.width - width),
            y=rng.uniform(0, frame.height - height),
            width=width,
            height=height,
            frame_width=frame.width,
            frame_height=frame.height,
            source=Box.Source.PSEUDO,
            state=Box.State.MISSED_CANDIDATE if index % 10 == 9 else Box.State.PENDING,
            model_version=model,
            index=index,
            score=rng.uniform(0.1, 0.95),
            probs={category.name: rng.random()},
            risk=risk,
            severity=rng.uniform(1, 2.75),
            signals=[{"name": "margin", "value": risk, "sentence": "class unsure: truck .41, bus .38"}],
        )

    *frames, last = Frame.objects.filter(clip__drive=drive).order_by("id")
    counts = [*((frame, count) for frame in frames), (last, crowd)]
    items = [PrelabelledFrame(frame, [box(frame, index) for index in range(boxes)]) for frame, boxes in counts]
    prelabels_write(items, model=model, only_new=False)
    drive_shows(drive, model)


def _manage(*arguments: str) -> str:
    return _run([sys.executable, "manage.py", *arguments])


def _run(command: list[str]) -> str:
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.config.settings")
    parser = argparse.ArgumentParser()
    parser.add_argument("--boxes", type=int, required=True)
    parser.add_argument("--crowd", type=int, required=True)
    options = parser.parse_args()
    _propose(options.boxes, options.crowd)
