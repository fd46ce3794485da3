"""Random operations, repeats, stale versions and broken requests against a dictionary that does the same in a few lines."""

import uuid

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.factories import BoxFactory, MembershipFactory
from webapp.core.errors import DomainError
from webapp.footage.models import Frame
from webapp.labels.models import Box
from webapp.labels.prelabels import box_values
from webapp.labels.services import operations_apply

# (kind, state) -> state; what is not here is refused.
ALLOWED = {
    ("accept", "pending"): "accepted",
    ("accept", "rejected"): "accepted",
    ("accept", "edited"): "edited",
    ("accept", "missed_candidate"): "accepted",
    ("accept", "dismissed"): "accepted",
    ("reject", "pending"): "rejected",
    ("reject", "accepted"): "rejected",
    ("reject", "edited"): "rejected",
    ("reject", "missed_candidate"): "dismissed",
    ("dismiss", "missed_candidate"): "dismissed",
    ("restore", "accepted"): "pending",
    ("restore", "edited"): "pending",
    ("restore", "rejected"): "pending",
    ("restore", "dismissed"): "missed_candidate",
    ("reshape", "pending"): "edited",
    ("reshape", "accepted"): "edited",
    ("reshape", "edited"): "edited",
    ("reshape", "missed_candidate"): "edited",
}
OPEN = ("pending", "missed_candidate")
PLACES = st.integers(0, 3)


class Labels(RuleBasedStateMachine):
    """`boxes`: id -> (state, x). `done` and `undone`: id -> the operations on top of each other, with the value that each left behind."""

    @initialize()
    def begin(self):
        member = MembershipFactory()
        first = BoxFactory(frame__clip__drive__workspace=member.workspace)
        BoxFactory.create_batch(2, frame=first.frame)
        BoxFactory(frame=first.frame, state=Box.State.MISSED_CANDIDATE)
        self.user, self.frame = member.user, first.frame
        rows = Box.objects.filter(frame=self.frame).order_by("id")
        self.boxes = {str(box.client_id): (box.state, box.x) for box in rows}
        self.order = list(self.boxes)
        self.done = {id: [] for id in self.boxes}
        self.undone = {id: [] for id in self.boxes}
        self.sent, self.version, self.state = [], 1, "prelabelled"

    def send(self, *operations, version=None):
        expected = self.version if version is None else version
        return operations_apply(frame=self.frame, operations=operations, expected_version=expected, actor=self.user)

    def written(self, operation):
        self.send(operation)
        self.sent.append(operation)
        self.version += 1
        if self.state == "prelabelled":
            self.state = "in_audit"

    def put(self, id, value):
        self.boxes[id] = value
        if value[0] in OPEN and self.state == "audited":
            self.state = "reopened"

    @rule(
        kind=st.sampled_from(["accept", "reject", "dismiss", "restore", "reshape"]), place=PLACES, x=st.floats(0, 500)
    )
    def change(self, kind, place, x):
        id = self.order[place]
        state, old = self.boxes[id]
        shape = {"x": x, "y": 1.0, "width": 20.0, "height": 20.0}
        operation = {"id": uuid.uuid4(), "kind": kind, "box": uuid.UUID(id), **shape}
        if (kind, state) not in ALLOWED:
            with pytest.raises(DomainError):
                self.send(operation)
            return
        self.written(operation)
        self.done[id].append((operation["id"], (state, old)))
        self.undone[id].clear()
        self.put(id, (ALLOWED[kind, state], x if kind == "reshape" else old))

    @rule(place=PLACES)
    def undo(self, place):
        self.take_back(self.order[place], self.done, self.undone)

    @rule(place=PLACES)
    def redo(self, place):
        self.take_back(self.order[place], self.undone, self.done)

    def take_back(self, id, stack, other):
        if not stack[id]:
            return
        taken, value = stack[id].pop()
        operation = {"id": uuid.uuid4(), "kind": "undo", "operation": taken}
        self.written(operation)
        other[id].append((operation["id"], self.boxes[id]))
        self.put(id, value)

    @rule()
    def finish(self):
        self.written({"id": uuid.uuid4(), "kind": "finish", "accept_rest": True})
        for id, (state, x) in self.boxes.items():
            if state in OPEN:
                self.boxes[id] = ("accepted" if state == "pending" else "dismissed", x)
                self.done[id].clear()
                self.undone[id].clear()
        self.state = "audited"

    @precondition(lambda self: self.state == "audited")
    @rule()
    def reopen(self):
        self.written({"id": uuid.uuid4(), "kind": "reopen"})
        self.state = "reopened"

    @rule(number=st.integers(0, 100))
    def repeat(self, number):
        if self.sent:
            result = self.send(self.sent[number % len(self.sent)], version=0)
            assert result["applied"][0]["duplicate"]
            assert result["version"] == self.version

    @rule(place=PLACES, stale=st.booleans())
    def refused(self, place, stale):
        """Of a request with a broken operation, or for an older version, nothing is written."""
        id = uuid.UUID(self.order[place])
        good = {"id": uuid.uuid4(), "kind": "flag", "box": id, "occluded": True}
        outside = {"id": uuid.uuid4(), "kind": "create", "box": uuid.uuid4(), "category": self.category(), "x": 630.0}
        broken = {**outside, "y": 0.0, "width": 20.0, "height": 20.0}
        with pytest.raises(DomainError) as error:
            self.send(good, *([] if stale else [broken]), version=self.version - stale)
        assert (error.value.code == "frame_changed") == stale

    def category(self):
        return self.frame.drive.taxonomy.categories.first().id

    @invariant()
    def agrees(self):
        rows = list(Box.objects.filter(frame=self.frame))
        assert {str(box.client_id): (box.state, box.x) for box in rows} == self.boxes
        frame = Frame.objects.get(id=self.frame.id)
        assert (frame.version, frame.state) == (self.version, self.state)

    @invariant()
    def history_tells_the_same(self):
        for box in Box.objects.filter(frame=self.frame, events__isnull=False).distinct():
            assert box.events.latest("id").after == box_values(box)


class TestLabels(Labels.TestCase, TestCase):
    settings = settings(max_examples=20, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))
