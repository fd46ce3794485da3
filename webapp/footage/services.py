"""Writes of footage: drives, clips and their frames. Uploads have a file of their own, `uploads.py`."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q

from ml.data.hashing import sha256_file
from webapp.accounts.models import User, Workspace, WorkspaceLimits
from webapp.accounts.selectors import limits_of
from webapp.core import storage
from webapp.core.errors import Conflict, DomainError
from webapp.footage.models import Clip, Drive, Frame
from webapp.footage.signals import drive_audited
from webapp.jobs.models import Job
from webapp.jobs.selectors import active_for
from webapp.jobs.services import enqueue
from webapp.registry.models import ModelVersion
from webapp.registry.services import labelling_model
from webapp.taxonomy.models import Taxonomy


def drive_create(*, workspace: Workspace, name: str, taxonomy: Taxonomy | None = None, **fields: Any) -> Drive:
    """A new drive; the workspace's first taxonomy unless one is given.

    Raises:
        Conflict `name_taken`; DomainError `no_taxonomy`, or `invalid` when both or none of the sampling fields are given.
    """
    taxonomy = taxonomy or workspace.taxonomies.order_by("id").first()
    if taxonomy is None:
        raise DomainError("no_taxonomy", "The workspace has no taxonomy yet: install a preset first.")
    drive_name_check(workspace, name)
    if fields.get("sample_every"):
        fields["sample_fps"] = None
    drive = Drive(workspace=workspace, taxonomy=taxonomy, name=name, **fields)
    drive.full_clean(exclude=["label_model"])
    drive.save()
    return drive


def drive_update(drive: Drive, **fields: Any) -> Drive:
    """Change what is said about a drive. Sampling changes count for the clips that come after."""
    if "name" in fields and fields["name"] != drive.name:
        drive_name_check(drive.workspace, fields["name"])
    for field, value in fields.items():
        setattr(drive, field, value)
    if fields.get("sample_every"):
        drive.sample_fps = None
    elif fields.get("sample_fps"):
        drive.sample_every = None
    drive.full_clean()
    drive.save()
    return drive


def drive_name_check(workspace: Workspace, name: str) -> None:
    """Whether a drive may have this name.

    Raises:
        Conflict `name_taken`.
    """
    if Drive.objects.filter(workspace=workspace, name=name).exists():
        raise Conflict(
            "name_taken", f"There is a drive named '{name}' already.", fields={"name": "This name is taken."}
        )


def clip_ingest(*, drive: Drive, path: Path, filename: str, created_by: User | None = None) -> Clip:
    """Take a local file into the store and queue its ingest; the path stays as it is."""
    sha256 = sha256_file(path)
    key = storage.put_file(path, suffix_of(filename), sha256=sha256)
    return clip_register(
        drive=drive, key=key, sha256=sha256, size=path.stat().st_size, filename=filename, by=created_by
    )


@transaction.atomic
def clip_register(
    *, drive: Drive, key: str, sha256: str, size: int, filename: str, by: User | None, **fields: Any
) -> Clip:
    """The clip's row and its ingest job, or a `duplicate` when the drive has these bytes already."""
    Drive.objects.select_for_update().get(id=drive.id)  # two uploads of the same bytes at once: one is the duplicate
    same = Clip.objects.filter(drive=drive, sha256=sha256).exclude(state__in=["duplicate", "failed"]).first()
    state = Clip.State.DUPLICATE if same else Clip.State.UPLOADED
    blur = limits_of(drive.workspace).blur_at_ingest
    kept = "" if same and blur != WorkspaceLimits.Blur.OFF else key
    if not kept:
        transaction.on_commit(lambda: _discard({key}))
    clip = Clip.objects.create(
        drive=drive,
        key=kept,
        sha256=sha256,
        size=size,
        filename=filename,
        state=state,
        duplicate_of=same,
        blur=blur,
        **fields,
    )
    if same is None:
        ingest_enqueue(clip, created_by=by)
    drive_settle(drive)
    return clip


def ingest_enqueue(clip: Clip, *, created_by: User | None = None) -> Job:
    return enqueue(
        Job.Kind.EXTRACT_FRAMES,
        workspace=clip.drive.workspace,
        params={"clip": clip.id, "drive": clip.drive_id},
        title=f"Ingest {clip.filename}",
        created_by=created_by,
    )


@transaction.atomic
def clip_retry(clip: Clip, *, created_by: User) -> Job:
    """Try a failed clip again.

    Raises:
        Conflict `not_failed`, or what `ingest_possible` says.
    """
    if clip.state != Clip.State.FAILED:
        raise Conflict("not_failed", "Only a failed clip can be tried again.")
    ingest_possible(clip)
    Clip.objects.filter(id=clip.id).update(state=Clip.State.UPLOADED, error_code="", error_detail="", problems=[])
    drive_settle(clip.drive)
    return ingest_enqueue(clip, created_by=created_by)


def ingest_possible(clip: Clip) -> None:
    """Whether the clip can (still) become frames.

    Raises:
        Conflict `original_gone`: the file was refused and thrown away. `content_in_drive`: the same bytes came in since.
    """
    if not clip.key:
        raise Conflict("original_gone", "The file was refused and not kept. Upload a sound copy instead.")
    twins = Clip.objects.filter(drive=clip.drive, sha256=clip.sha256).exclude(id=clip.id)
    if twins.exclude(state__in=[Clip.State.DUPLICATE, Clip.State.FAILED]).exists():
        raise Conflict(
            "content_in_drive", f"The drive has the content of '{clip.filename}' by now; nothing is missing."
        )


def ingest_begin(clip: Clip, **facts: Any) -> None:
    """`facts`: kind, width, height, fps, duration_ms as far as they are known."""
    Clip.objects.filter(id=clip.id).update(state=Clip.State.INGESTING, **facts)
    drive_settle(clip.drive)


@transaction.atomic
def frames_record(frames: Iterable[Frame]) -> None:
    """Write a batch of new frames whole. The caller leaves out those that an earlier attempt wrote."""
    Frame.objects.bulk_create(list(frames))


def original_discard(clip: Clip) -> None:
    """Take the bytes out of the store before the row forgets where they lay: a crash in between leaves a row to go on from, never a file.

    What another clip or another workspace came with stays theirs.
    """
    if not _other_names(clip.key, clip):
        storage.remove(clip.key)


@transaction.atomic
def ingest_finish(clip: Clip, *, problems: list[dict[str, str]], blurred_places: int | None = None) -> None:
    """The clip is ready; its new frames wait for the drive's model, if the workspace has one."""
    facts: dict[str, Any] = {} if blurred_places is None else {"blurred_places": blurred_places, "key": ""}
    Clip.objects.filter(id=clip.id).update(state=Clip.State.READY, problems=problems, **facts)
    drive_settle(clip.drive)
    model = clip.drive.label_model or labelling_model(clip.drive.workspace)
    queued = active_for(clip.drive.workspace, drive=clip.drive_id).filter(
        kind=Job.Kind.PRELABEL_FRAMES, state=Job.State.QUEUED
    )
    if model and not queued.exists():
        prelabel_enqueue(clip.drive, model, only_new=True)


def clip_fail(
    clip: Clip, *, code: str, detail: str, problems: list[dict[str, str]] | None = None, keep: bool = False
) -> None:
    """Name what is wrong; leave no frame and, unless `keep`, no file behind."""
    with transaction.atomic():
        gone = list(Frame.objects.filter(clip=clip).values_list("image_key", "thumbnail_key"))
        Frame.objects.filter(clip=clip).delete()
        Clip.objects.filter(id=clip.id).update(
            state=Clip.State.FAILED,
            error_code=code,
            error_detail=detail,
            problems=problems or [],
            key=clip.key if keep else "",
        )
        drive_settle(clip.drive)
        unnamed = {key for pair in gone for key in pair} | (set() if keep else {clip.key})
        transaction.on_commit(lambda: _discard(unnamed))


def prelabel_enqueue(
    drive: Drive, model: ModelVersion, *, only_new: bool = False, created_by: User | None = None, **options: Any
) -> Job:
    """`options`: thresholds, `looks` and `second_model`, as in `PrelabelParamsSerializer`."""
    return enqueue(
        Job.Kind.PRELABEL_FRAMES,
        workspace=drive.workspace,
        params={"drive": drive.id, "model": model.id, "only_new": only_new, **options},
        title=f"Pre-label {drive.name} with {model.name}",
        created_by=created_by,
    )


def drive_settle(drive: Drive) -> None:
    """The drive's state is the sum of its clips'."""
    states = set(Clip.objects.filter(drive=drive).exclude(state=Clip.State.DUPLICATE).values_list("state", flat=True))
    if states & {Clip.State.UPLOADED, Clip.State.INGESTING}:
        state = Drive.State.INGESTING
    elif Clip.State.READY in states:
        state = Drive.State.READY
    else:
        state = Drive.State.FAILED if states else Drive.State.EMPTY
    Drive.objects.filter(id=drive.id).update(state=state)


def drive_tell_when_audited(drive: Drive) -> None:
    """Let those know who wait for it, when no frame of the drive waits for a person any more."""
    if not Frame.objects.filter(drive=drive, state__in=Frame.CLAIMABLE_STATES).exists():
        drive_audited.send(Drive, drive=drive)


def frame_prefix(clip: Clip) -> str:
    """What the clip's frame names begin with: its name made safe, and numbered where the drive has that name already."""
    stem = safe_name(Path(clip.filename).stem)
    # Failed ones count, for they may be tried again. No safe name holds a tilde, so the numbered name is free.
    earlier = Clip.objects.filter(drive=clip.drive, id__lt=clip.id).exclude(state=Clip.State.DUPLICATE)
    taken = any(safe_name(Path(name).stem) == stem for name in earlier.values_list("filename", flat=True))
    return f"{stem}~{clip.id}" if taken else stem


def safe_name(name: str) -> str:
    """Letters of any script, digits, dot, dash and underscore stay, 100 at most; the rest becomes an underscore."""
    return re.sub(r"[^\w.-]+", "_", name).strip("._")[:100] or "clip"


def suffix_of(filename: str) -> str:
    """The name's own ending when it is a plain one; it only helps people, readers look at the bytes."""
    suffix = Path(filename).suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""


def _discard(keys: set[str]) -> None:
    """Remove the files that no row names any more."""
    for key in keys - {""}:
        if not _other_names(key):
            storage.remove(key)


def _other_names(key: str, but: Clip | None = None) -> bool:
    clips = Clip.objects.filter(key=key)
    clips = clips.exclude(id=but.id) if but else clips
    return clips.exists() or Frame.objects.filter(Q(image_key=key) | Q(thumbnail_key=key)).exists()
