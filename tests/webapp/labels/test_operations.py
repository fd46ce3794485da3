"""Operations on a frame: all or none, harmless when repeated, never over somebody else's change."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import BoxFactory, MembershipFactory, ModelVersionFactory
from webapp.accounts.models import Membership
from webapp.audit.models import Lease
from webapp.audit.services import claim
from webapp.footage.models import Frame
from webapp.labels.models import Box, BoxEvent

pytestmark = pytest.mark.django_db


def test_accept_is_an_event_and_its_projection(desk):
    response = desk.send(desk.on_box("accept", seconds=1.4, device="keyboard"))
    assert response.status_code == 200
    assert desk.state() == Box.State.ACCEPTED
    event = BoxEvent.objects.get(box=desk.box, actor=desk.user)
    assert (event.kind, event.seconds, event.before["state"], event.after["state"]) == (
        "accepted",
        1.4,
        "pending",
        "accepted",
    )
    body = response.json()
    assert body["version"] == desk.frame.version + 1
    assert body["boxes"][0]["state"] == "accepted"
    assert body["frame"]["state"] == Frame.State.IN_AUDIT
    assert body["frame"]["risk"] == 0


def test_a_repeated_request_changes_nothing_whatever_version_it_expects(desk):
    operation = desk.on_box("relabel", category=desk.category("bus").id, id=str(uuid.uuid4()))
    first = desk.send(operation).json()
    again = desk.send(operation, version=1)
    assert again.status_code == 200
    assert again.json()["applied"] == [{"id": operation["id"], "duplicate": True}]
    assert again.json()["boxes"] == first["boxes"]
    assert again.json()["version"] == first["version"]
    assert BoxEvent.objects.filter(box=desk.box, actor=desk.user).count() == 1


def test_a_stale_version_gets_the_current_state_and_changes_nothing(desk):
    desk.send(desk.on_box("accept"))
    late = desk.send(desk.on_box("reject"), version=1)
    assert late.status_code == 412
    assert late.json()["code"] == "frame_changed"
    assert late.json()["current"]["boxes"][0]["state"] == "accepted"
    assert desk.state() == Box.State.ACCEPTED


def test_without_if_match_nothing_is_written(desk):
    body = {"operations": [{"id": str(uuid.uuid4()), **desk.on_box("accept")}]}
    response = desk.client.post(f"/api/v1/frames/{desk.frame.id}/operations/", body, format="json")
    assert (response.status_code, response.json()["code"]) == (428, "if_match_required")


def test_one_bad_operation_undoes_the_whole_request(desk):
    outside = desk.on_box("reshape", x=600.0, y=10.0, width=100.0, height=10.0)
    response = desk.send(desk.on_box("accept"), outside)
    assert response.status_code == 400
    assert list(response.json()["fields"]) == ["operations.1.x"]
    assert desk.state() == Box.State.PENDING
    assert not BoxEvent.objects.filter(actor=desk.user).exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"x": -1.0, "y": 0.0, "width": 10.0, "height": 10.0}, "operations.0.x"),
        ({"x": 0.0, "y": 0.0, "width": 0.5, "height": 10.0}, "operations.0.width"),
        ({"x": 0.0, "y": 355.0, "width": 10.0, "height": 10.0}, "operations.0.y"),
        ({"x": 0.0, "y": 0.0, "width": 10.0}, "operations.0.height"),
        ({"x": "NaN", "y": 0.0, "width": 10.0, "height": 10.0}, "operations.0.x"),
        ({"x": "inf", "y": 0.0, "width": 10.0, "height": 10.0}, "operations.0.x"),
        ({"x": 0.0, "y": 0.0, "width": 10.0, "height": 10.0, "seconds": "nan"}, "operations.0.seconds"),
        ({"x": 0.0, "y": 0.0, "width": 10.0, "height": 10.0, "box": "me"}, "operations.0.box"),
        ({"x": 0.0, "y": 0.0, "width": 10.0, "height": 10.0, "box": str(uuid.uuid4())}, "operations.0.box"),
    ],
)
def test_a_shape_that_cannot_be_names_its_field(desk, values, field):
    response = desk.send(desk.on_box("reshape", **values))
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert field in response.json()["fields"]


def test_a_category_of_another_taxonomy_is_refused(desk):
    stranger = BoxFactory().category
    response = desk.send(desk.on_box("relabel", category=stranger.id))
    assert "operations.0.category" in response.json()["fields"]


def test_writing_borrows_the_frame_and_finishing_gives_it_back(desk):
    desk.send(desk.on_box("accept"))
    assert list(Lease.objects.filter(released_at=None).values_list("user", flat=True)) == [desk.user.id]
    desk.send({"kind": "finish"})
    assert not Lease.objects.filter(released_at=None).exists()


def test_an_expired_lease_is_no_lease(desk, member):
    other = MembershipFactory(workspace=member.workspace, role=Membership.Role.ANNOTATOR)
    claim(workspace=member.workspace, user=other.user)
    Lease.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert desk.send(desk.on_box("accept")).status_code == 200
    assert Lease.objects.get(released_at=None).user == desk.user


def test_an_operation_of_another_frame_is_not_taken_for_a_repeat(desk):
    operation = desk.on_box("accept", id=str(uuid.uuid4()))
    desk.send(operation)
    second = BoxFactory(frame__clip=desk.frame.clip)
    response = desk.send({**operation, "box": str(second.client_id)}, frame=second.frame)
    assert (response.status_code, list(response.json()["fields"])) == (400, ["operations.0.id"])
    assert Box.objects.get(id=second.id).state == "pending"


def test_flags_and_dismissal_are_events_too(desk):
    candidate = BoxFactory(frame=desk.frame, state=Box.State.MISSED_CANDIDATE)
    flagged = desk.send(desk.on_box("flag", occluded=True, truncated=True)).json()["boxes"][0]
    assert (flagged["occluded"], flagged["truncated"], flagged["crowd"], flagged["state"]) == (
        True,
        True,
        False,
        "pending",
    )
    desk.send({"kind": "dismiss", "box": str(candidate.client_id)})
    desk.send({"kind": "restore", "box": str(candidate.client_id)})
    kinds = BoxEvent.objects.filter(actor=desk.user).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["flagged", "dismissed", "restored"]
    assert Box.objects.get(id=candidate.id).state == Box.State.MISSED_CANDIDATE


def test_a_frame_that_another_holds_is_not_written(desk, member):
    other = MembershipFactory(workspace=member.workspace, role=Membership.Role.ANNOTATOR)
    assert claim(workspace=member.workspace, user=other.user) == [desk.frame.id]
    response = desk.send(desk.on_box("accept"))
    assert (response.status_code, response.json()["code"], response.json()["by"]) == (
        409,
        "lease_held",
        str(other.user),
    )


@pytest.mark.parametrize("kind", ["accept", "dismiss", "relabel", "flag"])
def test_illegal_moves_are_conflicts(desk, kind):
    desk.send(desk.on_box("reject"))
    extra = {"category": desk.category("bus").id} if kind == "relabel" else {}
    expected = 200 if kind == "accept" else 409
    assert desk.send(desk.on_box(kind, **extra)).status_code == expected


def test_a_frame_opens_in_a_few_queries_whatever_it_holds(desk, django_assert_max_num_queries):
    BoxFactory.create_batch(40, frame=desk.frame)
    with django_assert_max_num_queries(10):  # four of them a neighbour's, each one look into an index
        response = desk.client.get(f"/api/v1/frames/{desk.frame.id}/")
    assert len(response.json()["boxes"]) == 41
    assert response["ETag"] == f'"{desk.frame.version}"'


def test_a_decision_is_written_in_a_few_queries_whatever_the_frame_holds(desk, django_assert_max_num_queries):
    BoxFactory.create_batch(40, frame=desk.frame)
    with django_assert_max_num_queries(17):
        assert desk.send(desk.on_box("accept"), version=1).status_code == 200


def test_other_models_predictions_stay_off_the_desk(desk):
    other = ModelVersionFactory(workspace=desk.frame.workspace)
    BoxFactory(frame=desk.frame, model_version=other, index=0)
    shown = desk.client.get(f"/api/v1/frames/{desk.frame.id}/").json()["boxes"]
    assert [box["client_id"] for box in shown] == [str(desk.box.client_id)]


def test_history_names_who_did_what(desk):
    desk.send(desk.on_box("accept"))
    [event] = desk.client.get(f"/api/v1/frames/{desk.frame.id}/events/").json()["results"]
    assert (event["kind"], event["actor"]["id"]) == ("accepted", desk.user.id)
