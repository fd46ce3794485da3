"""Frames from devices: begun by their key, received in parts, and once whole a frame of the device's drive of that day.

What is not whole leaves nothing. A repeated key, part or end changes nothing. The bytes lie in `UPLOADS_ROOT/fleet/<id>` until they count.
"""

import errno
import fcntl
import hashlib
import hmac
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from ml.data.hashing import perceptual_hash
from ml.data.images import thumbnail
from webapp.core import storage
from webapp.core.errors import Conflict, DomainError
from webapp.fleet.models import Device, TriggerCampaign, Uplink
from webapp.fleet.services import own_key
from webapp.footage.models import Clip, Drive, Frame
from webapp.footage.services import frames_record, prelabel_enqueue
from webapp.jobs.models import Job
from webapp.jobs.selectors import active_for
from webapp.registry.services import labelling_model

LARGEST = 8_000_000
MAX_PIXELS = 16_000_000
LABELLED_WITHIN = timedelta(minutes=10)
EXPIRES_AFTER = timedelta(days=3)
BLOCK = 2**18


def uplink_begin(device: Device, key: str, *, size: int, sha256: str, **said: Any) -> Uplink:
    """The uplink of this key, new or known.

    Raises:
        DomainError `key_reused` (422): the key came before with another picture. Forbidden `not_this_device`.
    """
    whole_key = own_key(device, key)
    if campaign := said.pop("campaign", ""):
        known = (
            TriggerCampaign.objects.filter(workspace=device.workspace, id=int(campaign))
            if campaign.isdecimal()
            else None
        )
        said["campaign"] = known.first() if known is not None else None
    if alarm := said.pop("alarm", ""):
        said["alarm_key"] = own_key(device, alarm)
    try:
        with transaction.atomic():
            uplink = Uplink.objects.create(device=device, key=whole_key, size=size, sha256=sha256, **said)
    except IntegrityError:
        uplink = Uplink.objects.get(device=device, key=whole_key)
        if (uplink.size, uplink.sha256) != (size, sha256):
            raise DomainError("key_reused", "This key came with another picture before.", status=422) from None
        if uplink.state == Uplink.State.EXPIRED:
            Uplink.objects.filter(id=uplink.id).update(state=Uplink.State.OPEN, offset=0, created_at=timezone.now())
            uplink.refresh_from_db()
    return uplink


def uplink_append(device: Device, key: str, *, offset: int, body: BinaryIO) -> Uplink:
    """Add a part; the last one makes the frame.

    Raises:
        DomainError: `unknown_uplink` (404), `uplink_gone` (410), `checksum_mismatch` or `not_a_picture` (422); Conflict `offset_mismatch`.
    """
    uplink = Uplink.objects.filter(device=device, key=own_key(device, key)).select_related("device__workspace").first()
    if uplink is None:
        raise DomainError("unknown_uplink", "Nothing of that key was begun.", status=404)
    with _part(uplink) as part:
        uplink.refresh_from_db()
        if uplink.state in (Uplink.State.RECEIVED, Uplink.State.LABELLED):
            return uplink
        if uplink.state != Uplink.State.OPEN:
            raise DomainError("uplink_gone", f"This uplink is {uplink.state}.", status=410)
        stands = min(uplink.offset, os.fstat(part.fileno()).st_size)
        if offset != stands:
            raise Conflict("offset_mismatch", f"The uplink stands at byte {stands}.", extra={"offset": stands})
        _receive(uplink, part, body, stands)
    return uplink


def _receive(uplink: Uplink, part: BinaryIO, body: BinaryIO, offset: int) -> None:
    part.seek(offset)
    part.truncate()
    while offset < uplink.size:
        try:
            block = body.read(min(BLOCK, uplink.size - offset))
        except OSError:  # the line broke: what came counts
            break
        if not block:
            break
        part.write(block)
        offset += len(block)
    part.flush()
    os.fsync(part.fileno())
    if offset < uplink.size:
        uplink.offset = offset
        uplink.save(update_fields=["offset"])
        return
    part.seek(0)
    _complete(uplink, part.read())


def _complete(uplink: Uplink, data: bytes) -> None:
    """Check the whole; then picture, frame and state in one transaction."""
    if not hmac.compare_digest(hashlib.sha256(data).hexdigest(), uplink.sha256):
        _refuse(uplink)
        raise DomainError(
            "checksum_mismatch", "The picture that arrived is not the one that was announced.", status=422
        )
    image = _decoded(uplink, data)
    key = storage.put_bytes(data, ".jpg")
    thumb = storage.put_bytes(thumbnail(image), ".thumb.jpg")
    with transaction.atomic():
        clip = day_clip(uplink.device, uplink.at.strftime("%Y-%m-%d"))
        frame = Frame(
            workspace_id=clip.drive.workspace_id, drive=clip.drive, clip=clip, index=uplink.id,
            time_ms=_ms_of_day(uplink), name=f"{uplink.at:%H%M%S}_{uplink.id:08d}.jpg", sha256=uplink.sha256,
            phash=perceptual_hash(image), width=image.width, height=image.height, image_key=key, thumbnail_key=thumb,
            scene=_scene(uplink),
        )  # fmt: skip
        frames_record([frame])
        now = timezone.now()
        Uplink.objects.filter(id=uplink.id).update(
            state=Uplink.State.RECEIVED, offset=uplink.size, frame=frame, received_at=now, due_at=now + LABELLED_WITHIN
        )
        label_soon(clip.drive)
    uplink.refresh_from_db()
    _campaign_full(uplink)


def _campaign_full(uplink: Uplink) -> None:
    """A campaign that has what it asked for ends by itself."""
    from webapp.fleet.services import campaign_move

    campaign = uplink.campaign
    if campaign is None or campaign.state != TriggerCampaign.State.RUNNING:
        return
    if campaign.uplinks.filter(frame__isnull=False).count() >= campaign.rule["total"]:
        campaign_move(campaign, TriggerCampaign.State.ENDED)


def label_soon(drive: Drive) -> None:
    """One job at a time takes all new frames of the drive: two would label the same. What comes while it runs is next (receivers.py)."""
    model = drive.label_model or labelling_model(drive.workspace)
    if model and not active_for(drive.workspace, drive=drive.id).filter(kind=Job.Kind.PRELABEL_FRAMES).exists():
        prelabel_enqueue(drive, model, only_new=True)


def day_clip(device: Device, day: str) -> Clip:
    """The device's drive of a day; it has one clip without an original, whose frames are numbered by their uplinks.

    Raises:
        DomainError `no_taxonomy`: the workspace has none, so no drive can be made; the device keeps its frames and comes again.
    """
    taxonomy = device.workspace.taxonomies.order_by("id").first()
    if taxonomy is None:
        raise DomainError("no_taxonomy", "The workspace has no taxonomy yet.", status=503)
    drive, _ = Drive.objects.get_or_create(
        workspace=device.workspace,
        name=f"{device.name} {day}",
        defaults={"taxonomy": taxonomy, "vehicle": device.vehicle or device.name, "state": Drive.State.READY},
    )
    sha256 = hashlib.sha256(f"uplinks of {device.id} on {day}".encode()).hexdigest()
    clip, _ = Clip.objects.get_or_create(
        drive=drive,
        sha256=sha256,
        defaults={"filename": "uplinks", "kind": Clip.Kind.ARCHIVE, "state": Clip.State.READY, "key": "", "size": 0},
    )
    return clip


def uplinks_tick() -> dict[str, int]:
    """Forget what was left half-sent; label again what is late."""
    now = timezone.now()
    expired = 0
    for uplink in Uplink.objects.filter(state=Uplink.State.OPEN, created_at__lt=now - EXPIRES_AFTER)[:500]:
        _refuse(uplink, Uplink.State.EXPIRED)
        expired += 1
    late = Uplink.objects.filter(state=Uplink.State.RECEIVED, due_at__lt=now, frame__state=Frame.State.NEW)
    drives = Drive.objects.filter(id__in=late.values("frame__drive")).select_related("workspace", "label_model")
    for drive in drives:
        if not active_for(drive.workspace, drive=drive.id).filter(kind=Job.Kind.PRELABEL_FRAMES).exists():
            label_soon(drive)
    return {"expired_uplinks": expired}


def _refuse(uplink: Uplink, state: str = Uplink.State.REFUSED) -> None:
    Uplink.objects.filter(id=uplink.id, state=Uplink.State.OPEN).update(state=state, offset=0)
    part_path(uplink).unlink(missing_ok=True)


def _decoded(uplink: Uplink, data: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ValueError("too many pixels")
            image.load()
            return image.convert("RGB")
    except Exception as error:  # Pillow's decoders raise a dozen kinds on foreign bytes
        _refuse(uplink)
        raise DomainError("not_a_picture", "These bytes are no JPEG.", status=422) from error


def _scene(uplink: Uplink) -> dict[str, str]:
    """In the words that rendered and imported drives have: the desk filters by them."""
    labels = uplink.body.get("scene") or {}
    weather = next((name for name in ("fog", "rain", "glare") if name in labels), "")
    return {"time_of_day": "night" if "night" in labels else "day"} | ({"weather": weather} if weather else {})


def _ms_of_day(uplink: Uplink) -> float:
    at = uplink.at
    return ((at.hour * 60 + at.minute) * 60 + at.second) * 1000 + at.microsecond / 1000


def part_path(uplink: Uplink) -> Path:
    return Path(settings.UPLOADS_ROOT) / "fleet" / str(uplink.id)


@contextmanager
def _part(uplink: Uplink) -> Iterator[BinaryIO]:
    """The part file, for one writer at a time; gone once the row says that nothing more is wanted.

    Raises:
        Conflict `uplink_busy` (423): another request is writing.
    """
    path = part_path(uplink)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EAGAIN):
                raise
            raise Conflict("uplink_busy", "Another request is writing to this uplink.", status=423) from None
        with path.open("r+b") as part:
            try:
                yield part
            finally:
                if uplink.state != Uplink.State.OPEN:
                    with suppress(FileNotFoundError):
                        path.unlink()
