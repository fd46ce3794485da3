"""Pre-label speed: plain transformers against the fast engine, and the whole job against the bare detector.

    python bench/prelabel.py [--pairs 3] [--frames 24] [--threads 1] [--json]

1. Swin-T size (172 M random weights, 480x800 input, 13 categories): transformers' own pipeline in fp32 (processor, model, post-processing) and our
   detector in fp32 and in its own choice of precision, by turns, a frame at a time. `cpu_ratio` is plain over ours, in CPU-seconds.
2. The bundled models on rendered frames: are the boxes the same as plain transformers', by precision?
3. The bare detector (frames in memory) and the whole job (decode stored stills, predict, write rows and history, score the risk), by turns, for both
   models. `job_share` is the large model's: the bare detector's CPU-seconds a frame over the job's.

CPU-seconds are user + system of this process, all threads: on a shared machine the clock says more about the neighbours.
"""

import argparse
import json
import os
import statistics
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
from transformers import (
    AutoModelForZeroShotObjectDetection,
    AutoTokenizer,
    GroundingDinoImageProcessorPil,
    GroundingDinoProcessor,
    MMGroundingDinoConfig,
    MMGroundingDinoForObjectDetection,
    SwinConfig,
)

from ml.boxes import iou_matrix, xywh_to_xyxy
from ml.models.detector import build_detector
from ml.models.grounding_dino import nano
from ml.models.grounding_dino.adapter import GroundingDinoDetector
from ml.models.grounding_dino.prompts import prompt_text
from ml.models.shipped import BUNDLED
from ml.schemas import Detection
from ml.synth import DriveSpec, render_drive
from ml.taxonomies import GDDA13

SIZE = (1280, 768)  # becomes 800x480
CHUNK = 8
JOB_FRAMES = 8  # of the large model: a few seconds each
BUNDLED_MODEL = "bundled:gdino-nano"
Frames = list[np.ndarray]


def cpu_seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def swin_t(folder: Path) -> Path:
    """A checkpoint of the published student's size, with random weights and our own tokenizer."""
    torch.manual_seed(0)
    backbone = SwinConfig(embed_dim=96, depths=[2, 2, 6, 2], num_heads=[3, 6, 12, 24], out_indices=[2, 3, 4])
    model = MMGroundingDinoForObjectDetection(MMGroundingDinoConfig(backbone_config=backbone))
    print(f"Swin-T size: {sum(p.numel() for p in model.parameters()) / 1e6:.1f} M parameters")
    nano.save(model, folder)
    (folder / "preprocessor_config.json").write_text('{"size": {"shortest_edge": 480, "longest_edge": 800}}')
    return folder


def plain_pipeline(folder: Path) -> Callable[[np.ndarray], object]:
    """transformers' own processor, model in fp32 and post-processing, for a frame."""
    network = AutoModelForZeroShotObjectDetection.from_pretrained(folder, use_safetensors=True).eval()
    size = json.loads((folder / "preprocessor_config.json").read_text())["size"]
    processor = GroundingDinoProcessor(GroundingDinoImageProcessorPil(size=size), AutoTokenizer.from_pretrained(folder))
    text = prompt_text([category.phrase for category in GDDA13])[0]

    @torch.no_grad()
    def run(image: np.ndarray) -> object:
        inputs = processor(images=Image.fromarray(image), text=text, return_tensors="pt")
        output = network(**inputs)
        return processor.post_process_grounded_object_detection(
            output, inputs["input_ids"], threshold=0.3, text_threshold=0.25, target_sizes=[image.shape[:2]]
        )

    return run


def engines(folder: Path, frames: Frames, pairs: int) -> dict[str, float]:
    """Median CPU-seconds a frame of the three ways, taken by turns."""
    exact, own = (GroundingDinoDetector(folder, name="swin-t", precision=p) for p in ("fp32", None))
    ways = {
        "plain transformers, fp32": plain_pipeline(folder),
        "our engine, fp32": lambda image: exact.predict([image], GDDA13),
        f"our engine, {own.engine.precision}": lambda image: own.predict([image], GDDA13),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way(frames[0])  # caches
    for frame in frames[:pairs]:
        for name, way in ways.items():
            taken[name].append(cpu_seconds(lambda way=way, frame=frame: way(frame)))
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def sameness(frames: Frames, model: str) -> dict[str, tuple[float, float, int, int]]:
    """By precision: the least IoU and the greatest score difference of our boxes to plain transformers', how many they are,
    and how many of them are others (IoU of 0.99 or less, or 0.01 in score)."""
    reference = plain_detector(model)
    wanted = [reference.predict([frame], GDDA13)[0] for frame in frames]
    rows = {}
    for precision in ("fp32", "split", "bf16"):
        detector = GroundingDinoDetector(BUNDLED / model, name=model, precision=precision)
        pairs = [
            pair
            for frame, expected in zip(frames, wanted, strict=True)
            for pair in matched(detector.predict([frame], GDDA13)[0], expected)
        ]
        others = sum(iou <= 0.99 or gap >= 0.01 for iou, gap in pairs)
        rows[precision] = (min(iou for iou, _ in pairs), max(gap for _, gap in pairs), len(pairs), others)
    return rows


def plain_detector(model: str) -> GroundingDinoDetector:
    """Our pre- and post-processing around transformers' own forward pass."""
    detector = GroundingDinoDetector(BUNDLED / model, name="plain", precision="fp32")
    network = AutoModelForZeroShotObjectDetection.from_pretrained(BUNDLED / model, use_safetensors=True).eval()

    @torch.inference_mode()
    def forward(pixels: torch.Tensor, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        count = len(pixels)
        output = network(pixel_values=pixels, input_ids=ids.expand(count, -1), attention_mask=mask.expand(count, -1))
        return output.logits, output.pred_boxes

    detector.engine = forward
    return detector


def matched(found: list[Detection], expected: list[Detection]) -> list[tuple[float, float]]:
    """(IoU, score difference) of each expected box and the one of its category that overlaps it most; (0, score) for one that is not there."""
    pairs = []
    for box in expected:
        rivals = [d for d in found if d.category == box.category]
        overlaps = (
            iou_matrix(xywh_to_xyxy([box.box_xywh]), xywh_to_xyxy([d.box_xywh for d in rivals]))[0] if rivals else []
        )
        place = int(np.argmax(overlaps)) if rivals else -1
        pairs.append((float(overlaps[place]), abs(rivals[place].score - box.score)) if rivals else (0.0, box.score))
    return pairs


def product() -> None:
    """An empty product of our own."""
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from webapp.dashboards.bootstrap import bootstrap

    bootstrap()


def whole_job(frames: Frames, model: str) -> Callable[[], object]:
    """The job as a worker runs it, on stored stills; every call labels the drive anew."""
    from webapp.accounts.models import Workspace
    from webapp.footage.models import Drive
    from webapp.footage.services import clip_ingest, drive_create, prelabel_enqueue
    from webapp.jobs.models import Job
    from webapp.registry.services import model_version_for
    from workers import model_cache
    from workers.foreground import run_in_foreground

    workspace = Workspace.objects.get()
    drive = drive_create(workspace=workspace, name=f"bench {model}")
    with tempfile.TemporaryDirectory() as folder:
        for index, image in enumerate(frames):
            path = Path(folder) / f"{index:04d}.jpg"
            Image.fromarray(image).save(path, quality=92)
            clip_ingest(drive=drive, path=path, filename=path.name)
    for job in Job.objects.filter(kind=Job.Kind.EXTRACT_FRAMES):
        run_in_foreground(job.id)
    version = model_version_for(workspace, model)
    model_cache.detector(version)  # loading is not throughput

    def run() -> None:
        job = prelabel_enqueue(Drive.objects.get(id=drive.id), version)
        assert run_in_foreground(job.id).state == Job.State.SUCCEEDED

    return run


def job_and_bare(frames: Frames, pairs: int, model: str) -> tuple[float, float]:
    """Median CPU-seconds a frame of the whole job and of the bare detector, taken by turns."""
    detector, job = build_detector(model), whole_job(frames, model)

    def bare() -> None:
        for start in range(0, len(frames), CHUNK):
            detector.predict(frames[start : start + CHUNK], GDDA13)

    bare()
    taken = [(cpu_seconds(job) / len(frames), cpu_seconds(bare) / len(frames)) for _ in range(pairs)]
    return statistics.median(t[0] for t in taken), statistics.median(t[1] for t in taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=3, help="turns of each comparison; the median counts")
    parser.add_argument("--frames", type=int, default=24)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    drive = render_drive(DriveSpec(seed=5, width=SIZE[0], height=SIZE[1], fps=2, seconds=options.frames / 2))
    frames = [frame.image for frame in drive]

    with tempfile.TemporaryDirectory() as temporary:
        folder = swin_t(Path(temporary))
        rows = engines(folder, frames, options.pairs)
        product()
        job, bare = job_and_bare(frames[:JOB_FRAMES], options.pairs, str(folder))
    plain, exact, ours = rows.values()
    print(f"Swin-T size, 480x800, {options.threads} thread(s), median of {options.pairs} turns")
    for name, seconds in rows.items():
        print(f"  {name:28} {seconds:7.3f} CPU-s a frame  {plain / seconds:5.2f}x")
    for model in ("gdino-nano", "gdino-mini"):
        for precision, (iou, gap, count, others) in sameness(frames, model).items():
            print(f"  {model} in {precision}: {count} boxes, {others} others, IoU >= {iou:.4f}, score within {gap:.4f}")
    print(f"  Swin-T size: bare {bare:.4f}, whole job {job:.4f} CPU-s a frame")
    small_job, small_bare = job_and_bare(frames, options.pairs, BUNDLED_MODEL)
    print(f"  {BUNDLED_MODEL}: bare {small_bare:.4f}, whole job {small_job:.4f} CPU-s a frame")
    summary = {
        "cpu_ratio": round(plain / ours, 3),
        "cpu_ratio_fp32": round(plain / exact, 3),
        "job_share": round(bare / job, 3),
        "job_share_bundled": round(small_bare / small_job, 3),
    }
    print(json.dumps(summary) if options.json else summary)


if __name__ == "__main__":
    main()
