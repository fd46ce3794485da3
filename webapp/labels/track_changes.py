"""A track under the locks of its frames: what a decision changes on its boxes, collected first, then checked and written at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid5

from django.db.models import Max
from django.utils import timezone

from ml.keyframes import interpolated
from webapp.accounts.models import User
from webapp.accounts.rights import AUDIT_REVIEW, has_right
from webapp.audit.selectors import held_by_others
from webapp.core.errors import Conflict, DomainError, Forbidden
from webapp.footage.models import Drive, Frame
from webapp.labels.desk import STATED, shape_problem
from webapp.labels.models import Box, BoxEvent, Track
from webapp.labels.moves import EVENT_KINDS, next_state
from webapp.labels.prelabels import box_values, pooled_risk
from webapp.labels.selectors import desk_boxes
from webapp.labels.shown import shown_boxes
from webapp.labels.tracks import GONE
from webapp.taxonomy.models import Category

BOX_FIELDS = [*STATED, "track", "updated_at"]
SHAPE = ("x", "y", "width", "height")


class Unseen(Exception):
    """Boxes of the track lie on frames that the person has not named, so has not seen."""

    def __init__(self, frames: Sequence[int]) -> None:
        super().__init__(frames)
        self.frames = list(frames)


@dataclass
class TrackChange:
    """`frames` are locked, in the state that the person saw. Each kind of decision is a method; `write` is the last step."""

    track: Track
    frames: dict[int, Frame]
    actor: User
    wanted: dict[str, Any]
    boxes: dict[int, Box] = field(default_factory=dict)
    drawn: list[Box] = field(default_factory=list)
    events: list[BoxEvent] = field(default_factory=list)

    def accept(self) -> None:
        """Only what waits changes."""
        for box in self.of_track(self.track):
            if box.state in Box.OPEN_STATES:
                self.change(box, "accept")

    def reject(self) -> None:
        """The track is no object: every box of it that is kept goes."""
        for box in self.kept():
            self.change(box, "reject")

    def relabel(self) -> None:
        category = self._category(self.wanted["category"])
        for box in self.kept():
            if box.category_id != category.id:
                self.change(box, "relabel", category_id=category.id)
            elif box.state in Box.OPEN_STATES:
                self.change(box, "accept")

    def reshape(self) -> None:
        """Boxes at the key frames as given, those between two keys of a clip linearly; where the track has none between, one is drawn."""
        keys = self._keys()
        kept = {box.frame_id: box for box in self.kept()}
        taken = {box.frame_id for box in self.of_track(self.track)}
        for frame in self.frames.values():
            shape = interpolated(keys.get(frame.clip_id, []), frame.time_ms)
            if shape is None:
                continue
            values = dict(zip(SHAPE, shape, strict=True))
            if box := kept.get(frame.id):
                if tuple(getattr(box, name) for name in SHAPE) != shape:
                    self.change(box, "reshape", **values)
                elif box.state in Box.OPEN_STATES:
                    self.change(box, "accept")
            elif kept and frame.id not in taken:
                self.draw(frame, values, like=next(iter(kept.values())))

    def split(self) -> None:
        """From the named frame on it is another object, with a track of its own."""
        at = self._frame(self.wanted["frame"], "frame")
        there = [(box, self.frames[box.frame_id]) for box in self.of_track(self.track)]
        after = [box for box, frame in there if (frame.clip_id, frame.index) >= (at.clip_id, at.index)]
        if not after or len(after) == len(there):
            raise Conflict("nothing_to_split", "A track is split between two of its boxes; here all are on one side.")
        # The caller holds the drive's lock: two splits would give one number twice.
        # Above the models' numbers too: the page tells tracks apart by them.
        highest = Track.objects.filter(drive=self.track.drive_id).aggregate(n=Max("number"))["n"]
        track = Track.objects.create(drive_id=self.track.drive_id, number=(highest or 0) + 1)
        for box in after:
            self.put_on(box, track)

    def merge(self) -> None:
        """The other track is the same object: its boxes come to this one."""
        other = Track.objects.filter(drive=self.track.drive_id, id=self.wanted["other"]).first()
        if other is None or other == self.track:
            self._invalid("other", "The drive has no such other track.")
            raise AssertionError
        theirs = self.of_track(other)
        mine = {box.frame_id for box in self.kept()}
        both = sorted({box.frame_id for box in theirs if box.state not in GONE} & mine)
        if both:
            names = ", ".join(self.frames[id].name for id in both[:3])
            detail = f"Both tracks have a box in {len(both)} frames ({names}): they are two objects."
            raise Conflict("tracks_overlap", detail, extra={"frames": both})
        for box in theirs:
            self.put_on(box, self.track)

    def undo(self) -> None:
        """Every box as it was before the decision; undone again, as after it."""
        events = self._effective()
        if not events or events[0].frame.drive_id != self.track.drive_id:
            self._invalid("operation", "There is no such decision on this drive.")
        self._refuse_undo(events)
        for event in events:
            box = event.box
            assert box is not None
            before = _values(box, event)
            target = event.before or {**before, "state": Box.State.REJECTED}
            for name in target:
                setattr(box, f"{name}_id" if name in ("category", "track") else name, target[name])
            self.record(box, BoxEvent.Kind.UNDONE, before, _values(box, event), undo_of=event)

    # What the decisions are made of

    def of_track(self, track: Track) -> list[Box]:
        """Its boxes in the order of the road, read under the locks."""
        found = shown_boxes().filter(track=track).order_by("frame__clip", "frame__index", "id")
        if unseen := {box.frame_id for box in found} - self.frames.keys():
            raise Unseen(sorted(unseen))
        return list(found)

    def kept(self) -> list[Box]:
        return [box for box in self.of_track(self.track) if box.state not in GONE]

    def change(self, box: Box, kind: str, **values: Any) -> None:
        state = next_state(kind, box)
        assert state is not None
        before = box_values(box)
        for name, value in (values | {"state": state}).items():
            setattr(box, name, value)
        self.record(box, EVENT_KINDS[kind], before, box_values(box))

    def put_on(self, box: Box, track: Track) -> None:
        before, box.track = {"track": box.track_id}, track
        self.record(box, BoxEvent.Kind.TRACKED, before, {"track": track.id})

    def draw(self, frame: Frame, shape: dict[str, float], like: Box) -> None:
        box = Box(
            frame=frame,
            client_id=uuid5(self.wanted["id"], f"box {frame.id}"),
            category_id=like.category_id,
            crowd=like.crowd,
            track=self.track,
            source=Box.Source.HUMAN,
            state=Box.State.ACCEPTED,
            frame_width=frame.width,
            frame_height=frame.height,
            **shape,
        )
        self.drawn.append(box)
        self.record(box, BoxEvent.Kind.CREATED, None, box_values(box))

    def record(self, box: Box, kind: str, before: Any, after: Any, undo_of: BoxEvent | None = None) -> None:
        if box.pk:
            self.boxes[box.pk] = box
        self.events.append(
            BoxEvent(
                box=box,
                frame_id=box.frame_id,
                group=self.wanted["id"],
                client_id=uuid5(self.wanted["id"], str(box.client_id)),
                kind=kind,
                before=before,
                after=after,
                actor=self.actor,
                device=self.wanted.get("device", ""),
                undo_of=undo_of,
            )
        )

    # Checks and writes

    def write(self) -> None:
        """
        Raises:
            Conflict `nothing_to_change`, or `lease_held` with who has which of the frames.
            Forbidden `frames_audited`: changing what was audited needs the right to review.
        """
        touched = {event.frame_id for event in self.events}
        if unseen := touched - self.frames.keys():
            raise Unseen(sorted(unseen))
        if not touched:
            raise Conflict("nothing_to_change", "Every box of this track is so already.")
        self._refuse_held(touched)
        self._refuse_audited([self.frames[id] for id in touched if self.frames[id].state == Frame.State.AUDITED])
        self._save_boxes()
        seconds = self.wanted.get("seconds")
        for event in self.events:
            event.seconds = None if seconds is None else seconds / len(self.events)
        BoxEvent.objects.bulk_create(self.events)
        self._save_frames([self.frames[id] for id in sorted(touched)])

    def _save_boxes(self) -> None:
        now = timezone.now()
        for box in self.boxes.values():
            box.updated_at = now
        Box.objects.bulk_create(self.drawn)
        # As an upsert: bulk_update's CASE of hundreds of branches is slow.
        Box.objects.bulk_create(
            list(self.boxes.values()), update_conflicts=True, unique_fields=["id"], update_fields=BOX_FIELDS
        )

    def _save_frames(self, frames: list[Frame]) -> None:
        """The frames' state, risk and version follow their boxes."""
        opened = {box.frame_id for box in self.boxes.values() if box.state in Box.OPEN_STATES}
        for frame in frames:
            if frame.state in (Frame.State.NEW, Frame.State.PRELABELLED):
                frame.state = Frame.State.IN_AUDIT
            if frame.state == Frame.State.AUDITED and frame.id in opened:
                frame.state = Frame.State.REOPENED
            frame.version += 1
            frame.updated_at = timezone.now()
        # Written before the risk: which boxes wait depends on the state.
        Frame.objects.bulk_update(frames, ["state", "version", "updated_at"], batch_size=200)
        waiting: dict[int, list[Box]] = {frame.id: [] for frame in frames}
        for box in desk_boxes(waiting).filter(state__in=Box.OPEN_STATES):
            waiting[box.frame_id].append(box)
        for frame in frames:
            frame.risk = pooled_risk(waiting[frame.id])
        Frame.objects.bulk_update(frames, ["risk"], batch_size=200)

    def _refuse_held(self, touched: set[int]) -> None:
        holders = held_by_others(touched, self.actor)
        if holders:
            name = next(iter(holders.values()))
            detail = f"{name} is auditing {len(holders)} of these frames."
            raise Conflict("lease_held", detail, extra={"by": name, "frames": sorted(holders)})

    def _refuse_audited(self, audited: list[Frame]) -> None:
        if audited and not has_right(self.actor, audited[0].workspace, AUDIT_REVIEW):
            detail = f"{len(audited)} of these frames are audited; changing them needs the right to review."
            raise Forbidden("frames_audited", detail, extra={"frames": sorted(frame.id for frame in audited)})

    def _effective(self) -> list[BoxEvent]:
        """The events to take back: the named decision's, or, when it was undone and redone as a whole, those of the last redo."""
        known = BoxEvent.objects.select_related("box", "frame").order_by("id")
        events = list(known.filter(group=self.wanted["operation"]))
        while len(redone := list(known.filter(undo_of__undo_of__in=events))) == len(events) > 0:
            events = redone
        return events

    def _refuse_undo(self, events: list[BoxEvent]) -> None:
        others = any(event.actor_id != self.actor.id for event in events)
        if others and not has_right(self.actor, self.track.drive.workspace, AUDIT_REVIEW):
            raise Forbidden("not_yours", "This decision is somebody else's; undoing it needs the right to review.")
        if BoxEvent.objects.filter(undo_of__in=events).exists():
            raise Conflict("already_undone", "This decision was taken back already.")
        later = BoxEvent.objects.filter(
            box__in=[event.box_id for event in events], undone_by__isnull=True, undo_of__isnull=True
        )
        latest = {row["box"]: row["n"] for row in later.order_by().values("box").annotate(n=Max("id"))}
        for event in events:
            assert event.box is not None
            if latest.get(event.box.id, 0) > event.id or _values(event.box, event) != event.after:
                raise Conflict("not_last_change", "A box was changed again since; take that back first.")

    def _keys(self) -> dict[int, list[tuple[float, tuple[float, float, float, float]]]]:
        """Clip -> its keys by rising time."""
        keys: dict[int, list[tuple[float, tuple[float, float, float, float]]]] = {}
        for place, key in enumerate(self.wanted["keys"]):
            frame = self._frame(key["frame"], f"keys.{place}.frame")
            if problem := shape_problem(frame, key):
                self._invalid(f"keys.{place}.{problem[0]}", problem[1])
            keys.setdefault(frame.clip_id, []).append(
                (frame.time_ms, (key["x"], key["y"], key["width"], key["height"]))
            )
        return {clip: sorted(found) for clip, found in keys.items()}

    def _frame(self, id: int, path: str) -> Frame:
        if id not in self.frames:
            self._invalid(path, "Not one of the frames named in `versions`.")
        return self.frames[id]

    def _category(self, id: int) -> Category:
        drive = Drive.objects.get(id=self.track.drive_id)
        found = Category.objects.filter(taxonomy=drive.taxonomy_id, id=id).first()
        if found is None:
            self._invalid("category", "The drive's taxonomy has no such category.")
            raise AssertionError
        return found

    def _invalid(self, path: str, message: str) -> None:
        raise DomainError("invalid_operation", message, fields={path: message})


def _values(box: Box, event: BoxEvent) -> dict[str, Any]:
    """What this event holds of a box."""
    return {"track": box.track_id} if set(event.after or {}) == {"track"} else box_values(box)
