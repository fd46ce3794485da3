"""The team's figures: counted from events, and each leads to the rows that it counts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import BoxFactory, MembershipFactory
from tests.webapp.review.conftest import finish
from webapp.accounts.models import Membership
from webapp.labels.models import BoxEvent
from webapp.review.threads import thread_begin
from webapp.review.verdicts import frame_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(workspace) -> Membership:
    return MembershipFactory(workspace=workspace, role=Membership.Role.ANNOTATOR)


@pytest.fixture
def box(workspace):
    return BoxFactory(frame__clip__drive__workspace=workspace)


def decide(box, user, seconds, *, days_ago=0, kind=BoxEvent.Kind.ACCEPTED):
    event = BoxEvent.objects.create(box=box, frame=box.frame, kind=kind, actor=user, seconds=seconds)
    BoxEvent.objects.filter(id=event.id).update(created_at=timezone.now() - timedelta(days=days_ago))


def row(client, user, days=7):
    rows = client.get(f"/api/v1/team/?days={days}").json()["results"]
    return next(each for each in rows if each["user"]["id"] == user.id)


def test_speed_is_of_what_was_timed_and_the_count_of_everything(client, ann, box):
    for seconds in (1.0, 2.0, 9.0, None):
        decide(box, ann.user, seconds)
    found = row(client, ann.user)
    assert (found["decisions"], found["median_s"], found["worked_s"]) == (4, 2.0, 12.0)
    assert found["per_hour"] == pytest.approx(3 * 3600 / 12)


def test_who_decided_nothing_has_no_speed_rather_than_zero(client, ann):
    found = row(client, ann.user)
    assert (found["decisions"], found["per_hour"], found["median_s"]) == (0, None, None)
    assert found["sensitivity"]["sensitivity"] is None


def test_what_is_older_or_no_decision_is_not_counted(client, ann, box):
    decide(box, ann.user, 1.0, days_ago=8)
    decide(box, ann.user, 1.0, kind=BoxEvent.Kind.UNDONE)
    assert row(client, ann.user)["decisions"] == 0
    assert row(client, ann.user, days=30)["decisions"] == 1


def test_the_list_holds_what_the_number_counts(client, ann, member, box):
    for person in (ann.user, ann.user, member.user):
        decide(box, person, 1.5)
    listed = client.get(f"/api/v1/decisions/?user={ann.user.id}").json()["results"]
    assert len(listed) == row(client, ann.user)["decisions"] == 2
    assert {(each["user"]["id"], each["frame"], each["category"], each["seconds"]) for each in listed} == {
        (ann.user.id, box.frame_id, box.category.name, 1.5)
    }


def test_returned_frames_and_open_comments_count_for_whose_work_it_is(client, workspace, ann, member, box):
    finish(box.frame, ann.user)
    frame = box.frame
    frame.refresh_from_db()
    thread_begin(frame=frame, author=member.user, text="Look")
    frame_review(
        frame=frame, by=member.user, verdict="returned", expected_version=frame.version, seen=None, text="Again"
    )
    found = row(client, ann.user)
    assert (found["returned"], found["open_comments"]) == (1, 2)
    id = ann.user.id
    assert len(client.get(f"/api/v1/review-frames/?stage=returned&annotator={id}").json()["results"]) == 1
    assert len(client.get(f"/api/v1/threads/?open=true&annotator={id}").json()["results"]) == 2
    assert row(client, member.user)["returned"] == 0
    assert client.get(f"/api/v1/threads/?open=true&annotator={member.user.id}").json()["results"] == []


def test_another_workspace_sees_none_of_it(stranger, ann, box):
    decide(box, ann.user, 1.0)
    assert stranger.get("/api/v1/decisions/").json()["results"] == []
    assert ann.user.id not in [each["user"]["id"] for each in stranger.get("/api/v1/team/").json()["results"]]
