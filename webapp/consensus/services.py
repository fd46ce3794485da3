"""A lead's verdict on what two people left differently, and taking it back. The frame is changed by operations, as at the desk."""

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from webapp.accounts.models import User
from webapp.audit.services import lease_end
from webapp.blind.services import trial_leave
from webapp.consensus.comparing import SHAPE, label_of
from webapp.consensus.models import Disagreement
from webapp.core.errors import Conflict
from webapp.footage.models import Frame
from webapp.labels.desk import Operation
from webapp.labels.models import Box
from webapp.labels.services import operations_apply

Verdict = Disagreement.Verdict


@transaction.atomic
def disagreement_settle(disagreement: Disagreement, *, verdict: str, by: User) -> Disagreement:
    """The first opinion stands, the second takes its place, or the lead mends the label at the desk. The same verdict again changes nothing.

    Raises:
        Conflict `settled_already`: by another verdict; `label_changed`: the label is not as it was compared; `lease_held`.
    """
    frame, row = _locked(disagreement)
    if row.verdict == verdict:
        return row
    if row.verdict:
        raise Conflict("settled_already", f"{row.settled_by} has settled this: '{row.verdict}'. Undo that first.")
    trial_leave(frame, by)
    wanted = _towards_second(row) if verdict == Verdict.SECOND else []
    _apply(frame, wanted, by)
    row.verdict, row.operations = verdict, [str(operation["id"]) for operation in wanted]
    row.settled_by, row.settled_at = by, timezone.now()
    row.save()
    return row


@transaction.atomic
def disagreement_reopen(disagreement: Disagreement, *, by: User) -> Disagreement:
    """Take the verdict back, and what it did to the frame. Raises Conflict `not_last_change` where the label was changed since."""
    frame, row = _locked(disagreement)
    if not row.verdict:
        return row
    undone = [{"id": uuid.uuid4(), "kind": "undo", "operation": uuid.UUID(id)} for id in reversed(row.operations)]
    _apply(frame, undone, by)
    row.verdict, row.operations, row.settled_by, row.settled_at = "", [], None, None
    row.save()
    return row


def _locked(disagreement: Disagreement) -> tuple[Frame, Disagreement]:
    frame = Frame.objects.select_for_update().get(id=disagreement.frame_id)
    return frame, Disagreement.objects.select_for_update(of=("self",)).select_related("settled_by").get(
        id=disagreement.id
    )


def _apply(frame: Frame, operations: list[Operation], by: User) -> None:
    if operations:
        operations_apply(frame=frame, operations=operations, expected_version=None, actor=by)
        lease_end(frame)  # the lead judges and does not audit


def _towards_second(row: Disagreement) -> list[Operation]:
    """What makes the frame's label the second person's."""
    first, second = row.first, row.second
    if first is None:
        assert second is not None
        return [_operation("create", **{**second, "box": uuid.uuid4()})]
    box = Box.objects.filter(frame=row.frame_id, client_id=first["box"]).first()
    if box is None or box.state in (*Box.OPEN_STATES, Box.State.REJECTED) or label_of(box) != first:
        raise Conflict("label_changed", "This label was changed since it was compared: look at it at the desk.")
    if second is None:
        return [_operation("reject", box=box.client_id)]
    wanted = []
    if second["category"] != first["category"]:
        wanted.append(_operation("relabel", box=box.client_id, category=second["category"]))
    if any(second[side] != first[side] for side in SHAPE):
        wanted.append(_operation("reshape", box=box.client_id, **{side: second[side] for side in SHAPE}))
    return wanted


def _operation(kind: str, **values: Any) -> Operation:
    return {"id": uuid.uuid4(), "kind": kind, "device": "adjudication", **values}
