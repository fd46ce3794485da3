"""Drives and categories given to people: preferred by their claims, and kept from others where they are theirs alone."""

import pytest

from tests.factories import (
    AssignmentFactory,
    BoxFactory,
    CategoryFactory,
    ClipFactory,
    DriveFactory,
    FrameFactory,
    MembershipFactory,
    TaxonomyFactory,
)
from tests.webapp.review.conftest import finish
from webapp.accounts.models import Membership
from webapp.audit.sampling import sample_draw
from webapp.audit.services import claim
from webapp.footage.models import Frame
from webapp.team.models import Assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(workspace) -> Membership:
    return MembershipFactory(workspace=workspace, role=Membership.Role.ANNOTATOR)


@pytest.fixture
def bob(workspace) -> Membership:
    return MembershipFactory(workspace=workspace, role=Membership.Role.ANNOTATOR)


@pytest.fixture
def drives(workspace):
    """Two drives of one taxonomy, the first with the riskier frames."""
    taxonomy = TaxonomyFactory(workspace=workspace)
    return [DriveFactory(workspace=workspace, taxonomy=taxonomy) for _ in range(2)]


@pytest.fixture
def frames(drives):
    return [
        FrameFactory(clip=ClipFactory(drive=drive), state=Frame.State.PRELABELLED, risk=risk)
        for drive, risk in zip(drives, (0.9, 0.1), strict=True)
    ]


def assign(client, user, **values):
    return client.post("/api/v1/assignments/", {"user": user.id, **values}, format="json")


def taken(workspace, user, count=5):
    return claim(workspace=workspace, user=user, count=count)


def test_what_is_assigned_to_me_comes_before_what_is_riskier(workspace, client, ann, drives, frames):
    assert assign(client, ann.user, drive=drives[1].id).status_code == 201
    assert taken(workspace, ann.user) == [frames[1].id, frames[0].id]


def test_what_is_shared_is_given_to_others_too(workspace, client, ann, bob, drives, frames):
    assign(client, ann.user, drive=drives[0].id)
    assert taken(workspace, bob.user) == [frames[0].id, frames[1].id]


def test_what_is_anothers_alone_is_not_given_until_it_is_taken_back(workspace, client, ann, bob, drives, frames):
    made = assign(client, ann.user, drive=drives[0].id, alone=True).json()
    assert taken(workspace, bob.user) == [frames[1].id]
    client.post(f"/api/v1/assignments/{made['id']}/end/", {}, format="json")
    assert frames[0].id in taken(workspace, bob.user)


def test_a_category_keeps_the_frames_where_it_waits(workspace, client, ann, bob, drives, frames):
    box = BoxFactory(frame=frames[0])
    assign(client, ann.user, category=box.category_id, alone=True)
    assert taken(workspace, bob.user) == [frames[1].id]
    assert taken(workspace, ann.user) == [frames[0].id]


def test_a_frame_that_is_two_peoples_alone_goes_to_either(workspace, client, ann, bob, drives, frames):
    box = BoxFactory(frame=frames[0])
    assign(client, ann.user, drive=drives[0].id, alone=True)
    assign(client, bob.user, category=box.category_id, alone=True)
    assert frames[0].id in taken(workspace, bob.user)
    assert frames[0].id not in taken(workspace, MembershipFactory(workspace=workspace).user)


def test_the_random_stratum_is_mixed_in_all_the_same(workspace, ann, drives, frames, settings):
    settings.AUDIT_RANDOM_SHARE = 1.0
    BoxFactory(frame=frames[0])
    sample_draw(drive=drives[0], created_by=ann.user, size=1)
    AssignmentFactory(workspace=workspace, user=ann.user, drive=drives[1])
    assert taken(workspace, ann.user, count=1) == [frames[0].id]


def test_the_count_of_what_waits_leaves_out_what_is_anothers_alone(workspace, client_of, ann, bob, drives, frames):
    AssignmentFactory(workspace=workspace, user=ann.user, drive=drives[0], alone=True)
    body = client_of(bob).post("/api/v1/audit/claim/", {"count": 5}, format="json").json()
    assert (len(body["frames"]), body["remaining"]) == (1, 1)


def test_an_assignment_is_given_once_and_can_be_given_again(client, ann, drives):
    made = assign(client, ann.user, drive=drives[0].id).json()
    refusal = assign(client, ann.user, drive=drives[0].id)
    assert (refusal.status_code, refusal.json()["code"]) == (409, "assigned_already")
    assert refusal.json()["current"]["id"] == made["id"]
    path = f"/api/v1/assignments/{made['id']}/end/"
    assert client.post(path, {"ended": True}, format="json").json()["ended_at"]
    assert client.post(path, {"ended": False}, format="json").json()["ended_at"] is None


def test_two_leads_cannot_give_one_drive_to_two_people_alone(client, client_of, workspace, ann, bob, drives):
    lead = MembershipFactory(workspace=workspace, role=Membership.Role.LEAD)
    assign(client, ann.user, drive=drives[0].id, alone=True)
    refusal = assign(client_of(lead), bob.user, drive=drives[0].id, alone=True)
    assert refusal.json()["code"] == "assigned_already"
    assert refusal.json()["current"]["user"]["id"] == ann.user.id
    assert Assignment.objects.count() == 1


def test_only_what_is_here_is_given_and_only_to_auditors(client, workspace, ann, drives):
    viewer = MembershipFactory(workspace=workspace, role=Membership.Role.VIEWER)
    other = CategoryFactory()
    for user, values in (
        (ann.user, {}),
        (ann.user, {"drive": DriveFactory().id}),
        (ann.user, {"category": other.id}),
        (ann.user, {"drive": drives[0].id, "category": other.id}),
        (viewer.user, {"drive": drives[0].id}),
        (MembershipFactory().user, {"drive": drives[0].id}),
    ):
        answer = assign(client, user, **values)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_assignment"), values


def test_progress_counts_frames_of_a_drive_and_boxes_of_a_category(client, client_of, ann, bob, drives, frames):
    box = BoxFactory(frame=frames[0])
    BoxFactory(frame=frames[1], category=box.category)
    assign(client, ann.user, drive=drives[0].id)
    assign(client, bob.user, category=box.category_id)
    finish(frames[0], ann.user)
    rows = {row["user"]["id"]: row["progress"] for row in client.get("/api/v1/assignments/").json()["results"]}
    assert rows[ann.user.id] == {"unit": "frames", "total": 1, "done": 1, "by_them": 1}
    assert rows[bob.user.id] == {"unit": "boxes", "total": 2, "done": 1, "by_them": 0}
    [mine] = client_of(bob).get("/api/v1/assignments/?mine=true").json()["results"]
    assert mine["user"]["id"] == bob.user.id


def test_people_are_those_who_may_audit(client, workspace, ann, member):
    MembershipFactory(workspace=workspace, role=Membership.Role.VIEWER)
    assert {row["id"] for row in client.get("/api/v1/people/").json()["results"]} == {ann.user.id, member.user.id}
