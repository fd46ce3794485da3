"""A frame under its lock: what each kind of operation does to it. One event a change, in the transaction of whoever locked the frame."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from webapp.accounts.models import User
from webapp.accounts.rights import AUDIT_REVIEW, has_right
from webapp.audit.services import lease_end
from webapp.blind.desk import trial_of
from webapp.core.errors import Conflict, DomainError, Forbidden
from webapp.footage.models import Frame
from webapp.footage.services import drive_tell_when_audited
from webapp.labels.models import Box, BoxEvent
from webapp.labels.moves import EVENT_KINDS, next_state
from webapp.labels.prelabels import box_values, pooled_risk
from webapp.labels.selectors import box_on_wire, desk_boxes, open_risks
from webapp.taxonomy.models import Category

Operation = dict[str, Any]
MIN_SIDE_PX = 1.0
STATED = ("category", "x", "y", "width", "height", "state", "occluded", "truncated", "crowd", "unsure")
SURE = ("accept", "reject", "dismiss", "relabel", "restore")  # whoever decides so has made up their mind


@dataclass
class Desk:
    """A frame under its lock, and what this request has changed on it."""

    frame: Frame
    actor: User
    changed: dict[int, Box] = field(default_factory=dict)
    position: int = 0

    def apply(self, position: int, operation: Operation) -> None:
        self.position = position
        kind = operation["kind"]
        handler = getattr(self, f"_{kind}", None)
        if handler:
            handler(operation)
        else:
            self._change(kind, operation)

    def settle(self) -> None:
        """Once a request: the frame's state, risk and version follow its boxes."""
        if self.frame.state in (Frame.State.NEW, Frame.State.PRELABELLED):
            self.frame.state = Frame.State.IN_AUDIT
        if self.frame.state == Frame.State.AUDITED:
            lease_end(self.frame)
        self.frame.version += 1
        self.frame.risk = pooled_risk(open_risks(self.frame))
        self.frame.save(update_fields=["state", "version", "risk", "updated_at"])
        if self.frame.state == Frame.State.AUDITED and not trial_of(self.frame):
            drive_tell_when_audited(self.frame.drive)

    def changed_on_wire(self) -> list[dict[str, Any]]:
        return [box_on_wire(self.changed[id]) for id in sorted(self.changed)]

    def _change(self, kind: str, operation: Operation) -> None:
        box = self._box(operation)
        state = next_state(kind, box)
        if state is None:
            raise Conflict(
                "illegal_move", f"A box that is {box.state.replace('_', ' ')} cannot be changed by '{kind}'."
            )
        before = box_values(box)
        if kind == "relabel":
            box.category = self._category(operation)
        if kind == "reshape":
            self._shape(box, operation)
        for flag in ("occluded", "truncated", "crowd"):
            if kind == "flag" and flag in operation:
                setattr(box, flag, operation[flag])
        box.unsure = kind == "unsure" or (box.unsure and kind not in SURE)
        box.state = state
        self._save(box, operation, EVENT_KINDS[kind], before)

    def _create(self, operation: Operation) -> None:
        if Box.rows.filter(client_id=operation["box"]).exists():
            self._invalid("box", "There is a box with this id already.")
        box = Box(
            frame=self.frame,
            trial=trial_of(self.frame),
            client_id=operation["box"],
            category=self._category(operation),
            source=Box.Source.HUMAN,
            state=Box.State.ACCEPTED,
            frame_width=self.frame.width,
            frame_height=self.frame.height,
        )
        self._shape(box, operation)
        self._save(box, operation, BoxEvent.Kind.CREATED, None)

    def _finish(self, operation: Operation) -> None:
        waiting = self._waiting()
        if not operation.get("accept_rest"):
            _refuse_open(waiting)
        for box in waiting:
            before = box_values(box)
            kind = "accept" if box.state == Box.State.PENDING else "dismiss"
            box.state = next_state(kind, box) or box.state
            self._save(box, {}, EVENT_KINDS[kind], before)
        rest = {"rest": [box.id for box in waiting]}
        self._record(operation, BoxEvent.Kind.FINISHED, {"state": self.frame.state}, rest)
        self._enter(Frame.State.AUDITED)

    def _reopen(self, operation: Operation) -> None:
        if self.frame.state != Frame.State.AUDITED:
            raise Conflict("illegal_move", "Only an audited frame can be reopened.")
        self._record(operation, BoxEvent.Kind.REOPENED, {"state": self.frame.state}, None)
        self._enter(Frame.State.REOPENED)

    def _undo(self, operation: Operation) -> None:
        event = self._effective(operation)
        if event.actor_id != self.actor.id and not has_right(self.actor, self.frame.workspace, AUDIT_REVIEW):
            raise Forbidden("not_yours", "This change is somebody else's; taking it back needs the right to review.")
        if event.box is not None:
            self._undo_box(event, operation)
        else:
            self._undo_frame(event, operation)

    def _undo_box(self, event: BoxEvent, operation: Operation) -> None:
        box = self.changed.get(event.box_id or 0) or event.box
        assert box is not None
        later = BoxEvent.rows.filter(box=box, id__gt=event.id, undone_by__isnull=True, undo_of__isnull=True).exists()
        if later or box_values(box) != event.after:
            raise Conflict("not_last_change", "The box was changed again since; take that back first.")
        before = box_values(box)
        # Taking back a creation leaves the box as a rejected one: history never loses a row.
        target = event.before or {**before, "state": Box.State.REJECTED}
        for name in STATED:
            setattr(box, "category_id" if name == "category" else name, target.get(name, False))
        self._save(box, operation, BoxEvent.Kind.UNDONE, before, undo_of=event)

    def _undo_frame(self, event: BoxEvent, operation: Operation) -> None:
        """Back to audited, or open again. The decisions that a finish made for the rest go and come back with it."""
        before, rest = {"state": self.frame.state}, self._rest_of(event)
        was_audited = (event.before or {}).get("state") == Frame.State.AUDITED
        for box_event in rest:
            self._undo_box(box_event, {})
        if was_audited:
            _refuse_open(self._waiting())
        self._enter(Frame.State.AUDITED if was_audited else Frame.State.REOPENED)
        after = {"rest": [box_event.box_id for box_event in rest]}
        self._record(operation, BoxEvent.Kind.UNDONE, before, after, undo_of=event)

    def _rest_of(self, event: BoxEvent) -> list[BoxEvent]:
        """What a `finish`, or the undo of one, did to the boxes that were left, as far as nobody changed them since."""
        rest = (event.after or {}).get("rest", [])
        latest = [BoxEvent.rows.filter(box=box, undone_by__isnull=True).order_by("-id").first() for box in rest]
        return [box_event for box_event in latest if box_event and box_event.id < event.id]

    def _effective(self, operation: Operation) -> BoxEvent:
        """The event to take back: the named one, or, when it was undone and redone, the last redo."""
        event = (
            BoxEvent.rows.filter(frame=self.frame, trial=trial_of(self.frame), client_id=operation["operation"])
            .select_related("box")
            .first()
        )
        if event is None:
            self._invalid("operation", "There is no such operation on this frame.")
            raise AssertionError
        steps = 0
        while (following := BoxEvent.rows.filter(undo_of=event).select_related("box").first()) is not None:
            event, steps = following, steps + 1
        if steps % 2:
            raise Conflict("already_undone", "This change was taken back already.")
        return event

    def _save(self, box: Box, operation: Operation, kind: str, before: Any, undo_of: BoxEvent | None = None) -> None:
        if box.state in Box.OPEN_STATES:
            box.certificate = None  # whoever decides now is a person
        box.save(update_fields=[*STATED, "certificate", "updated_at"] if box.pk else None)
        self.changed[box.id] = box
        if box.state in Box.OPEN_STATES and self.frame.state == Frame.State.AUDITED:
            self._enter(Frame.State.REOPENED)
        self._record(operation, kind, before, box_values(box), box=box, undo_of=undo_of)

    def _enter(self, state: Frame.State) -> None:
        """Written at once: which boxes wait depends on it."""
        self.frame.state = state
        self.frame.save(update_fields=["state"])

    def _waiting(self) -> list[Box]:
        return list(desk_boxes([self.frame.id], trial_of(self.frame)).filter(state__in=Box.OPEN_STATES))

    def _record(self, operation: Operation, kind: str, before: Any, after: Any, **links: Any) -> BoxEvent:
        return BoxEvent.objects.create(
            frame=self.frame,
            trial=trial_of(self.frame),
            client_id=operation.get("id"),
            kind=kind,
            before=before,
            after=after,
            actor=self.actor,
            seconds=operation.get("seconds"),
            device=operation.get("device", ""),
            gesture=operation.get("gesture"),
            **links,
        )

    def _box(self, operation: Operation) -> Box:
        client_id: UUID = operation["box"]
        for box in self.changed.values():
            if box.client_id == client_id:
                return box
        found = Box.rows.filter(frame=self.frame, trial=trial_of(self.frame), client_id=client_id).first()
        if found is None:
            self._invalid("box", "There is no such box on this frame.")
            raise AssertionError
        return found

    def _category(self, operation: Operation) -> Category:
        found = Category.objects.filter(taxonomy=self.frame.drive.taxonomy_id, id=operation["category"]).first()
        if found is None:
            self._invalid("category", "The drive's taxonomy has no such category.")
            raise AssertionError
        return found

    def _shape(self, box: Box, operation: Operation) -> None:
        if problem := shape_problem(self.frame, operation):
            self._invalid(*problem)
        box.x, box.y, box.width, box.height = (operation[name] for name in ("x", "y", "width", "height"))

    def _invalid(self, name: str, message: str) -> None:
        path = f"operations.{self.position}.{name}"
        raise DomainError("invalid_operation", f"Operation {self.position}: {message}", fields={path: message})


def _refuse_open(waiting: Sequence[Box]) -> None:
    if waiting:
        raise Conflict(
            "open_boxes",
            f"{len(waiting)} boxes of this frame still wait for a decision.",
            extra={"open": [str(box.client_id) for box in waiting]},
        )


def shape_problem(frame: Frame, shape: Mapping[str, Any]) -> tuple[str, str] | None:
    """Which side of a box cannot be on this frame, and why; None where it can."""
    sides = (("x", "width", frame.width), ("y", "height", frame.height))
    for _, side, _ in sides:
        if shape[side] < MIN_SIDE_PX:
            return side, f"A box is at least {MIN_SIDE_PX:.0f} px; this is {shape[side]:g}."
    for start, side, limit in sides:
        if shape[start] < 0 or shape[start] + shape[side] > limit + Box.EDGE_TOLERANCE_PX:
            return start, f"The box reaches outside the frame, which is {limit} px there."
    return None
