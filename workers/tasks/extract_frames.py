"""Ingest a clip: decode it, cut stills with exact times, record them.

Where the workspace blurs, a still is blurred before anything is made of it; when all are recorded the original leaves the store, and only then
is the clip ready: killed anywhere in between, another attempt goes on there.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from django.db import transaction
from PIL import Image

from ml.data.archives import ArchiveError, iter_zip_members
from ml.data.hashing import perceptual_hash
from ml.data.images import encode_jpeg, open_still, still_bytes, thumbnail
from ml.data.sniff import sniff
from ml.data.video import iter_frames, probe
from ml.edge.scene_state import time_of_day
from ml.errors import BadMedia
from webapp.core import storage
from webapp.footage import services
from webapp.footage.models import Clip, Drive, Frame
from webapp.jobs.models import Job
from workers.blurring import Blurring, blurring_as
from workers.lifecycle import JobContext, job_task

BATCH = 16


@dataclass(frozen=True, slots=True)
class Still:
    """A picture on its way to become a frame; `image` is None where an earlier attempt has recorded it."""

    index: int
    time_ms: float
    name: str
    image: "Image.Image | np.ndarray | None"
    source: Path | None = None  # the file of a still, which is kept as it is where it can be


@job_task(Job.Kind.EXTRACT_FRAMES)
def extract_frames(job: JobContext) -> dict[str, int]:
    """Idempotent: frames are keyed by (clip, index), and those that an earlier attempt recorded are skipped."""
    clip = Clip.objects.select_related("drive__workspace", "drive__label_model").get(id=job.params["clip"])
    services.ingest_possible(clip)
    recorded = job.checkpoint.get("recorded")
    if recorded is None or clip.frames.count() != recorded["frames"]:
        recorded = _recorded(job, clip)
        job.save_checkpoint({"recorded": recorded})
    if recorded["places"] is not None:
        services.original_discard(clip)
    with transaction.atomic():
        job.save_checkpoint(job.checkpoint)
        services.ingest_finish(clip, problems=recorded["problems"], blurred_places=recorded["places"])
    told = {"frames": recorded["frames"], "refused": len(recorded["problems"])}
    return told if recorded["places"] is None else {**told, "blurred_places": recorded["places"]}


def _recorded(job: JobContext, clip: Clip) -> dict[str, Any]:
    """All frames, and what there is to say of them; `places` is None where nothing was to be blurred."""
    blurring = blurring_as(clip.blur, clip.drive.workspace, clip.drive.taxonomy, clip.drive.label_model)
    problems: list[dict[str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        path = storage.materialised(clip.key, Path(folder))
        try:
            media = sniff(path)
            services.ingest_begin(clip, kind=media.kind)
            if media.kind == "video":
                services.ingest_begin(clip, **_facts(path))
            count = _record(job, clip, path, media.kind, problems, blurring)
            if not count:
                raise BadMedia("None of the archive's files is a usable image.", code="no_usable_image")
        except BadMedia as error:
            with transaction.atomic():
                job.save_checkpoint({})
                services.clip_fail(clip, code=error.code, detail=error.detail, problems=problems)
            raise
    places = job.checkpoint.get("places", 0) if blurring else None
    return {"frames": count, "problems": problems, "places": places}


def _record(
    job: JobContext, clip: Clip, path: Path, kind: str, problems: list[dict[str, str]], blurring: Blurring | None
) -> int:
    prefix = services.frame_prefix(clip)
    recorded = set(Frame.objects.filter(clip=clip).values_list("index", flat=True))
    stills = {"video": _video, "image": _image, "archive": _archive}[kind](clip, path, prefix, recorded, problems)
    total = _expected(clip) if kind == "video" else None
    batch: list[Frame] = []
    count = 0
    for still in stills:
        count += 1
        if still.image is not None:
            batch.append(_frame(clip, _blurred(still, blurring) if blurring else still))
        if len(batch) == BATCH:
            job.raise_if_stopped()
            _write(job, batch, blurring)
            batch = []
        job.progress(count, max(total or 0, count) if total else None, "frames")
    _write(job, batch, blurring)
    job.progress(count, count, "frames")
    return count


def _write(job: JobContext, batch: list[Frame], blurring: Blurring | None) -> None:
    state = {"frames": job.checkpoint.get("frames", 0) + len(batch)}
    if blurring:
        state["places"] = job.checkpoint.get("places", 0) + blurring.places_since()
    with transaction.atomic():
        job.save_checkpoint(state)
        services.frames_record(batch)


def _blurred(still: Still, blurring: Blurring) -> Still:
    """Pixels alone: the file that a still came from is not kept, for it shows everything."""
    return replace(still, image=blurring(_picture(still)), source=None)


def _picture(still: Still) -> Image.Image:
    assert still.image is not None
    return still.image if isinstance(still.image, Image.Image) else Image.fromarray(still.image)


def _video(clip: Clip, path: Path, prefix: str, recorded: set[int], _: list[dict[str, str]]) -> Iterator[Still]:
    drive: Drive = clip.drive
    for frame in iter_frames(path, fps=drive.sample_fps, every=drive.sample_every):
        image = None if frame.index in recorded else frame.image
        yield Still(frame.index, frame.time_ms, f"{prefix}_{frame.index:06d}.jpg", image)


def _image(clip: Clip, path: Path, prefix: str, recorded: set[int], _: list[dict[str, str]]) -> Iterator[Still]:
    image = open_still(path)
    yield Still(0, 0.0, f"{prefix}.jpg", None if 0 in recorded else image, path)


def _archive(
    clip: Clip, path: Path, prefix: str, recorded: set[int], problems: list[dict[str, str]]
) -> Iterator[Still]:
    """Good members in the order of the zip; a bad one becomes a named problem and the rest goes on."""
    index = 0
    for member in iter_zip_members(path):
        try:
            if isinstance(member, ArchiveError):
                raise member.error
            image = open_still(member.path)
        except BadMedia as error:
            problems.append({"name": member.name, "code": error.code, "detail": error.detail})
            continue
        name = f"{prefix}/{services.safe_name(Path(member.name).stem)}_{index:06d}.jpg"
        yield Still(index, 0.0, name, None if index in recorded else image, member.path)
        index += 1


def _frame(clip: Clip, still: Still) -> Frame:
    image = _picture(still)
    jpeg = still_bytes(still.source, image) if still.source else encode_jpeg(image)
    key = storage.put_bytes(jpeg, ".jpg")
    return Frame(
        workspace_id=clip.drive.workspace_id,
        drive=clip.drive,
        clip=clip,
        index=still.index,
        time_ms=still.time_ms,
        name=still.name,
        sha256=Path(key).stem,
        phash=perceptual_hash(image),
        width=image.width,
        height=image.height,
        image_key=key,
        thumbnail_key=storage.put_bytes(thumbnail(image), ".thumb.jpg"),
        scene={"time_of_day": time_of_day(np.asarray(image))},
    )


def _facts(path: Path) -> dict[str, float | int | None]:
    seen = probe(path)
    duration = seen.duration_s * 1000 if seen.duration_s is not None else None
    return {"width": seen.width, "height": seen.height, "fps": seen.fps, "duration_ms": duration}


def _expected(clip: Clip) -> int | None:
    """How many frames the sampling will give, from what the header says; for the progress bar alone."""
    clip.refresh_from_db(fields=["fps", "duration_ms"])
    if not clip.duration_ms:
        return None
    if clip.drive.sample_fps:
        return max(1, round(clip.duration_ms / 1000 * min(clip.drive.sample_fps, clip.fps or clip.drive.sample_fps)))
    return max(1, round(clip.duration_ms / 1000 * (clip.fps or 1) / (clip.drive.sample_every or 1)))
