"""What a blind trial found: written when it is finished, taken back when the finish is undone."""

from typing import Any

from django.db.models import Sum
from django.utils import timezone

from ml.risk.gold import Label, agreement, errors_among
from ml.risk.planted import GHOST, HIDDEN, RELABELLED, SAME_IOU, SHIFTED, overlap
from ml.schemas import BoxXYWH
from webapp.blind.models import BlindTrial
from webapp.footage.models import Frame
from webapp.labels.models import Box, BoxEvent

KEPT = (Box.State.ACCEPTED, Box.State.EDITED)


def trial_judge(trial: BlindTrial) -> None:
    """Write what a finished trial found. The caller holds the frame's lock.

    A second opinion finds no error: it is set against the first elsewhere (webapp/consensus). Of a seeded trial the planted error alone counts; of a gold frame every label shown that its known labels do not confirm.
    """
    if trial.state != Frame.State.AUDITED:
        BlindTrial.objects.filter(id=trial.id, finished_at__isnull=False).update(
            finished_at=None, errors=None, errors_found=None, hidden=None, hidden_found=None, answer=None
        )
        return
    if trial.kind == BlindTrial.Kind.CONSENSUS:  # nobody is measured by it
        BlindTrial.objects.filter(id=trial.id).update(finished_at=timezone.now())
        return
    boxes = list(Box.rows.filter(trial=trial, crowd=False))
    seeded = trial.kind == BlindTrial.Kind.SEEDED
    errors, found = _planted(trial, boxes) if seeded else _known(trial, boxes)
    was_hidden = trial.error == HIDDEN
    BlindTrial.objects.filter(id=trial.id).update(
        finished_at=timezone.now(),
        errors=0 if was_hidden else errors,
        errors_found=0 if was_hidden else found,
        hidden=int(was_hidden),
        hidden_found=found if was_hidden else 0,
        answer=_answer(trial, boxes),
    )


def _planted(trial: BlindTrial, boxes: list[Box]) -> tuple[int, int]:
    right: dict[str, Any] = trial.planted.get("right", {})
    if trial.error == HIDDEN:
        kept = [_label(box) for box in boxes if box.state in KEPT]
        return 1, agreement([_value(right)], kept).matched
    [box] = [box for box in boxes if str(box.client_id) == trial.planted["box"]]
    return 1, int(_noticed(trial.error, box, right))


def _noticed(error: str, box: Box, right: dict[str, Any]) -> bool:
    """Whether the person did away with what was wrong about it. Touching something else is no find."""
    if box.state == Box.State.REJECTED:
        return True
    if error == GHOST:
        return False
    if error == RELABELLED:
        return bool(box.category_id != right["shown"])
    assert error == SHIFTED
    return overlap(_place(box), [_value(right)[1]]) >= SAME_IOU


def _known(trial: BlindTrial, boxes: list[Box]) -> tuple[int, int]:
    """Labels as shown that the gold does not have, and those of them that are rejected or changed."""
    proposed = dict(BoxEvent.rows.filter(trial=trial, kind=BoxEvent.Kind.PROPOSED).values_list("box_id", "after"))
    shown = {box: values for box, values in proposed.items() if box and values and values["state"] == Box.State.PENDING}
    labels = [box for box in boxes if box.id in shown]
    wrong = errors_among([_value(shown[box.id]) for box in labels], [_value(value) for value in trial.truth])
    return len(wrong), sum(labels[place].state != Box.State.ACCEPTED for place in wrong)


def _answer(trial: BlindTrial, boxes: list[Box]) -> dict[str, Any]:
    given = agreement([_label(box) for box in boxes if box.state in KEPT], [_value(value) for value in trial.truth])
    seconds = BoxEvent.rows.filter(trial=trial, actor=trial.user_id).aggregate(s=Sum("seconds"))["s"]
    return {
        "given": given.given,
        "known": given.known,
        "matched": given.matched,
        "iou": given.iou,
        "boxes": len(boxes),
        "seconds": seconds,
    }


def _label(box: Box) -> Label:
    return str(box.category_id), _place(box)


def _place(box: Box) -> BoxXYWH:
    return box.x, box.y, box.width, box.height


def _value(value: dict[str, Any]) -> Label:
    return str(value["category"]), (value["x"], value["y"], value["width"], value["height"])
