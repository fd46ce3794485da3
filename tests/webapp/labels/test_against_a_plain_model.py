"""Random operations, repeats and stale versions against a dictionary that does the same in ten lines."""

import uuid

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.factories import BoxFactory, MembershipFactory
from webapp.core.errors import DomainError
from webapp.footage.models import Frame
from webapp.labels.models import Box
from webapp.labels.services import operations_apply

ALLOWED = {
    ("accept", "pending"): "accepted",
    ("accept", "rejected"): "accepted",
    ("accept", "edited"): "edited",
    ("reject", "pending"): "rejected",
    ("reject", "accepted"): "rejected",
    ("reject", "edited"): "rejected",
    ("restore", "accepted"): "pending",
    ("restore", "edited"): "pending",
    ("restore", "rejected"): "pending",
    ("reshape", "pending"): "edited",
    ("reshape", "accepted"): "edited",
    ("reshape", "edited"): "edited",
}


class Labels(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        member = MembershipFactory()
        self.user = member.user
        boxes = BoxFactory.create_batch(3, frame=BoxFactory(frame__clip__drive__workspace=member.workspace).frame)
        self.frame = boxes[0].frame
        rows = Box.objects.filter(frame=self.frame)
        self.boxes = {str(box.client_id): (box.state, box.x) for box in rows}
        self.stack: dict[str, list] = {id: [] for id in self.boxes}
        self.sent = []
        self.version = Frame.objects.get(id=self.frame.id).version

    def send(self, operation, version=None):
        expected = self.version if version is None else version
        return operations_apply(frame=self.frame, operations=[operation], expected_version=expected, actor=self.user)

    @rule(
        kind=st.sampled_from(["accept", "reject", "restore", "reshape"]), place=st.integers(0, 3), x=st.integers(0, 500)
    )
    def change(self, kind, place, x):
        id = sorted(self.boxes)[place]
        state, old_x = self.boxes[id]
        operation = {
            "id": uuid.uuid4(),
            "kind": kind,
            "box": uuid.UUID(id),
            "x": float(x),
            "y": 1.0,
            "width": 20.0,
            "height": 20.0,
        }
        after = ALLOWED.get((kind, state))
        if after is None:
            with pytest.raises(DomainError):
                self.send(operation)
            return
        self.send(operation)
        self.version += 1
        self.stack[id].append((operation["id"], (state, old_x)))
        self.boxes[id] = (after, float(x) if kind == "reshape" else old_x)
        self.sent.append(operation)

    @rule(place=st.integers(0, 3))
    def undo(self, place):
        id = sorted(self.boxes)[place]
        if not self.stack[id]:
            return
        operation, before = self.stack[id].pop()
        self.send({"id": uuid.uuid4(), "kind": "undo", "operation": operation})
        self.version += 1
        self.boxes[id] = before

    @rule(data=st.data())
    def repeat(self, data):
        if self.sent:
            result = self.send(data.draw(st.sampled_from(self.sent)), version=0)
            assert result["applied"][0]["duplicate"]
            assert result["version"] == self.version

    @rule(place=st.integers(0, 3))
    def stale(self, place):
        with pytest.raises(DomainError) as error:
            self.send(
                {"id": uuid.uuid4(), "kind": "accept", "box": uuid.UUID(sorted(self.boxes)[place])},
                version=self.version - 1,
            )
        assert error.value.code == "frame_changed"

    @invariant()
    def agrees(self):
        if hasattr(self, "boxes"):
            rows = Box.objects.filter(frame=self.frame)
            assert {str(box.client_id): (box.state, box.x) for box in rows} == self.boxes
            assert Frame.objects.get(id=self.frame.id).version == self.version


class TestLabels(Labels.TestCase, TestCase):
    settings = settings(max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck))
