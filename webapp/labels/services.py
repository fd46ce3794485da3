"""Writes of labels: a request's operations on one frame, all or none, each an event and its projection in one transaction."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from webapp.accounts.models import User
from webapp.audit.services import lease_take
from webapp.autoaccept.watch import certificate_watch
from webapp.blind.desk import BlindFrame, seen_by
from webapp.blind.judging import trial_judge
from webapp.consensus.comparing import opinions_compare
from webapp.core.errors import DomainError, StaleVersion
from webapp.footage.models import Frame
from webapp.labels.desk import Desk, Operation
from webapp.labels.models import BoxEvent
from webapp.labels.selectors import boxes_on_wire, frame_brief, frames_detail


def operations_apply(
    *, frame: Frame, operations: Sequence[Operation], expected_version: int | None, actor: User
) -> dict[str, Any]:
    """Apply a request's operations in order.

    A request whose operations are all known already changes nothing and gets the current state, whatever version it expected. Writing takes
    the frame's lease, finishing gives it back.

    Raises:
        StaleVersion `frame_changed`: the frame has another version; its current state is in `current`.
        Conflict `lease_held`, `open_boxes`, `illegal_move`, `already_undone`, `not_last_change`.
        DomainError `invalid_operation`, with the path of the field; Forbidden `not_yours`.
    """
    with transaction.atomic():
        locked = Frame.objects.select_for_update(of=("self",)).select_related("drive").get(id=frame.id)
        frame = seen_by(actor, locked)
        ids = [operation["id"] for operation in operations]
        known = _known(frame, ids)
        desk = Desk(frame, actor)
        if len(known) < len(ids):
            lease_take(frame, actor)
            if expected_version is not None and expected_version != frame.version:
                current = frames_detail(Frame.objects.filter(id=frame.id), actor)[0]
                raise StaleVersion(
                    "frame_changed", "Somebody changed this frame meanwhile.", extra={"current": current}
                )
            for position, operation in enumerate(operations):
                if operation["id"] not in known:
                    desk.apply(position, operation)
            desk.settle()
            if isinstance(frame, BlindFrame):
                trial_judge(frame.trial)
                opinions_compare(frame.trial)
            elif frame.state == Frame.State.AUDITED:
                certificate_watch(frame.drive_id)
        return {
            "version": frame.version,
            "frame": frame_brief(frame),
            "boxes": (_repeated(known, desk) if known else []) + desk.changed_on_wire(),
            "applied": [{"id": id, "duplicate": id in known} for id in ids],
        }


def _repeated(known: set[UUID], desk: Desk) -> list[dict[str, Any]]:
    """The boxes of operations that were applied before, and not again now."""
    boxes = BoxEvent.rows.filter(client_id__in=known, box__isnull=False).values_list("box", flat=True)
    return boxes_on_wire(set(boxes).difference(desk.changed))


def _known(frame: Frame, ids: list[UUID]) -> set[UUID]:
    """Those that the frame's history holds already."""
    places = dict(BoxEvent.rows.filter(client_id__in=ids).values_list("client_id", "frame_id"))
    if elsewhere := {id for id, place in places.items() if place != frame.id}:
        fields = {f"operations.{n}.id": "Used on another frame." for n, id in enumerate(ids) if id in elsewhere}
        raise DomainError("invalid_operation", "An operation's id was used on another frame.", fields=fields)
    return {id for id in ids if id in places}
