"""Writes of datasets: new ones, and versions that are frozen once and for ever."""

import tempfile
from collections.abc import Callable, Iterator, Sequence, Set
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ml.data.hashing import sha256_file
from webapp.accounts.models import User, Workspace
from webapp.audit.bound import audit_bound
from webapp.core import storage
from webapp.core.errors import Conflict, DomainError
from webapp.datasets.card import card_of
from webapp.datasets.manifest import BATCH, ManifestWriter, categories_of, version_frames
from webapp.datasets.models import Dataset, DatasetVersion, VersionDrive
from webapp.datasets.near import near_of
from webapp.datasets.splits import GDDA, PLAIN, TRAIN_PSEUDO
from webapp.explore.slices import slice_named
from webapp.footage.models import Drive, Frame
from webapp.footage.services import safe_name
from webapp.jobs.models import Job
from webapp.jobs.services import enqueue
from webapp.taxonomy.models import Taxonomy

NOTHING_AUDITED = "None of these drives has an audited frame. Audit some first, or include unaudited labels."


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
    slice: int | None = None,
) -> DatasetVersion:
    """A version that a job freezes. Each drive goes to one split, so that neighbouring frames never straddle; of a slice, only what it takes.

    Raises:
        DomainError: `reason_required` (a drive is not certified), `drive_twice`, `wrong_taxonomy`, `nothing_audited`, `unknown_slice`.
    """
    cut = slice_named(dataset.workspace, slice) if slice is not None else None
    cut_by = {"slice_name": cut.name, "asked": cut.asked} if cut else {}
    _check_selection(dataset, drives, include_unaudited=include_unaudited, **cut_by)
    bounds = {drive.id: audit_bound(drive) for drive, _ in drives}
    audited = [bounds[drive.id] for drive, split in drives if split != TRAIN_PSEUDO]  # that one says it is not
    if not override_reason.strip() and not all(_certified(bound) for bound in audited):
        why = "Not every drive here is certified as audited enough. Write why they may be frozen all the same."
        raise DomainError("reason_required", why, fields={"override_reason": why})
    Dataset.objects.select_for_update().get(id=dataset.id)
    number = (dataset.versions.aggregate(n=Max("number"))["n"] or 0) + 1
    version = DatasetVersion.objects.create(
        dataset=dataset,
        number=number,
        include_unaudited=include_unaudited,
        override_reason=override_reason.strip(),
        created_by=created_by,
        **cut_by,
    )
    VersionDrive.objects.bulk_create(
        VersionDrive(version=version, drive=drive, split=split, bound=_drawn(bounds[drive.id]))
        for drive, split in drives
    )
    version.job = enqueue(
        Job.Kind.FREEZE_VERSION,
        workspace=dataset.workspace,
        params={"version": version.id, "dataset": dataset.id},
        title=f"Freeze {version}",
        created_by=created_by,
    )
    version.save(update_fields=["job"])
    return version


def _certified(bound: dict[str, Any]) -> bool:
    """Whether the bound stands by itself, corrected for what the auditors are measured to overlook; else a person has to answer for it.

    Uncorrected, audits of a set right at the target were certified falsely 21 times in 100 at a sensitivity of 80 % (docs/benchmarks.md).
    """
    return bool(bound["certified"])


def _drawn(bound: dict[str, Any]) -> dict[str, Any] | None:
    """Kept with the version; a drive without a sample has none."""
    return bound if bound["sample"] else None


def version_freeze(version: DatasetVersion, on_progress: Callable[[int, int], None]) -> DatasetVersion:
    """Write the manifest and settle the version; doing it again for a frozen one changes nothing.

    Raises:
        DomainError `nothing_audited`: the frames were reopened or excluded since the version was asked for.
    """
    if version.state == DatasetVersion.State.FROZEN:
        return version
    DatasetVersion.objects.filter(id=version.id).update(state=DatasetVersion.State.FREEZING)
    places = sorted(version.version_drives.select_related("drive", "version"), key=lambda place: place.drive.name)
    folders = _folders(places)
    near = near_of(places)
    total = sum(version_frames(place).count() for place in places) - len(near.left_out)
    if not total:
        raise DomainError("nothing_audited", NOTHING_AUDITED)
    categories = categories_of(version)
    with tempfile.TemporaryDirectory() as folder:
        manifest = ManifestWriter(Path(folder), categories)
        for place in places:
            for frames in _batches(place, near.left_out):
                manifest.add(place, frames, folders[place.drive_id])
                on_progress(manifest.frame_count, total)
        digest = manifest.close()
        keys = [
            storage.put_file(path, ".parquet", sha256=sha256_file(path))
            for path in (manifest.frames_path, manifest.boxes_path)
        ]
        version.card = card_of(places, manifest.frames_path, manifest.boxes_path, categories, near.report)
    version.state, version.digest, version.frozen_at = DatasetVersion.State.FROZEN, digest, timezone.now()
    version.frames_key, version.boxes_key = keys
    version.categories = categories
    version.summary = {"frames": manifest.frame_count, "boxes": manifest.box_count, "splits": manifest.splits}
    version.save()
    return version


def version_fail(id: int) -> None:
    """The job that was to freeze it is over; a frozen version stays frozen."""
    versions = DatasetVersion.objects.filter(id=id).exclude(state=DatasetVersion.State.FROZEN)
    versions.update(state=DatasetVersion.State.FAILED)


def _batches(place: VersionDrive, left_out: Set[int]) -> Iterator[list[Frame]]:
    """The drive's frames by their clips' names, and as filmed within a clip. Sorted here: databases differ in how they order text."""
    frames = version_frames(place)
    ordered = sorted(frames.values_list("clip__filename", "clip__sha256", "index", "id"))
    ids = [id for *_, id in ordered if id not in left_out]
    for start in range(0, len(ids), BATCH):
        found = frames.in_bulk(ids[start : start + BATCH])
        yield [found[id] for id in ids[start : start + BATCH]]


def _folders(places: Sequence[VersionDrive]) -> dict[int, str]:
    """The folder of each drive's stills in exports: its name made safe, and numbered where two would share one."""
    folders: dict[int, str] = {}
    for place in places:
        name = safe_name(place.drive.name)
        twins = sum(folder.split("~")[0] == name for folder in folders.values())  # no safe name holds a tilde
        folders[place.drive_id] = f"{name}~{twins + 1}" if twins else name
    return folders


def _check_selection(
    dataset: Dataset, drives: Sequence[tuple[Drive, str]], *, include_unaudited: bool, **cut_by: Any
) -> None:
    if len({drive.id for drive, _ in drives}) < len(drives):
        raise DomainError(
            "drive_twice", "A drive can be in one split only.", fields={"drives": "A drive is named twice."}
        )
    strangers = [drive.name for drive, _ in drives if drive.taxonomy_id != dataset.taxonomy_id]
    if strangers:
        why = f"These drives use another taxonomy than the dataset: {', '.join(strangers)}."
        raise DomainError("wrong_taxonomy", why, fields={"drives": why})
    named = {split for _, split in drives}
    if named & set(PLAIN) and named & set(GDDA):
        why = "Name the splits train, val and test, or TrainGT, TrainPseudo and Test: not some of both."
        raise DomainError("mixed_splits", why, fields={"drives": why})
    unsaved = DatasetVersion(dataset=dataset, include_unaudited=include_unaudited, **cut_by)
    places = (VersionDrive(version=unsaved, drive=drive, split=split) for drive, split in drives)
    if not any(version_frames(place).exists() for place in places):
        raise DomainError("nothing_audited", NOTHING_AUDITED, fields={"drives": NOTHING_AUDITED})
