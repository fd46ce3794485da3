"""Writes of Explore: saved questions, and the vectors by which likeness is found."""

from typing import Any

from django.db import transaction

from webapp.accounts.models import User, Workspace
from webapp.core import storage
from webapp.core.errors import Conflict
from webapp.explore.asked import Asked
from webapp.explore.features import MODEL, Made, Stretch, mean_of, packed
from webapp.explore.models import FeaturePart, Slice
from webapp.footage.models import Drive
from webapp.jobs.models import Job
from webapp.jobs.selectors import active_for
from webapp.jobs.services import enqueue


def slice_create(*, workspace: Workspace, name: str, asked: Asked, created_by: User) -> Slice:
    """Raises: Conflict `name_taken`."""
    if Slice.objects.filter(workspace=workspace, name=name).exists():
        why = f"There is a slice named '{name}' already."
        raise Conflict("name_taken", why, fields={"name": "This name is taken."})
    return Slice.objects.create(workspace=workspace, name=name, asked=asked.values(), created_by=created_by)


def slice_delete(found: Slice) -> None:
    """What was made of it keeps its question."""
    found.delete()


def features_enqueue(workspace: Workspace, drives: list[Drive], *, created_by: User | None) -> list[Job]:
    """A job for each drive that has none at work."""
    busy = {job.params.get("drive") for job in active_for(workspace, drive__in=[drive.id for drive in drives]) if job.kind == Job.Kind.INDEX_FEATURES}  # fmt: skip
    return [
        enqueue(
            Job.Kind.INDEX_FEATURES,
            workspace=workspace,
            params={"drive": drive.id},
            title=f"Find what looks alike in {drive}"[:200],
            created_by=created_by,
        )
        for drive in drives
        if drive.id not in busy
    ]


def part_record(drive: Drive, stretch: Stretch, made: Made) -> FeaturePart:
    """The vectors of a stretch, in place of those that it had."""
    key = storage.put_bytes(packed(made), ".npz")
    values: dict[str, Any] = {
        "last_frame": stretch.frames[-1],
        "frames": len(stretch.frames),
        "labels": stretch.labels,
        "newest_label": stretch.newest_label,
        "frame_mean": mean_of(made.frame_vectors),
        "label_mean": mean_of(made.label_vectors),
        "key": key,
    }
    with transaction.atomic():
        of = FeaturePart.objects.filter(drive=drive, model=MODEL, first_frame=stretch.frames[0])
        old = of.values_list("key", flat=True).first()
        part, _ = FeaturePart.objects.update_or_create(
            drive=drive, model=MODEL, first_frame=stretch.frames[0], defaults=values
        )
    if old and old != key and not FeaturePart.objects.filter(key=old).exists():
        storage.remove(old)
    return part
