"""A version's COCO file: streamed to the first who asks and kept, then served from the store, whole or in ranges."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings

from webapp.core import storage
from webapp.datasets import coco_stream
from webapp.datasets.models import DatasetVersion, ExportFile
from webapp.jobs.models import Job
from webapp.jobs.selectors import active_for
from webapp.jobs.services import enqueue

TOLD_EVERY = 2**22  # bytes


def etag_of(version: DatasetVersion, split: str | None, coding: str | None = None) -> str:
    """Strong: it names bytes that are a function of the version alone."""
    parts = [version.digest, split or "all", *([f"r{coco_stream.REVISION}"] if coco_stream.REVISION > 1 else [])]
    return f'"{"-".join([*parts, *([coding] if coding else [])])}"'


def export_file(version: DatasetVersion, split: str | None) -> ExportFile | None:
    """The finished file, when it is there."""
    found = ExportFile.objects.filter(version=version, split=split or "", revision=coco_stream.REVISION).first()
    return found if found and storage.exists(found.key) else None


def export_stream(version: DatasetVersion, split: str | None) -> Iterator[bytes]:
    """The bytes as they are made; once the last has gone out, the file is kept. A client that leaves early leaves nothing behind."""
    with tempfile.NamedTemporaryFile(suffix=".part", dir=_folder()) as file:
        digest, size = hashlib.sha256(), 0
        for piece in coco_stream.stream(version, split):
            file.write(piece)
            digest.update(piece)
            size += len(piece)
            yield piece
        file.flush()
        _keep(version, split, Path(file.name), sha256=digest.hexdigest(), size=size)


def export_build(
    version: DatasetVersion, split: str | None, on_progress: Callable[[int], None] = lambda done: None
) -> ExportFile:
    """The file, made now unless it is there already."""
    if (found := export_file(version, split)) is None:
        done = told = 0
        for piece in export_stream(version, split):
            done += len(piece)
            if done - told >= TOLD_EVERY:
                on_progress(told := done)
        found = export_file(version, split)
    assert found is not None
    return found


def export_request(version: DatasetVersion, split: str | None) -> Job:
    """A job that builds the file; the one that is on its way when there is one."""
    params = {"version": version.id, "split": split or ""}
    for job in active_for(version.dataset.workspace, **params):
        if job.kind == Job.Kind.EXPORT_VERSION:
            return job
    return enqueue(
        Job.Kind.EXPORT_VERSION, workspace=version.dataset.workspace, params=params, title=f"Export {version}"
    )


def _keep(version: DatasetVersion, split: str | None, path: Path, *, sha256: str, size: int) -> None:
    key = storage.put_file(path, ".json", sha256=sha256)
    ExportFile.objects.update_or_create(
        version=version,
        split=split or "",
        revision=coco_stream.REVISION,
        defaults={"key": key, "size": size, "sha256": sha256},
    )


def _folder() -> Path:
    """Beside the uploads and not in the system's temporary folder, which may be memory."""
    folder = Path(settings.UPLOADS_ROOT) / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
