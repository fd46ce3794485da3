"""Presence: heard by heartbeats, gone by itself, and only inside the workspace."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import FrameFactory, MembershipFactory
from webapp.audit.services import claim
from webapp.footage.models import Frame
from webapp.team.models import Presence

pytestmark = pytest.mark.django_db
HEARTBEAT = "/api/v1/audit/heartbeat/"


@pytest.fixture
def frame(workspace):
    return FrameFactory(clip__drive__workspace=workspace, state=Frame.State.PRELABELLED)


def test_a_heartbeat_tells_the_others_where_one_is(client, client_of, member, workspace, frame):
    other = MembershipFactory(workspace=workspace)
    claim(workspace=workspace, user=member.user)
    client.post(HEARTBEAT, {"frames": [frame.id], "at": frame.id, "place": "grid"}, format="json")
    [heard] = client_of(other).post(HEARTBEAT, {"frames": []}, format="json").json()["others"]
    assert heard["user"]["id"] == member.user.id
    assert (heard["frame"], heard["drive"]["id"], heard["place"], heard["held"]) == (
        frame.id,
        frame.drive_id,
        "grid",
        1,
    )


def test_one_is_in_one_place_and_does_not_hear_oneself(client, frame):
    for at in (None, frame.id):
        answer = client.post(HEARTBEAT, {"frames": [], "at": at}, format="json").json()
        assert answer["others"] == []
    assert Presence.objects.get().frame_id == frame.id


def test_who_is_not_heard_of_any_more_has_left(client, frame):
    client.post(HEARTBEAT, {"frames": [], "at": frame.id}, format="json")
    assert len(client.get("/api/v1/presence/").json()["results"]) == 1
    Presence.objects.update(seen_at=timezone.now() - timedelta(seconds=121))
    assert client.get("/api/v1/presence/").json()["results"] == []


def test_another_workspace_sees_nobody_and_its_frames_are_nowhere(client, stranger, frame):
    foreign = FrameFactory()
    client.post(HEARTBEAT, {"frames": [], "at": foreign.id}, format="json")
    assert Presence.objects.get().frame is None
    assert stranger.get("/api/v1/presence/").json()["results"] == []


def test_the_list_is_two_queries_whatever_its_length(client, workspace, frame, django_assert_max_num_queries):
    for _ in range(5):
        user = MembershipFactory(workspace=workspace).user
        Presence.objects.create(workspace=workspace, user=user, frame=frame, place="desk", seen_at=timezone.now())
    with django_assert_max_num_queries(4):
        assert len(client.get("/api/v1/presence/").json()["results"]) == 5
