"""What the desk takes its undo from after a reload: one's own operations that stand, and what stands in their way."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import MembershipFactory
from webapp.accounts.models import Membership
from webapp.audit.services import release
from webapp.labels import recent as recent_room
from webapp.labels.models import BoxEvent

pytestmark = pytest.mark.django_db
URL = "/api/v1/operations/"


def recent(desk, **query):
    return desk.client.get(URL, query).json()["results"]


def test_what_one_key_did_is_there_together_in_order(desk):
    gesture = str(uuid.uuid4())
    accept, finish = {**desk.on_box("accept"), "gesture": gesture}, {"kind": "finish", "gesture": gesture}
    assert desk.send(accept, finish).status_code == 200
    found = recent(desk)
    assert [(row["kind"], row["gesture"], row["frame"]) for row in found] == [
        ("accepted", gesture, desk.frame.id),
        ("finished", gesture, desk.frame.id),
    ]
    assert (found[0]["box"], found[0]["before"]["state"]) == (str(desk.box.client_id), "pending")
    assert found[0]["changed_by"] is None


def test_what_was_undone_is_gone_and_what_was_redone_is_back(desk):
    accept, undo = desk.on_box("accept", id=str(uuid.uuid4())), str(uuid.uuid4())
    desk.send(accept)
    desk.send({"kind": "undo", "operation": accept["id"], "id": undo})
    assert recent(desk) == []
    desk.send({"kind": "undo", "operation": undo})
    assert [row["id"] for row in recent(desk)] == [accept["id"]]


def test_a_long_sitting_comes_in_parts_and_no_key_is_cut_in_two(desk, monkeypatch):
    monkeypatch.setattr(recent_room, "MOST", 2)
    first, gesture = str(uuid.uuid4()), str(uuid.uuid4())
    flags = [{**desk.on_box("flag", occluded=on), "gesture": gesture} for on in (True, False, True)]
    assert desk.send({**desk.on_box("accept"), "id": first}, *flags).status_code == 200
    newest = recent(desk)
    assert [row["gesture"] for row in newest] == [gesture] * 3
    assert [row["id"] for row in recent(desk, before=newest[0]["id"])] == [first]
    assert recent(desk, before=first) == []
    assert len(recent(desk, before=str(uuid.uuid4()))) == 3


def test_the_grid_sees_what_was_done_in_the_grid(desk):
    desk.send(desk.on_box("accept", device="grid"), desk.on_box("flag", occluded=True, device="desk"))
    assert [row["kind"] for row in recent(desk, device="grid")] == ["accepted"]
    assert len(recent(desk)) == 2


def test_who_changed_it_since_is_named(desk, member):
    desk.send(desk.on_box("accept"))
    other = MembershipFactory(workspace=member.workspace, role=Membership.Role.LEAD)
    release(member.user, [desk.frame.id])
    desk.client.force_authenticate(other.user)
    assert desk.send(desk.on_box("reject")).status_code == 200
    desk.client.force_authenticate(member.user)
    assert recent(desk)[0]["changed_by"] == {"id": other.user.id, "name": str(other.user)}


def test_yesterday_is_over(desk):
    desk.send(desk.on_box("accept"))
    BoxEvent.objects.update(created_at=timezone.now() - timedelta(hours=13))
    assert recent(desk) == []


def test_others_are_seen_with_the_right_to_review_alone(desk, member, client_of):
    desk.send(desk.on_box("accept"))
    annotator = MembershipFactory(workspace=member.workspace, role=Membership.Role.ANNOTATOR)
    assert client_of(annotator).get(URL).json()["results"] == []
    refused = client_of(annotator).get(URL, {"actor": member.user.id})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
    lead = MembershipFactory(workspace=member.workspace, role=Membership.Role.LEAD)
    assert len(client_of(lead).get(URL, {"actor": member.user.id}).json()["results"]) == 1
    assert client_of(lead).get(URL, {"actor": MembershipFactory().user.id}).status_code == 404
