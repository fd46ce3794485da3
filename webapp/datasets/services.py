"""Writes of datasets: new ones, and versions that are frozen once and for ever."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ml.data.hashing import sha256_file
from webapp.accounts.models import User, Workspace
from webapp.core import storage
from webapp.core.errors import Conflict, DomainError
from webapp.datasets.manifest import BATCH, ManifestWriter, categories_of, version_frames
from webapp.datasets.models import Dataset, DatasetVersion, VersionDrive
from webapp.footage.models import Drive, Frame
from webapp.jobs.models import Job
from webapp.jobs.services import enqueue
from webapp.taxonomy.models import Taxonomy

SPLITS = ("train", "val", "test")


def dataset_create(
    *, workspace: Workspace, name: str, description: str = "", taxonomy: Taxonomy | None = None
) -> Dataset:
    taxonomy = taxonomy or workspace.taxonomies.order_by("id").first()
    if taxonomy is None:
        raise DomainError("no_taxonomy", "The workspace has no taxonomy yet: install a preset first.")
    if Dataset.objects.filter(workspace=workspace, name=name).exists():
        raise Conflict(
            "name_taken", f"There is a dataset named '{name}' already.", fields={"name": "This name is taken."}
        )
    return Dataset.objects.create(workspace=workspace, name=name, description=description, taxonomy=taxonomy)


@transaction.atomic
def version_create(
    *,
    dataset: Dataset,
    drives: Sequence[tuple[Drive, str]],
    include_unaudited: bool,
    override_reason: str,
    created_by: User,
) -> DatasetVersion:
    """A version that a job freezes. Each drive goes to one split, so that neighbouring frames never straddle.

    Raises:
        DomainError: `reason_required`, `drive_twice`, `wrong_taxonomy`, `nothing_audited`.
    """
    _check_selection(dataset, drives, include_unaudited=include_unaudited)
    if not override_reason.strip():
        why = "These labels carry no bound on their error yet. Write why they may be frozen without one."
        raise DomainError("reason_required", why, fields={"override_reason": why})
    Dataset.objects.select_for_update().get(id=dataset.id)
    number = (dataset.versions.aggregate(n=Max("number"))["n"] or 0) + 1
    version = DatasetVersion.objects.create(
        dataset=dataset,
        number=number,
        include_unaudited=include_unaudited,
        override_reason=override_reason.strip(),
        created_by=created_by,
    )
    VersionDrive.objects.bulk_create(VersionDrive(version=version, drive=drive, split=split) for drive, split in drives)
    enqueue(
        Job.Kind.FREEZE_VERSION,
        workspace=dataset.workspace,
        params={"version": version.id, "dataset": dataset.id},
        title=f"Freeze {version}",
        created_by=created_by,
    )
    return version


def version_freeze(version: DatasetVersion, on_progress: Callable[[int, int], None]) -> DatasetVersion:
    """Write the manifest and settle the version; doing it again for a frozen one changes nothing."""
    if version.state == DatasetVersion.State.FROZEN:
        return version
    places = list(version.version_drives.select_related("drive", "version").order_by("drive__name"))
    total = sum(version_frames(place).count() for place in places)
    categories = categories_of(version)
    with tempfile.TemporaryDirectory() as folder:
        manifest = ManifestWriter(Path(folder), categories)
        for place in places:
            for frames in _batches(place):
                manifest.add(place, frames)
                on_progress(manifest.frame_count, total)
        digest = manifest.close()
        keys = [
            storage.put_file(path, ".parquet", sha256=sha256_file(path))
            for path in (manifest.frames_path, manifest.boxes_path)
        ]
    version.state, version.digest, version.frozen_at = DatasetVersion.State.FROZEN, digest, timezone.now()
    version.frames_key, version.boxes_key = keys
    version.categories = categories
    version.summary = {"frames": manifest.frame_count, "boxes": manifest.box_count, "splits": manifest.splits}
    version.save()
    return version


def version_fail(version: DatasetVersion) -> None:
    DatasetVersion.objects.filter(id=version.id).exclude(state=DatasetVersion.State.FROZEN).update(
        state=DatasetVersion.State.FAILED
    )


def _batches(place: VersionDrive) -> Any:
    frames = version_frames(place)
    ids = list(frames.values_list("id", flat=True))
    for start in range(0, len(ids), BATCH):
        found = frames.in_bulk(ids[start : start + BATCH])
        yield [found[id] for id in ids[start : start + BATCH]]


def _check_selection(dataset: Dataset, drives: Sequence[tuple[Drive, str]], *, include_unaudited: bool) -> None:
    if len({drive.id for drive, _ in drives}) < len(drives):
        raise DomainError(
            "drive_twice", "A drive can be in one split only.", fields={"drives": "A drive is named twice."}
        )
    strangers = [drive.name for drive, _ in drives if drive.taxonomy_id != dataset.taxonomy_id]
    if strangers:
        why = f"These drives use another taxonomy than the dataset: {', '.join(strangers)}."
        raise DomainError("wrong_taxonomy", why, fields={"drives": why})
    frames = Frame.objects.filter(drive__in=[drive for drive, _ in drives]).exclude(state=Frame.State.EXCLUDED)
    if not include_unaudited:
        frames = frames.filter(state=Frame.State.AUDITED)
    if not frames.exists():
        why = "None of these drives has an audited frame. Audit some first, or include unaudited labels."
        raise DomainError("nothing_audited", why, fields={"drives": why})
