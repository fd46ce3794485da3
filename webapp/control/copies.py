"""Where the pictures of a clip lie: every place that the product writes them to. A new place is a function and a line in `PLACES`."""

import hashlib
import os
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from django.conf import settings
from django.db.models import QuerySet

from webapp.core import storage
from webapp.datasets.models import VersionDrive
from webapp.edge.models import EdgeExport
from webapp.exchange.models import LabelImport, VersionExport
from webapp.explore.models import FeaturePart
from webapp.explore.packs import files_of
from webapp.footage.models import Clip, Drive, Frame
from webapp.footage.uploads import part_path
from webapp.jobs.models import Job

# Below RUNS_ROOT: what a teacher said of a picture serves every run that asks it again.
TEACHERS_ANSWERS = "teacher-cache"


@dataclass
class Copies:
    """Keys of the store and files beside it, by place."""

    keys: dict[str, set[str]] = field(default_factory=dict)
    files: dict[str, set[Path]] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        counts = {name: len(keys) for name, keys in self.keys.items()}
        counts |= {name: len(files) for name, files in self.files.items()}
        return {name: count for name, count in counts.items() if count}

    def without(self, digests: Container[str], files: Container[str]) -> "Copies":
        """Those of no clip before: an export has pictures of several clips, and is one copy."""
        return Copies(
            {name: {key for key in keys if digest_in(key) not in digests} for name, keys in self.keys.items()},
            {name: {path for path in paths if str(path) not in files} for name, paths in self.files.items()},
        )

    def all_keys(self) -> set[str]:
        return set().union(*self.keys.values())


def digest_in(key: str) -> str:
    """The sha256 that a key is made of."""
    return Path(key).name.split(".")[0]


def copies_of(clips: Iterable[Clip]) -> Copies:
    """All copies of these clips' pictures. Those of a training run are links to the store: they live on when it forgets them."""
    clips = list(clips)
    found = Copies({name: {key for key in find(clips) if key} for name, find in PLACES.items()})
    found.files["uploads"] = {part for clip in clips if clip.upload and (part := part_path(clip.upload)).exists()}
    found.files["feature packs"] = set(feature_packs(clips))
    stills = found.keys["frames"] | found.keys["thumbnails"]
    found.files["training runs"] = set(linked_to(stills, Path(settings.RUNS_ROOT)))
    found.files["teachers' answers"] = set(teachers_answers(clips))
    return found


def frames(clips: list[Clip]) -> Iterator[str]:
    yield from Frame.objects.filter(clip__in=clips).values_list("image_key", flat=True)


def thumbnails(clips: list[Clip]) -> Iterator[str]:
    yield from Frame.objects.filter(clip__in=clips).values_list("thumbnail_key", flat=True)


def originals(clips: list[Clip]) -> Iterator[str]:
    yield from (clip.key for clip in clips)


def label_files(clips: list[Clip]) -> Iterator[str]:
    """What was uploaded with labels for the same drives may hold their pictures, and its previews do."""
    for one in LabelImport.objects.filter(drive__in={clip.drive_id for clip in clips}):
        yield one.key
        yield from (frame["key"] for frame in one.survey.get("preview", []))


def exports(clips: list[Clip]) -> Iterator[str]:
    """Zips with pictures of versions that have one of the drives. They are made again when asked for, without what is gone."""
    versions = VersionDrive.objects.filter(drive__in={clip.drive_id for clip in clips}).values("version")
    made = VersionExport.objects.filter(version__in=versions, with_pictures=True)
    yield from made.values_list("key", flat=True)


def packages(clips: list[Clip]) -> Iterator[str]:
    """Zips for devices: each has one picture of the version that judged it, and for a chip those to calibrate by."""
    yield from packages_of({clip.drive_id for clip in clips}).values_list("archive_key", flat=True)


def packages_of(drives: set[int]) -> QuerySet[EdgeExport]:
    versions = VersionDrive.objects.filter(drive__in=drives).values("version")
    return EdgeExport.objects.filter(dataset_version__in=versions).exclude(archive_key="")


def simulations(clips: list[Clip]) -> Iterator[str]:
    """Pictures that a simulated device kept of the drives."""
    drives = {clip.drive_id for clip in clips}
    for job in Job.objects.filter(kind=Job.Kind.SIMULATE_DEVICE, params__drive__in=drives, result__isnull=False):
        key = (job.result or {}).get("pictures_key", "")
        if key and storage.exists(key):
            yield key
            with storage.open_key(key) as file:
                yield from orjson.loads(file.read())


def features(clips: list[Clip]) -> Iterator[str]:
    """What a detector saw in the drives' frames, by which alike ones are found. The part that a clip leaves is made again without it."""
    parts = FeaturePart.objects.filter(drive__in={clip.drive_id for clip in clips})
    yield from parts.values_list("key", flat=True)


def feature_packs(clips: list[Clip]) -> Iterator[Path]:
    """The same of the whole workspace in one file of this machine, made again from the parts that are left."""
    drives = Drive.objects.filter(id__in={clip.drive_id for clip in clips})
    yield from files_of(drives.values_list("workspace", flat=True))


def teachers_answers(clips: list[Clip]) -> Iterator[Path]:
    """What teachers saw in pictures, which training runs share; a file does not say of which picture, and is made again when it is missed."""
    if VersionDrive.objects.filter(drive__in={clip.drive_id for clip in clips}).exists():
        yield from (path for path in (Path(settings.RUNS_ROOT) / TEACHERS_ANSWERS).glob("*/*") if path.is_file())


PLACES: dict[str, Callable[[list[Clip]], Iterable[str]]] = {
    "originals": originals,
    "frames": frames,
    "thumbnails": thumbnails,
    "label files": label_files,
    "exports": exports,
    "packages for devices": packages,
    "simulations": simulations,
    "features": features,
}


def linked_to(keys: Iterable[str], folder: Path) -> Iterator[Path]:
    """Files below `folder` that are the stored ones under another name, or have their bytes."""
    sizes = {key: size for key in keys if (size := storage.size_of(key)) is not None}
    stored = [path for key in sizes if (path := storage.local_path(key))]
    inodes = {(stat.st_dev, stat.st_ino) for path in stored if (stat := path.stat())}
    digests = {digest_in(key): size for key, size in sizes.items()}
    yield from same_bytes(digests, folder, inodes)


def same_bytes(digests: dict[str, int], folder: Path, inodes: set[tuple[int, int]] | None = None) -> Iterator[Path]:
    """Files below `folder` whose sha256 is among the digests (sha256 -> size); only those of such a size are read."""
    sizes = set(digests.values())
    for outer, _, names in os.walk(folder):
        for path in (Path(outer) / name for name in names):
            stat = path.stat()
            if (stat.st_dev, stat.st_ino) in (inodes or ()) or (stat.st_size in sizes and _sha256(path) in digests):
                yield path


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
