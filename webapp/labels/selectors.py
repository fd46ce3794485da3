"""Reads of labels. The desk's hot path is plain values and a fixed number of queries."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from ml.risk.severity import MAX_SEVERITY
from webapp.accounts.models import User, Workspace
from webapp.audit.models import Lease
from webapp.blind.desk import all_seen_by, seen_by, trial_of
from webapp.blind.models import BlindTrial
from webapp.footage.models import Frame
from webapp.labels.models import Box, BoxEvent
from webapp.labels.shown import is_shown, shown_boxes

BOX_VALUES = (
    "id",
    "client_id",
    "category",
    "x",
    "y",
    "width",
    "height",
    "source",
    "state",
    "score",
    "probs",
    "risk",
    "severity",
    "signals",
    "track",
    "occluded",
    "truncated",
    "crowd",
    "cipo",
    "unsure",
)
FOREIGN = {"category": "category_id", "track": "track_id"}  # told by their ids

# Of the clip, which nearly always has them: one condition for clip and drive made the database read every frame of the drive on that side.
NEIGHBOURS = """SELECT
 (SELECT id FROM footage_frame WHERE clip_id = %(clip)s AND "index" < %(index)s ORDER BY "index" DESC LIMIT 1),
 (SELECT id FROM footage_frame WHERE clip_id = %(clip)s AND "index" > %(index)s ORDER BY "index" LIMIT 1)"""


def desk_boxes(frame_ids: Collection[int], trial: BlindTrial | None = None) -> QuerySet[Box]:
    """What the desk shows of these frames; of a blind trial it is the trial's."""
    if trial is not None:
        return Box.rows.filter(trial=trial).order_by("id")
    return shown_boxes().filter(frame__in=frame_ids).order_by("frame_id", "id")


def open_risks(frame: Frame) -> list[Any]:
    """`risk` and `severity` of the boxes that wait on the frame, or on its trial; the frame with its drive. The rule of `desk_boxes`, without its join."""
    of_trial = trial_of(frame)
    model = frame.drive.label_model_id
    boxes = Box.rows.filter(frame=frame.id, trial=of_trial, state__in=Box.OPEN_STATES)
    rows = boxes.values_list("risk", "severity", "state", "model_version", named=True)
    return [row for row in rows if of_trial or is_shown(row.state, row.model_version, frame.state, model)]


def desk_boxes_on_wire(frames: list[Frame]) -> dict[int, list[dict[str, Any]]]:
    """Per frame, its desk boxes as they go over the wire; the frames with their drives.

    What the desk does not show is left out here: the database would join every box with its frame and its drive to tell.
    """
    rows: dict[int, list[dict[str, Any]]] = {frame.id: [] for frame in frames}
    plain = {frame.id: frame for frame in frames if not trial_of(frame)}
    boxes = Box.objects.filter(frame__in=plain).order_by("frame_id", "id")
    for values in boxes.values("frame_id", "model_version", *BOX_VALUES):
        frame, model = plain[values.pop("frame_id")], values.pop("model_version")
        if is_shown(values["state"], model, frame.state, frame.drive.label_model_id):
            rows[frame.id].append(_on_wire(values))
    for trial in [trial for frame in frames if (trial := trial_of(frame))]:
        rows[trial.frame_id] += map(_on_wire, desk_boxes([trial.frame_id], trial).values(*BOX_VALUES))
    return rows


def boxes_on_wire(ids: Collection[int]) -> list[dict[str, Any]]:
    """These boxes, in the order in which they were made."""
    return [box for _, box in boxes_with_frames(ids)]


def boxes_with_frames(ids: Collection[int]) -> list[tuple[int, dict[str, Any]]]:
    """The same, each behind the id of its frame."""
    found = Box.rows.filter(id__in=ids).order_by("id").values("frame_id", *BOX_VALUES)
    return [(values.pop("frame_id"), _on_wire(values)) for values in found]


def box_on_wire(box: Box) -> dict[str, Any]:
    """The same of one that was just written."""
    return _on_wire({name: getattr(box, FOREIGN.get(name, name)) for name in BOX_VALUES})


def frames_detail(frames: QuerySet[Frame], user: User) -> list[dict[str, Any]]:
    """Frames with everything that the desk needs to open them, as this person sees them, in the order of the queryset."""
    rows = all_seen_by(user, list(frames.select_related("drive__label_model")))
    boxes = desk_boxes_on_wire(rows)
    leases = {
        lease.frame_id: lease
        for lease in Lease.objects.filter(
            frame__in=rows, released_at__isnull=True, expires_at__gt=timezone.now()
        ).select_related("user")
    }
    return [_detail(frame, boxes[frame.id], leases.get(frame.id), user) for frame in rows]


def wire_id(client_id: UUID) -> int:
    """What a box is called on the wire: a number that a page can hold, and that tells nothing of when its row was made."""
    return client_id.int >> 76


def neighbours(frame: Frame) -> dict[str, int | None]:
    """The frames before and after it on the drive."""
    with connection.cursor() as cursor:
        cursor.execute(NEIGHBOURS, {"clip": frame.clip_id, "index": frame.index})
        before, after = cursor.fetchone()
    drive = Frame.objects.filter(drive=frame.drive_id).values_list("id", flat=True)
    return {
        "previous": before or drive.filter(clip__lt=frame.clip_id).order_by("-clip_id", "-index").first(),
        "next": after or drive.filter(clip__gt=frame.clip_id).order_by("clip_id", "index").first(),
    }


def frame_events(frame: Frame, user: User) -> list[BoxEvent]:
    """The frame's history as this person sees it. Events are numbered within it: their rows' ids would tell a blind trial."""
    events = BoxEvent.rows.filter(frame=frame, trial=trial_of(seen_by(user, frame)))
    found = list(events.select_related("actor", "box").order_by("id"))
    numbers = {event.id: number for number, event in enumerate(found, 1)}
    for event in found:
        event.number, event.undoes = numbers[event.id], numbers.get(event.undo_of_id or 0)  # type: ignore[attr-defined]
    return found


def frame_in(workspace: Workspace, pk: int) -> Frame | None:
    return Frame.objects.select_related("drive").filter(workspace=workspace, pk=pk).first()


def frame_brief(frame: Frame) -> dict[str, Any]:
    return {"id": frame.id, "state": frame.state, "risk": frame.risk, "version": frame.version}


def _detail(frame: Frame, boxes: list[dict[str, Any]], lease: Lease | None, user: User) -> dict[str, Any]:
    model = frame.drive.label_model
    open_boxes = sum(box["state"] in Box.OPEN_STATES for box in boxes)
    return {
        "id": frame.id,
        "drive": frame.drive_id,
        "drive_name": frame.drive.name,
        "clip": frame.clip_id,
        "index": frame.index,
        "time_ms": frame.time_ms,
        "name": frame.name,
        "width": frame.width,
        "height": frame.height,
        "state": frame.state,
        "risk": frame.risk,
        "version": frame.version,
        "taxonomy": frame.drive.taxonomy_id,
        "model": {"id": model.id, "name": model.name} if model else None,
        "lease": _lease_on_wire(lease, user),
        "neighbours": neighbours(frame),
        "total_boxes": sum(box["state"] not in (Box.State.REJECTED, Box.State.DISMISSED) for box in boxes),
        "open_boxes": open_boxes,
        "boxes": boxes,
    }


def _lease_on_wire(lease: Lease | None, user: User) -> dict[str, Any] | None:
    if lease is None:
        return None
    holder = {"id": lease.user_id, "name": str(lease.user)}
    return {"user": holder, "expires_at": lease.expires_at, "mine": lease.user_id == user.id}


def _on_wire(values: dict[str, Any]) -> dict[str, Any]:
    values["id"] = wire_id(values["client_id"])
    values["priority"] = (values["risk"] or 0.0) * values["severity"] / MAX_SEVERITY
    return values
