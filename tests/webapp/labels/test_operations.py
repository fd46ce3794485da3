"""Operations on a frame: all or none, harmless when repeated, never over somebody else's change."""

import uuid

import pytest

from tests.factories import BoxFactory, MembershipFactory
from webapp.accounts.models import Membership
from webapp.footage.models import Frame
from webapp.labels.models import Box, BoxEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(api_client, member):
    """A client of a lead, and a frame with one pending box."""
    box = BoxFactory(frame__clip__drive__workspace=member.workspace)
    return Desk(api_client, member.user, box.frame, box)


class Desk:
    def __init__(self, client, user, frame, box):
        self.client, self.user, self.frame, self.box = client, user, frame, box
        client.force_authenticate(user)

    def send(self, *operations, version=None, frame=None):
        frame = frame or self.frame
        if version is None:
            version = Frame.objects.get(id=frame.id).version
        body = {"operations": [{"id": str(uuid.uuid4()), **operation} for operation in operations]}
        path = f"/api/v1/frames/{frame.id}/operations/"
        return self.client.post(path, body, format="json", headers={"If-Match": f'"{version}"'})

    def on_box(self, kind, **values):
        return {"kind": kind, "box": str(self.box.client_id), **values}

    def state(self):
        self.box.refresh_from_db()
        return self.box.state

    def category(self, name):
        return self.frame.drive.taxonomy.categories.get(name=name)


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
    assert undone["frame"]["state"] != "audited"


def test_undoing_a_decision_after_finish_reopens_the_frame(desk):
    accept = desk.on_box("accept", id=str(uuid.uuid4()))
    desk.send(accept)
    assert desk.send({"kind": "finish"}).json()["frame"]["state"] == "audited"
    undone = desk.send({"kind": "undo", "operation": accept["id"]}).json()
    assert undone["frame"]["state"] == "reopened"
    assert undone["frame"]["risk"] > 0


def test_a_frame_that_another_holds_is_not_written(desk, member):
    from webapp.audit.services import claim

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
    with django_assert_max_num_queries(8):
        response = desk.client.get(f"/api/v1/frames/{desk.frame.id}/")
    assert len(response.json()["boxes"]) == 41
    assert response["ETag"] == f'"{desk.frame.version}"'


def test_other_models_predictions_stay_off_the_desk(desk):
    from tests.factories import ModelVersionFactory

    other = ModelVersionFactory(workspace=desk.frame.workspace)
    BoxFactory(frame=desk.frame, model_version=other, index=0)
    shown = desk.client.get(f"/api/v1/frames/{desk.frame.id}/").json()["boxes"]
    assert [box["id"] for box in shown] == [desk.box.id]


def test_history_names_who_did_what(desk):
    desk.send(desk.on_box("accept"))
    [event] = desk.client.get(f"/api/v1/frames/{desk.frame.id}/events/").json()["results"]
    assert (event["kind"], event["actor"]["id"]) == ("accepted", desk.user.id)
