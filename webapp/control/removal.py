"""Footage is taken away: asked for, found with all its copies, removed clip after clip, and looked for again."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from webapp.accounts.models import User, Workspace, WorkspaceLimits
from webapp.control.acts import act_record
from webapp.control.copies import Copies, copies_of, digest_in, packages_of, same_bytes
from webapp.control.models import FootageRemoval
from webapp.core import storage
from webapp.core.errors import Conflict
from webapp.datasets.models import DatasetVersion, VersionDrive
from webapp.exchange.models import LabelImport, VersionExport
from webapp.explore.models import FeaturePart
from webapp.fleet.models import Release
from webapp.footage.models import Clip, Drive, Frame, Upload
from webapp.footage.services import drive_settle
from webapp.footage.uploads import upload_terminate
from webapp.jobs.models import Job
from webapp.jobs.selectors import active_for
from webapp.jobs.services import enqueue
from webapp.labels.models import Box, BoxEvent

CHUNK = 500
DAY = timedelta(days=1)
# Where no server reaches: the report says so rather than claim it.
BEYOND = ("browser_caches", "downloads", "backups", "devices", "trained_models")
Progress = Callable[[int, int], None]
Keep = Callable[[dict[str, Any]], None]


@transaction.atomic
def removal_request(
    *,
    workspace: Workspace,
    why: str,
    by: User | None,
    drive: Drive | None = None,
    days: int | None = None,
    note: str = "",
    dry_run: bool = True,
    even_in_versions: bool = False,
) -> FootageRemoval:
    """A job finds the copies, and removes them unless this is a dry run.

    Raises:
        Conflict `in_versions`: frozen versions have the drive, and it was not said that their pictures may go.
    """
    versions = versions_with(drive) if drive else []
    if versions and not (dry_run or even_in_versions):
        told = ", ".join(map(str, versions))
        raise Conflict("in_versions", f"These versions have frames of this drive: {told}.", extra={"versions": told})
    one = FootageRemoval.objects.create(
        workspace=workspace,
        why=why,
        drive=drive,
        days=days,
        note=note,
        dry_run=dry_run,
        even_in_versions=even_in_versions,
        requested_by=by,
    )
    about = drive.name if drive else f"footage older than {days} days"
    one.job = enqueue(
        Job.Kind.REMOVE_FOOTAGE,
        workspace=workspace,
        params={"removal": one.id},
        title=f"{'Find' if dry_run else 'Remove'} {about}",
        created_by=by,
    )
    one.save(update_fields=["job"])
    asked = {"why": why, "days": days, "note": note, "dry_run": dry_run, "even_in_versions": even_in_versions}
    act_record("footage.removal_asked", about, workspace=workspace, actor=by, after=asked)
    return one


def clips_to_remove(one: FootageRemoval) -> QuerySet[Clip]:
    """A request names its drive; age spares every drive that a version has."""
    clips = Clip.objects.filter(drive__workspace=one.workspace).select_related("drive", "upload").order_by("id")
    if one.why == FootageRemoval.Why.REQUEST:
        return clips.filter(drive=one.drive)
    spared = VersionDrive.objects.exclude(version__state=DatasetVersion.State.FAILED).values("drive")
    return clips.filter(created_at__lt=one.created_at - timedelta(days=one.days or 0)).exclude(drive__in=spared)


def versions_with(drive: Drive) -> list[DatasetVersion]:
    """Those that froze frames of the drive, or are about to."""
    named = VersionDrive.objects.filter(drive=drive).values("version")
    kept = DatasetVersion.objects.filter(id__in=named).exclude(state=DatasetVersion.State.FAILED)
    return list(kept.select_related("dataset").order_by("id"))


def removal_run(one: FootageRemoval, checkpoint: dict[str, Any], keep: Keep, on_progress: Progress) -> dict[str, Any]:
    """The report. `keep` stores what a later attempt must know of the clip at hand: its rows may be gone by then."""
    state = checkpoint or {"copies": {}, "rows": {}, "bytes": 0, "digests": {}}
    state.setdefault("releases", [])
    state.setdefault("files", [])
    _drop(state.get("at_hand", {}))
    _unfinished(one, state)
    clips = list(clips_to_remove(one))
    for done, clip in enumerate(clips):
        on_progress(done, len(clips))
        found = copies_of([clip])
        _count(state, clip, found)
        state["releases"] = sorted({*state["releases"], *_releases(one.workspace, found)})
        if not one.dry_run:
            state["at_hand"] = {"keys": sorted(found.all_keys()), "files": sorted(map(str, _files(found)))}
            keep(state)
            _forget(clip)
            _drop(state.pop("at_hand"))
            keep(state)
    on_progress(len(clips), len(clips))
    report = {name: state[name] for name in ("copies", "rows", "bytes")} | {"dry_run": one.dry_run}
    if one.drive:
        report["versions"] = [str(version) for version in versions_with(one.drive)]
    if state["releases"]:
        report["releases"] = state["releases"]
    if not one.dry_run:
        report["proof"] = _proof(one, state["digests"])
    one.report = report
    one.save(update_fields=["report", "updated_at"])
    return report


def retention_tick() -> dict[str, int]:
    """For the upkeep: once a day, where a workspace's limit says so."""
    asked = 0
    for limits in WorkspaceLimits.objects.filter(retention_days__isnull=False).select_related("workspace"):
        recent = FootageRemoval.objects.filter(
            workspace=limits.workspace, why=FootageRemoval.Why.RETENTION, dry_run=False
        ).filter(created_at__gt=timezone.now() - DAY)
        busy = active_for(limits.workspace).filter(kind=Job.Kind.REMOVE_FOOTAGE)
        if not recent.exists() and not busy.exists():
            removal_request(
                workspace=limits.workspace, why="retention", by=None, days=limits.retention_days, dry_run=False
            )
            asked += 1
    return {"removals": asked}


def _unfinished(one: FootageRemoval, state: dict[str, Any]) -> None:
    """What is still on its way into the drive is footage of it too, and belongs to no clip yet."""
    for upload in Upload.objects.filter(drive=one.drive, state=Upload.State.OPEN) if one.drive else ():
        state["copies"]["unfinished uploads"] = state["copies"].get("unfinished uploads", 0) + 1
        if not one.dry_run:
            with suppress(Conflict):  # it came to its end just now, as a clip that is found below
                upload_terminate(upload)
                upload.delete()


def _count(state: dict[str, Any], clip: Clip, found: Copies) -> None:
    for place, count in found.without(state["digests"], state["files"]).counts().items():
        state["copies"][place] = state["copies"].get(place, 0) + count
    state["files"] = sorted({*state["files"], *map(str, _files(found))})
    frames = Frame.objects.filter(clip=clip)
    rows = {"clips": 1, "frames": frames.count(), "boxes": Box.rows.filter(frame__in=frames).count()}
    for name, count in rows.items():
        state["rows"][name] = state["rows"].get(name, 0) + count
    for key in found.all_keys():
        if (size := storage.size_of(key)) is not None:
            state["digests"][digest_in(key)] = size
    state["bytes"] = sum(state["digests"].values())


def _releases(workspace: Workspace, found: Copies) -> list[str]:
    """Those made of a package that goes: devices that have it keep it, nobody gets it any more."""
    keys = found.keys["packages for devices"]
    return list(Release.objects.filter(workspace=workspace, key__in=keys).values_list("version", flat=True))


def _forget(clip: Clip) -> None:
    """The rows, a chunk at a time; with a frame go its boxes, decisions and comments."""
    frames = Frame.objects.filter(clip=clip)
    while ids := list(frames.values_list("id", flat=True)[:CHUNK]):
        with transaction.atomic():
            BoxEvent.rows.filter(frame__in=ids, undo_of__isnull=False).update(undo_of=None)  # it protects what it names
            Frame.objects.filter(id__in=ids).delete()
    with transaction.atomic():
        LabelImport.objects.filter(drive=clip.drive_id).delete()
        FeaturePart.objects.filter(drive=clip.drive_id).delete()
        versions = VersionDrive.objects.filter(drive=clip.drive_id).values("version")
        VersionExport.objects.filter(version__in=versions, with_pictures=True).delete()
        packages_of({clip.drive_id}).update(archive_key="", size=None)
        upload = clip.upload_id
        clip.delete()
        if upload:
            Upload.objects.filter(id=upload).delete()
        drive_settle(clip.drive)


def _drop(at_hand: dict[str, list[str]]) -> None:
    """Content lies in the store once: what another row still names stays."""
    for key in at_hand.get("keys", []):
        if not _named(key):
            storage.remove(key)
    for path in at_hand.get("files", []):
        Path(path).unlink(missing_ok=True)


def _named(key: str) -> bool:
    return (
        Frame.objects.filter(Q(image_key=key) | Q(thumbnail_key=key)).exists()
        or Clip.objects.filter(key=key).exists()
        or LabelImport.objects.filter(key=key).exists()
        or VersionExport.objects.filter(key=key).exists()
        or FeaturePart.objects.filter(key=key).exists()
    )


def _files(found: Copies) -> set[Path]:
    return set().union(*found.files.values())


def _proof(one: FootageRemoval, digests: dict[str, int]) -> dict[str, Any]:
    """Looked for anew: rows of the clips, keys of the store by their hash, and files elsewhere with the same bytes."""
    left = [str(path.name) for root in _elsewhere() for path in same_bytes(digests, root)]
    stored = {digest for digest in digests if storage.has_digest(digest)}
    rows = clips_to_remove(one).count()
    return {
        "looked_for": len(digests),
        "still_stored": len(stored),
        "still_elsewhere": len(left),
        "rows_left": rows,
        "gone": not (stored or left or rows),
        "at": timezone.now().isoformat(),
        "beyond": list(BEYOND),
    }


def _elsewhere() -> list[Path]:
    return [Path(settings.UPLOADS_ROOT), Path(settings.RUNS_ROOT)]
