"""Resumable uploads: the server side of tus 1.0 (core, creation, checksum, termination, expiration), without HTTP.

The bytes lie in `UPLOADS_ROOT/<id>`. What counts as received is on disk (fsync) before it is acknowledged, and the last chunk counts only
together with the clip that it completes, so an upload goes on after any crash.
"""

import base64
import errno
import fcntl
import hashlib
import hmac
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from ml.data.hashing import sha256_file
from ml.data.limits import DEFAULT_LIMITS
from webapp.accounts.models import User, Workspace
from webapp.accounts.selectors import limits_of
from webapp.core import storage
from webapp.core.errors import Conflict, DomainError
from webapp.footage.models import Clip, Drive, Upload
from webapp.footage.selectors import originals_bytes
from webapp.footage.services import clip_register, suffix_of
from webapp.footage.signals import labels_uploaded

EXPIRES_AFTER = timedelta(days=3)
BLOCK = 2**18
CHECKSUMS = ("sha256", "sha1")


@transaction.atomic
def upload_create(
    *,
    drive: Drive,
    filename: str,
    size: int,
    sha256: str,
    created_by: User,
    purpose: str = Upload.Purpose.FOOTAGE,
) -> Upload:
    """An open upload of `size` bytes.

    Raises:
        DomainError: `bad_purpose`, `empty_file`, `file_too_large` (413), `quota_full` (413), `bad_filename`, `bad_checksum`.
    """
    if not filename or len(filename) > 255 or "\0" in filename:
        raise DomainError("bad_filename", "Name the file in Upload-Metadata, in at most 255 characters.")
    if purpose not in Upload.Purpose.values:
        raise DomainError("bad_purpose", f"An upload is for {' or '.join(Upload.Purpose.values)}, not '{purpose}'.")
    if size <= 0:
        raise DomainError("empty_file", f"'{filename}' is empty: there is nothing to upload.")
    if size > DEFAULT_LIMITS.max_file_bytes:
        limit = DEFAULT_LIMITS.max_file_bytes / 2**30
        raise DomainError("file_too_large", f"'{filename}' is larger than the limit of {limit:.0f} GiB.", status=413)
    _quota_check(drive, filename, size)
    if sha256 and (len(sha256) != 64 or set(sha256) - set("0123456789abcdef")):
        raise DomainError("bad_checksum", "The stated sha256 must be 64 lower-case hexadecimal digits.")
    upload = Upload.objects.create(
        drive=drive,
        filename=filename,
        size=size,
        sha256=sha256,
        created_by=created_by,
        purpose=purpose,
        expires_at=timezone.now() + EXPIRES_AFTER,
    )
    part_path(upload).parent.mkdir(parents=True, exist_ok=True)
    part_path(upload).touch()
    return upload


def _quota_check(drive: Drive, filename: str, size: int) -> None:
    """What this workspace allows itself, uploads under way included. The limits stay locked until this one is under way too."""
    limits = limits_of(drive.workspace, lock=True)
    if limits.max_upload_bytes and size > limits.max_upload_bytes:
        most = limits.max_upload_bytes / 2**20
        raise DomainError("file_too_large", f"'{filename}' is larger than {most:,.0f} MiB, the limit here.", status=413)
    if limits.max_store_bytes and _bytes_taken(drive.workspace) + size > limits.max_store_bytes:
        most = limits.max_store_bytes / 2**30
        why = f"With '{filename}' this workspace would hold more than its {most:,.1f} GiB. Remove drives, end uploads that nobody goes on with, or ask for more."
        raise DomainError("quota_full", why, status=413)


def _bytes_taken(workspace: Workspace) -> int:
    under_way = Upload.objects.filter(drive__workspace=workspace, state=Upload.State.OPEN).aggregate(n=Sum("size"))["n"]
    return originals_bytes(workspace) + int(under_way or 0)


def upload_append(upload: Upload, *, offset: int, body: BinaryIO, length: int | None, checksum: str = "") -> Upload:
    """Append a chunk. What arrived before a broken connection counts, unless a checksum was to hold for the whole chunk.

    Raises:
        Conflict `offset_mismatch` or `upload_busy`; DomainError `checksum_mismatch` (460), `too_many_bytes` (413), `upload_gone` (410),
            `storage_full` (507).
    """
    with _locked(upload) as part:
        if upload.state != Upload.State.OPEN:
            raise DomainError("upload_gone", "This upload has ended.", status=410)
        if offset != offset_of(upload):
            raise Conflict("offset_mismatch", f"The upload stands at byte {offset_of(upload)}, not {offset}.")
        if length is not None and offset + length > upload.size:
            raise DomainError("too_many_bytes", f"The file was declared with {upload.size} bytes.", status=413)
        with _room_or_named():
            part.seek(offset)
            part.truncate()
            received = _receive(part, body, upload.size - offset, checksum)
            part.flush()
            os.fsync(part.fileno())
            if offset + received == upload.size:
                _complete(upload)
                return upload
        upload.offset = offset + received
        upload.expires_at = timezone.now() + EXPIRES_AFTER
        upload.save(update_fields=["offset", "expires_at"])
    return upload


def offset_of(upload: Upload) -> int:
    """How many bytes are safe. The file has the last word: a disk that lost its tail is sent it again."""
    if upload.state != Upload.State.OPEN:
        return upload.offset
    path = part_path(upload)
    return min(upload.offset, path.stat().st_size if path.exists() else 0)


def upload_terminate(upload: Upload, *, state: str = Upload.State.TERMINATED) -> None:
    """End an unfinished upload and remove its bytes."""
    with _locked(upload):
        if upload.state == Upload.State.COMPLETE:
            raise Conflict("upload_complete", "The upload is complete; remove the clip instead.")
        upload.state = state
        upload.save(update_fields=["state"])


def expire_uploads() -> int:
    """Remove what nobody went on with; how many there were."""
    ended = 0
    for upload in Upload.objects.filter(state=Upload.State.OPEN, expires_at__lt=timezone.now())[:500]:
        with suppress(Conflict):  # somebody writes to it just now: it lives on
            upload_terminate(upload, state=Upload.State.EXPIRED)
            ended += 1
    return ended


def part_path(upload: Upload) -> Path:
    return Path(settings.UPLOADS_ROOT) / str(upload.id)


def _complete(upload: Upload) -> None:
    """Check the whole, move it to the store, and make clip and job in one transaction."""
    part = part_path(upload)
    sha256 = sha256_file(part)
    if upload.sha256 and not hmac.compare_digest(upload.sha256, sha256):
        upload.state = Upload.State.TERMINATED
        upload.save(update_fields=["state"])
        raise DomainError(
            "checksum_mismatch", "The file that arrived is not the one that was announced. Upload it again.", status=460
        )
    key = storage.put_file(part, suffix_of(upload.filename), sha256=sha256)
    with transaction.atomic():
        Upload.objects.filter(id=upload.id).update(state=Upload.State.COMPLETE, offset=upload.size)
        _hand_on(upload, key, sha256)
    upload.refresh_from_db()  # only now: the part is removed by the state that the row really has


def _hand_on(upload: Upload, key: str, sha256: str) -> None:
    """Footage becomes a clip; labels go to whoever waits for them."""
    if upload.purpose == Upload.Purpose.LABELS:
        labels_uploaded.send(Upload, upload=upload, key=key, size=upload.size)
        return
    clip_register(
        drive=upload.drive,
        key=key,
        sha256=sha256,
        size=upload.size,
        filename=upload.filename,
        by=upload.created_by,
        upload=upload,
    )


def clip_of(upload: Upload) -> Clip | None:
    return Clip.objects.filter(upload=upload).first()


def _receive(part: BinaryIO, body: BinaryIO, room: int, checksum: str) -> int:
    algorithm, expected = _parsed(checksum)
    digest = hashlib.new(algorithm or "sha256")
    received = 0
    while received < room:
        try:
            block = body.read(min(BLOCK, room - received))
        except OSError:  # the sender's line broke: what came counts, and it goes on from there
            break
        if not block:
            break
        part.write(block)
        digest.update(block)
        received += len(block)
    if algorithm and not hmac.compare_digest(digest.digest(), expected):
        part.truncate(part.tell() - received)
        raise DomainError("checksum_mismatch", "The chunk arrived damaged; send it again.", status=460)
    return received


def _parsed(checksum: str) -> tuple[str, bytes]:
    if not checksum:
        return "", b""
    algorithm, _, value = checksum.partition(" ")
    if algorithm not in CHECKSUMS:
        raise DomainError("unsupported_checksum", f"Use one of: {', '.join(CHECKSUMS)}.")
    try:
        return algorithm, base64.b64decode(value, validate=True)
    except ValueError:
        raise DomainError("unsupported_checksum", "Upload-Checksum must be '<algorithm> <base64>'.") from None


@contextmanager
def _locked(upload: Upload) -> Iterator[BinaryIO]:
    """The part file, for one writer at a time across all processes of this machine; the row is read again under the lock.

    Raises:
        Conflict `upload_busy`: another request is writing.
    """
    path = part_path(upload)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("r+b" if path.exists() else "w+b") as part:
        try:
            fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict("upload_busy", "Another request is writing to this upload; try again.", status=423) from None
        upload.refresh_from_db()
        try:
            yield part
        finally:
            if upload.state != Upload.State.OPEN:
                path.unlink(missing_ok=True)


@contextmanager
def _room_or_named() -> Iterator[None]:
    """A full disk is an answer, not a crash: the bytes that were acknowledged stay, the rest can be sent later."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise DomainError(
            "storage_full", "The server's disk is full. Make room, then go on: nothing is lost.", status=507
        ) from error
