"""Pre-label throughput: the plain transformers pipeline, our detector alone, and the whole job, in CPU-seconds a frame.

    python bench/prelabel.py [--model bundled:gdino-nano] [--frames 32] [--json]

Frames are a rendered 960x540 drive. CPU-seconds are user + system of this process, so that a busy machine matters less than by the clock.
`cpu_ratio` is plain over ours; `job_share` is the job's frames a second over the bare detector's.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ["HEADWAY_HOME"] = tempfile.mkdtemp(prefix="headway-bench-")
os.environ["DJANGO_SETTINGS_MODULE"] = "webapp.config.settings"

import django
import numpy as np
import torch
from PIL import Image

from ml.models.detector import BUNDLED, build_detector
from ml.models.grounding_dino.prompts import prompt_text
from ml.synth import DriveSpec, render_drive
from ml.taxonomies import GDDA13

SIZE = (960, 540)
CHUNK = 8


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """(CPU-seconds, seconds) of one run."""
    cpu, clock = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - clock


def plain_pipeline(model: str, images: list[np.ndarray]) -> Callable[[], object]:
    """transformers' own processor, model in fp32 and post-processing, a frame at a time."""
    from transformers import (
        AutoModelForZeroShotObjectDetection,
        AutoTokenizer,
        GroundingDinoImageProcessorPil,
        GroundingDinoProcessor,
    )

    folder = BUNDLED / model.removeprefix("bundled:") if model.startswith("bundled:") else Path(model)
    network = AutoModelForZeroShotObjectDetection.from_pretrained(folder, use_safetensors=True).eval()
    size = json.loads((folder / "preprocessor_config.json").read_text())["size"]
    images_processor = GroundingDinoImageProcessorPil(size=size)
    processor = GroundingDinoProcessor(images_processor, AutoTokenizer.from_pretrained(folder))
    text = prompt_text([category.phrase for category in GDDA13])[0]

    @torch.no_grad()
    def run() -> None:
        for image in images:
            inputs = processor(images=Image.fromarray(image), text=text, return_tensors="pt")
            output = network(**inputs)
            processor.post_process_grounded_object_detection(
                output, inputs["input_ids"], threshold=0.3, text_threshold=0.25, target_sizes=[image.shape[:2]]
            )

    return run


def whole_job(model: str, images: list[np.ndarray]) -> Callable[[], object]:
    """Decode stored stills, predict, write rows and history, score the drive's risk: the job as a worker runs it."""
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from webapp.dashboards.bootstrap import bootstrap
    from webapp.footage.models import Drive
    from webapp.footage.services import clip_ingest, prelabel_enqueue
    from webapp.jobs.models import Job
    from webapp.registry.services import model_version_for
    from workers.foreground import run_in_foreground

    bootstrap()
    from webapp.accounts.models import Workspace
    from webapp.footage.services import drive_create

    workspace = Workspace.objects.get()
    drive = drive_create(workspace=workspace, name="bench")
    with tempfile.TemporaryDirectory() as folder:
        for index, image in enumerate(images):
            path = Path(folder) / f"{index:04d}.jpg"
            Image.fromarray(image).save(path, quality=92)
            clip_ingest(drive=drive, path=path, filename=path.name)
    for job in Job.objects.filter(kind=Job.Kind.EXTRACT_FRAMES):
        run_in_foreground(job.id)
    version = model_version_for(workspace, model)
    from workers import model_cache

    model_cache.detector(version)  # loading is not throughput

    def run() -> None:
        job = prelabel_enqueue(Drive.objects.get(id=drive.id), version)
        assert run_in_foreground(job.id).state == Job.State.SUCCEEDED

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="bundled:gdino-nano")
    parser.add_argument("--frames", type=int, default=32)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    drive = render_drive(DriveSpec(seed=5, width=SIZE[0], height=SIZE[1], fps=2, seconds=options.frames / 2))
    images = [frame.image for frame in drive]
    detector = build_detector(options.model)

    def bare() -> None:
        for start in range(0, len(images), CHUNK):
            detector.predict(images[start : start + CHUNK], GDDA13)

    rows = {}
    for name, work in (
        ("plain transformers, fp32", plain_pipeline(options.model, images)),
        ("our detector alone", bare),
        ("the whole job", whole_job(options.model, images)),
    ):
        work() if name != "the whole job" else None  # a first run warms caches; the job is measured as it comes
        rows[name] = timed(work)
    print(f"{options.model}, {len(images)} frames of {SIZE[0]}x{SIZE[1]}, {options.threads} thread(s)")
    for name, (cpu, clock) in rows.items():
        print(f"{name:28} {cpu / len(images):7.3f} CPU-s a frame  {len(images) / clock:6.2f} frames/s")
    plain, ours, job = rows.values()
    summary = {"cpu_ratio": round(plain[0] / ours[0], 3), "job_share": round(ours[1] / job[1], 3)}
    print(json.dumps(summary) if options.json else summary)


if __name__ == "__main__":
    main()
