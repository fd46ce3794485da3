"""A second opinion set against the first, when its person has finished: written anew each time, taken back when the finish is undone."""

from typing import Any

from ml.evaluate.agreement import matches
from webapp.blind.models import BlindTrial
from webapp.consensus.models import Disagreement
from webapp.footage.models import Frame
from webapp.labels.models import Box, BoxEvent

KEPT = (Box.State.ACCEPTED, Box.State.EDITED)
SHAPE = ("x", "y", "width", "height")
SAME_PLACE_IOU = 0.75  # below it two people mean the same object and not the same box
Kind = Disagreement.Kind


def opinions_compare(trial: BlindTrial) -> None:
    """Write where the two differ. The caller holds the frame's lock. What a lead has settled already stays."""
    if trial.kind != BlindTrial.Kind.CONSENSUS:
        return
    Disagreement.objects.filter(opinion=trial, settled_at__isnull=True).delete()
    frame = Frame.objects.get(id=trial.frame_id)
    if trial.state != Frame.State.AUDITED or frame.state != Frame.State.AUDITED:
        BlindTrial.objects.filter(id=trial.id).update(answer=None)
        return
    first = list(Box.objects.filter(frame=frame, state__in=KEPT, crowd=False).order_by("id"))
    second = list(Box.rows.filter(trial=trial, state__in=KEPT, crowd=False).order_by("id"))
    pairs = [
        (None if r is None else first[r], None if c is None else second[c], iou)
        for r, c, iou in matches([_place(box) for box in first], [_place(box) for box in second])
    ]
    said = [[_name(one), _name(other), iou] for one, other, iou in pairs]
    answer = {"first": _finished_by(frame), "pairs": said}
    BlindTrial.objects.filter(id=trial.id).update(answer=answer)
    settled = {(_id(first), _id(second)) for first, second in trial.disagreements.values_list("first", "second")}
    found = [
        Disagreement(opinion=trial, frame=frame, kind=kind, first=label_of(one), second=label_of(other), iou=iou)
        for one, other, iou in pairs
        if (kind := _kind(one, other, iou))
    ]
    Disagreement.objects.bulk_create(row for row in found if (_id(row.first), _id(row.second)) not in settled)


def label_of(box: Box | None) -> dict[str, Any] | None:
    if box is None:
        return None
    place = {side: getattr(box, side) for side in SHAPE}
    return {"box": str(box.client_id), "category": box.category_id, **place}


def _kind(one: Box | None, other: Box | None, iou: float | None) -> Kind | None:
    """The first that applies. Two people who are both unsure have not agreed, whatever their labels."""
    if one is None or other is None:
        return Kind.PRESENCE
    if one.category_id != other.category_id:
        return Kind.CATEGORY
    if iou is not None and iou < SAME_PLACE_IOU:
        return Kind.PLACE
    return Kind.UNSURE if other.unsure else None


def _finished_by(frame: Frame) -> int | None:
    finished = BoxEvent.objects.filter(frame=frame, kind=BoxEvent.Kind.FINISHED, actor__isnull=False)
    return finished.order_by("-id").values_list("actor", flat=True).first()


def _place(box: Box) -> tuple[float, float, float, float]:
    return box.x, box.y, box.width, box.height


def _name(box: Box | None) -> str:
    """The category, or nothing where there is no label."""
    return str(box.category_id) if box else ""


def _id(label: dict[str, Any] | None) -> str:
    return label["box"] if label else ""
