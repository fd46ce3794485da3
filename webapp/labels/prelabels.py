"""Writes of pre-labels: a model's boxes and their risk, so that a second run replaces the first and touches no decision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import transaction
from django.db.models import QuerySet

from ml.risk.score import pooled
from webapp.footage.models import Drive, Frame
from webapp.labels.models import Box, BoxEvent, Track
from webapp.registry.models import ModelVersion

RISK_FIELDS = ["risk", "severity", "signals", "cipo", "track", "risk_model"]


@dataclass(frozen=True, slots=True)
class PrelabelledFrame:
    """A frame with the boxes that a model gives it, unsaved, in the model's order."""

    frame: Frame
    boxes: Sequence[Box]


@transaction.atomic
def prelabels_write(items: Sequence[PrelabelledFrame], *, model: ModelVersion, only_new: bool) -> int:
    """Write a chunk: all of it or nothing. How many boxes there are now.

    A frame on which somebody has decided about this model's boxes already is left as it is; so is, with `only_new`, a frame that is not new.
    """
    by_id = {item.frame.id: item for item in items}
    # In the order of ids, as everybody who locks several does.
    locked = {frame.id: frame for frame in Frame.objects.select_for_update().filter(id__in=by_id).order_by("id")}
    decided = set(
        Box.objects.filter(frame__in=by_id, model_version=model)
        .exclude(state__in=Box.OPEN_STATES)
        .values_list("frame_id", flat=True)
    )
    wanted = [f for f in locked.values() if f.id not in decided and not (only_new and f.state != Frame.State.NEW)]
    Box.objects.filter(frame__in=wanted, model_version=model).delete()
    boxes = [box for frame in wanted for box in by_id[frame.id].boxes]
    written = Box.objects.bulk_create(boxes)
    BoxEvent.objects.bulk_create(
        BoxEvent(box=box, frame_id=box.frame_id, kind=BoxEvent.Kind.PROPOSED, after=box_values(box)) for box in written
    )
    for frame in wanted:
        if frame.state == Frame.State.NEW:
            frame.state = Frame.State.PRELABELLED
        frame.version += 1
        frame.risk = pooled_risk(by_id[frame.id].boxes)
    Frame.objects.bulk_update(wanted, ["state", "version", "risk"])
    return len(written)


def drive_shows(drive: Drive, model: ModelVersion) -> None:
    """A drive that shows no model's boxes yet shows this one's, from the first chunk on."""
    Drive.objects.filter(id=drive.id, label_model=None).update(label_model=model)


@transaction.atomic
def drive_risk_write(
    drive: Drive, *, model: ModelVersion, boxes: Sequence[Box], tracks: Sequence[int | None], clip: int | None = None
) -> bool:
    """Write the risk of a whole drive, or of one clip of it, as seen with its tracks. `boxes` carry the new values; decided ones keep theirs.

    `tracks[i]` is the object that `boxes[i]` belongs to, by a number of this run, or None.
    False, and nothing is written, when the drive's boxes are others by now: a second job labels the drive too.
    """
    Drive.objects.select_for_update().get(id=drive.id)
    part = {"frame__drive": drive, **({"frame__clip": clip} if clip else {})}
    there = Box.objects.filter(**part, model_version=model)
    if set(there.values_list("id", flat=True)) != {box.id for box in boxes}:
        return False
    rows = _tracks(drive, model, {number for number in tracks if number is not None})
    for box, number in zip(boxes, tracks, strict=True):
        box.track = rows[number] if number is not None else None
    still_open = set(there.filter(state__in=Box.OPEN_STATES).values_list("id", flat=True))
    # As an upsert: bulk_update's CASE of 500 branches took half as long as the model itself.
    Box.objects.bulk_create(
        [box for box in boxes if box.id in still_open],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=RISK_FIELDS,
    )
    Drive.objects.filter(id=drive.id).update(label_model=model)
    _frame_risks(Frame.objects.filter(drive=drive, **({"clip": clip} if clip else {})), boxes, still_open)
    return True


def _tracks(drive: Drive, model: ModelVersion, numbers: set[int]) -> dict[int, Track]:
    known = {track.number: track for track in Track.objects.filter(drive=drive, model_version=model)}
    Track.objects.bulk_create(
        Track(drive=drive, model_version=model, number=number) for number in sorted(numbers - known.keys())
    )
    return {track.number: track for track in Track.objects.filter(drive=drive, model_version=model)}


def _frame_risks(part: QuerySet[Frame], boxes: Sequence[Box], still_open: set[int]) -> None:
    by_frame: dict[int, list[Box]] = {}
    for box in boxes:
        if box.id in still_open:
            by_frame.setdefault(box.frame_id, []).append(box)
    frames = list(part.filter(state__in=Frame.OPEN_STATES))
    for frame in frames:
        frame.risk = pooled_risk(by_frame.get(frame.id, []))
    Frame.objects.bulk_update(frames, ["risk"], batch_size=500)


class Risky(Protocol):
    """A box, or what was read of one."""

    @property
    def risk(self) -> float | None: ...
    @property
    def severity(self) -> float: ...


def pooled_risk(boxes: Iterable[Risky]) -> float:
    """The image risk of open boxes, 1 - prod(1 - r * s / s_max) (distillation.md 2.3)."""
    return pooled(box.risk * box.severity for box in boxes if box.risk is not None)


def box_values(box: Box) -> dict[str, Any]:
    """What history keeps of a box; `unsure` where it is."""
    doubt = {"unsure": True} if box.unsure else {}
    return doubt | {
        "category": box.category_id,
        "x": box.x,
        "y": box.y,
        "width": box.width,
        "height": box.height,
        "state": box.state,
        "occluded": box.occluded,
        "truncated": box.truncated,
        "crowd": box.crowd,
    }
