"""Run the device's agent on a drive: what the driver would have seen, moment by moment, with the pictures to play it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from PIL import Image

from ml.data.hashing import perceptual_hash
from ml.data.images import Pixels, encode_jpeg
from ml.edge.distance import MountedCamera
from ml.edge.messages import moment_json
from ml.edge.runtime import EdgeRuntime
from ml.edge.signals import Signal
from ml.edge.sources import EdgeFrame, frames_of
from ml.edge.uplink import Uplink, UplinkPolicy
from ml.models.detector import Detector
from ml.risk.cipo import Lanes
from ml.schemas import Category, Detection
from webapp.core import storage
from webapp.footage.models import Clip, Drive, Frame
from webapp.footage.selectors import in_drive_order
from webapp.jobs.models import Job
from webapp.registry.services import model_version_for
from workers import model_cache
from workers.lifecycle import JobContext, job_task

FPS = 10.0
LONGEST = 600  # moments
WIDTH = 960  # of the pictures that are kept
QUALITY = 75


class DriveFinder:
    """A registered detector as the device's own."""

    def __init__(self, detector: Detector, categories: tuple[Category, ...]) -> None:
        self._detector, self._categories = detector, categories

    def predict(self, image: Pixels) -> list[Detection]:
        return self._detector.predict([image], self._categories)[0]


@job_task(Job.Kind.SIMULATE_DEVICE)
def simulate_device(job: JobContext) -> dict[str, Any]:
    """A run from the start again replaces nothing but its own result."""
    drive = Drive.objects.select_related("workspace", "taxonomy").get(id=job.params["drive"])
    detector, model = model_cache.detector(model_version_for(drive.workspace, str(job.params["model"])))
    categories = tuple(drive.taxonomy.values())
    finder, signal = DriveFinder(detector, categories), Signal(0, float(job.params["speed_kmh"]) / 3.6)
    moments: list[dict[str, Any]] = []
    pictures: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        runtime, policy = None, UplinkPolicy()
        for frame, lanes in job.track(_frames(drive, Path(folder)), total=_expected(drive), unit="frames"):
            if runtime is None or (runtime.camera.width, runtime.camera.height) != frame.image.shape[1::-1]:
                camera = MountedCamera.usual(frame.image.shape[1], frame.image.shape[0])
                runtime = EdgeRuntime(finder, camera, categories=categories)
            moment = runtime.step(frame.image, frame.time_ms, signal, lanes)
            small = _small(frame.image)
            picture = encode_jpeg(small, QUALITY)
            pictures.append(storage.put_bytes(picture, ".jpg"))
            moments.append(moment_json(moment, _uplink(policy, moment, picture, small)))
    size = {"width": runtime.camera.width, "height": runtime.camera.height} if runtime else {"width": 0, "height": 0}
    timeline = {"drive": drive.id, "model": model.id, **size, "speed_kmh": job.params["speed_kmh"], "moments": moments}
    key = storage.put_bytes(orjson.dumps(timeline), ".json")
    return {"timeline_key": key, "pictures": pictures, "drive": drive.id, "model": model.name, **_counts(moments)}


def _uplink(policy: UplinkPolicy, moment: Any, picture: bytes, small: Image.Image) -> Uplink | None:
    wish = policy.wanted(
        moment.time_ms,
        moment.doubt,
        alarms=[alarm.kind for alarm in moment.alarms],
        scene=list(moment.scene.labels),
        boxes=[(one.category, one.score) for one in moment.detections],
    )
    if wish is None or not policy.accepted(wish, len(picture), perceptual_hash(small), moment.time_ms):
        return None
    return wish


def _frames(drive: Drive, folder: Path) -> Iterator[tuple[EdgeFrame, Lanes | None]]:
    """Of the drive's first video ten a second; of a drive of stills those, two a second unless they know their times."""
    clip = Clip.objects.filter(drive=drive, kind=Clip.Kind.VIDEO, state=Clip.State.READY).exclude(key="").first()
    if clip is not None:
        path = storage.materialised(clip.key, folder)
        yield from ((frame, None) for _, frame in zip(range(LONGEST), frames_of(str(path), fps=FPS), strict=False))
        return
    last = -500.0
    for row in in_drive_order(Frame.objects.filter(drive=drive).exclude(state=Frame.State.EXCLUDED))[:LONGEST]:
        last = row.time_ms if row.time_ms > last else last + 500.0
        with storage.open_key(row.image_key) as file:
            image = np.asarray(Image.open(file).convert("RGB"))
        yield EdgeFrame(image, last, row.name), Lanes.from_json(row.scene.get("lanes"))


def _expected(drive: Drive) -> int | None:
    clip = Clip.objects.filter(drive=drive, kind=Clip.Kind.VIDEO, state=Clip.State.READY).exclude(key="").first()
    if clip is None:
        return min(LONGEST, Frame.objects.filter(drive=drive).exclude(state=Frame.State.EXCLUDED).count())
    return min(LONGEST, round(clip.duration_ms / 1000 * min(FPS, clip.fps or FPS))) if clip.duration_ms else None


def _small(image: Pixels) -> Image.Image:
    picture = Image.fromarray(image)
    if picture.width <= WIDTH:
        return picture
    return picture.resize(
        (WIDTH, round(picture.height * WIDTH / picture.width)), Image.Resampling.BOX, reducing_gap=2.0
    )


def _counts(moments: list[dict[str, Any]]) -> dict[str, Any]:
    beside = [moment["beside_model_ms"] for moment in moments] or [0.0]
    return {
        "frames": len(moments),
        "alarms": sum(len(moment["alarms"]) for moment in moments),
        "uplinks": sum(moment["uplink"] is not None for moment in moments),
        "beside_model_ms_p95": round(float(np.percentile(beside, 95)), 2),
    }
