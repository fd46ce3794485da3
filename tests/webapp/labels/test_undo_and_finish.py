"""What was done can be taken back, by new events; a finished frame has no open box."""

import uuid

import pytest

from tests.factories import BoxFactory, MembershipFactory
from webapp.accounts.models import Membership
from webapp.audit.services import release
from webapp.labels.models import Box

pytestmark = pytest.mark.django_db


def test_create_then_undo_leaves_a_rejected_box(desk):
    operation = {
        "id": str(uuid.uuid4()),
        "kind": "create",
        "box": str(uuid.uuid4()),
        "category": desk.category("sign").id,
    }
    shape = {"x": 1.5, "y": 2.25, "width": 30.0, "height": 40.5}
    made = desk.send({**operation, **shape}).json()["boxes"][0]
    assert (made["source"], made["state"], made["x"], made["height"]) == ("human", "accepted", 1.5, 40.5)
    undone = desk.send({"kind": "undo", "operation": operation["id"]}).json()["boxes"][0]
    assert undone["state"] == "rejected"
    assert Box.objects.filter(client_id=operation["box"]).exists()


def test_undo_redo_undo_walks_the_same_change(desk):
    reshape = desk.on_box("reshape", x=1.0, y=1.0, width=20.0, height=20.0, id=str(uuid.uuid4()))
    undo = {"kind": "undo", "operation": reshape["id"], "id": str(uuid.uuid4())}
    desk.send(reshape)
    desk.send(undo)
    desk.box.refresh_from_db()
    assert (desk.box.x, desk.box.state) == (10.0, "pending")
    desk.send({"kind": "undo", "operation": undo["id"]})
    desk.box.refresh_from_db()
    assert (desk.box.x, desk.box.state) == (1.0, "edited")
    desk.send({"kind": "undo", "operation": reshape["id"]})
    desk.box.refresh_from_db()
    assert (desk.box.x, desk.box.state) == (10.0, "pending")


def test_undoing_twice_is_a_conflict(desk):
    accept = desk.on_box("accept", id=str(uuid.uuid4()))
    desk.send(accept)
    desk.send({"kind": "undo", "operation": accept["id"]})
    again = desk.send({"kind": "undo", "operation": accept["id"]})
    assert (again.status_code, again.json()["code"]) == (409, "already_undone")


def test_only_the_last_change_of_a_box_can_be_taken_back(desk):
    relabel = desk.on_box("relabel", category=desk.category("bus").id, id=str(uuid.uuid4()))
    desk.send(relabel)
    desk.send(desk.on_box("reject"))
    response = desk.send({"kind": "undo", "operation": relabel["id"]})
    assert (response.status_code, response.json()["code"]) == (409, "not_last_change")


def test_an_annotator_cannot_take_back_what_another_did(desk, member):
    accept = desk.on_box("accept", id=str(uuid.uuid4()))
    desk.send(accept)
    release(member.user, [desk.frame.id])
    other = MembershipFactory(workspace=member.workspace, role=Membership.Role.ANNOTATOR)
    desk.client.force_authenticate(other.user)
    response = desk.send({"kind": "undo", "operation": accept["id"]})
    assert (response.status_code, response.json()["code"]) == (403, "not_yours")
    assert desk.state() == Box.State.ACCEPTED


def test_finish_wants_every_box_decided(desk):
    response = desk.send({"kind": "finish"})
    assert response.status_code == 409
    assert response.json()["open"] == [str(desk.box.client_id)]


def test_finish_can_accept_the_rest_and_be_undone(desk):
    candidate = BoxFactory(frame=desk.frame, state=Box.State.MISSED_CANDIDATE)
    finish = {"kind": "finish", "accept_rest": True, "id": str(uuid.uuid4())}
    done = desk.send(finish).json()
    candidate.refresh_from_db()
    assert (desk.state(), candidate.state, done["frame"]["state"]) == ("accepted", "dismissed", "audited")
    undone = desk.send({"kind": "undo", "operation": finish["id"]}).json()
    candidate.refresh_from_db()
    assert (desk.state(), candidate.state) == ("pending", "missed_candidate")
    assert undone["frame"]["state"] == "reopened"


def test_a_finish_that_was_undone_can_be_redone_with_the_rest(desk):
    finish = {"kind": "finish", "accept_rest": True, "id": str(uuid.uuid4())}
    undo = {"kind": "undo", "operation": finish["id"], "id": str(uuid.uuid4())}
    desk.send(finish)
    desk.send(undo)
    redone = desk.send({"kind": "undo", "operation": undo["id"]}).json()
    assert (desk.state(), redone["frame"]["state"]) == ("accepted", "audited")
    assert desk.send({"kind": "undo", "operation": finish["id"]}).json()["frame"]["state"] == "reopened"
    assert desk.state() == "pending"


def test_a_finish_is_not_redone_over_a_box_that_waits(desk):
    finish = {"kind": "finish", "accept_rest": True, "id": str(uuid.uuid4())}
    undo = {"kind": "undo", "operation": finish["id"], "id": str(uuid.uuid4())}
    desk.send(finish, undo)
    waiting = BoxFactory(frame=desk.frame)
    response = desk.send({"kind": "undo", "operation": undo["id"]})
    assert (response.status_code, response.json()["open"]) == (409, [str(waiting.client_id)])
    assert desk.state() == "pending"


def test_undo_and_finish_in_one_request_see_each_other(desk):
    accept = desk.on_box("accept", id=str(uuid.uuid4()))
    desk.send(accept, {"kind": "finish"})
    response = desk.send({"kind": "undo", "operation": accept["id"]}, {"kind": "finish"})
    assert (response.status_code, response.json()["code"]) == (409, "open_boxes")
    assert desk.state() == "accepted"


def test_reopen_puts_the_frame_back_on_the_queue(desk):
    desk.send(desk.on_box("accept"), {"kind": "finish"})
    assert desk.send({"kind": "reopen"}).json()["frame"]["state"] == "reopened"
    assert desk.send({"kind": "reopen"}).json()["code"] == "illegal_move"


def test_the_frames_risk_is_that_of_its_open_boxes(desk):
    BoxFactory(frame=desk.frame, risk=0.4, severity=2.75)
    body = desk.send(desk.on_box("accept")).json()
    assert body["frame"]["risk"] == pytest.approx(0.4)
    second = desk.send({"kind": "undo", "operation": body["applied"][0]["id"]}).json()
    assert second["frame"]["risk"] == pytest.approx(1 - (1 - 0.5 / 2.75) * (1 - 0.4))


def test_undoing_a_decision_after_finish_reopens_the_frame(desk):
    accept = desk.on_box("accept", id=str(uuid.uuid4()))
    desk.send(accept)
    assert desk.send({"kind": "finish"}).json()["frame"]["state"] == "audited"
    undone = desk.send({"kind": "undo", "operation": accept["id"]}).json()
    assert undone["frame"]["state"] == "reopened"
    assert undone["frame"]["risk"] > 0
