"""Verdicts: accepted, returned to the annotator first, reopened; a stage of its own beside the frame's state."""

import pytest

from tests.factories import FrameFactory, MembershipFactory
from tests.webapp.review.conftest import finish
from webapp.audit.services import claim
from webapp.blind.models import BlindTrial
from webapp.footage.models import Frame
from webapp.review.models import Review
from webapp.review.selectors import frames_in, stage_of

pytestmark = pytest.mark.django_db


def judge(client, frame, verdict, *, seen=None, version=None, **values):
    frame = Frame.objects.get(id=frame.id)
    headers = {"If-Match": f'"{version or frame.version}"'}
    body = {"verdict": verdict, "seen": seen, **values}
    return client.post(f"/api/v1/frames/{frame.id}/reviews/", body, format="json", headers=headers)


def stage(frame) -> str:
    """As the function says it; the lists must say the same."""
    frame = Frame.objects.get(id=frame.id)
    said = stage_of(frame, frame.reviews.filter(current=True).first())
    listed = [one for one in Review.Stage if frames_in(frame.workspace, one).filter(id=frame.id).exists()]
    assert listed == ([said] if said != Review.Stage.UNREVIEWED or frame.state == Frame.State.AUDITED else [])
    return said


def test_accepting_changes_no_label_and_a_later_change_is_seen(client, frame, annotator):
    version = frame.version
    assert judge(client, frame, "accepted").json()["stage"] == "accepted"
    assert Frame.objects.get(id=frame.id).version == version
    judge(client, frame, "reopened", seen=Review.objects.get().id)
    assert stage(frame) == "unreviewed"


def test_a_frame_that_changed_after_it_was_accepted_says_so(client, frame):
    judge(client, frame, "accepted")
    Frame.objects.filter(id=frame.id).update(version=frame.version + 1)
    assert stage(frame) == "changed"


def test_a_returned_frame_goes_to_its_annotator_first_and_to_nobody_else(client, frame, annotator, workspace):
    FrameFactory(clip=frame.clip, state=Frame.State.PRELABELLED, risk=0.9)
    answer = judge(client, frame, "returned", text="The bus is a truck.", box=str(frame.boxes.get().client_id))
    assert answer.json()["stage"] == "returned" == stage(frame)
    assert answer.json()["results"][0]["annotator"]["id"] == annotator.user.id
    assert Frame.objects.get(id=frame.id).state == Frame.State.REOPENED
    other = MembershipFactory(workspace=workspace).user
    assert frame.id not in claim(workspace=workspace, user=other, count=1)
    assert claim(workspace=workspace, user=annotator.user, count=1) == [frame.id]


def test_work_done_again_comes_back_to_the_lead(client, frame, annotator):
    judge(client, frame, "returned", text="Again")
    finish(frame, annotator.user)
    assert stage(frame) == "reworked"
    judge(client, frame, "accepted", seen=Review.objects.get().id)
    assert stage(frame) == "accepted"


def test_what_was_returned_to_me_is_listed_with_what_was_said(client, client_of, frame, annotator, lead):
    judge(client, frame, "returned", text="Too wide")
    path = "/api/v1/review-frames/?stage=returned&mine=true"
    [row] = client_of(annotator).get(path).json()["results"]
    assert (row["id"], row["review"]["text"], row["open_threads"]) == (frame.id, "Too wide", 1)
    assert client_of(lead).get(path).json()["results"] == []


def test_a_frame_that_its_annotator_leaves_can_be_opened_for_everybody(client, frame, workspace):
    judge(client, frame, "returned", text="Again")
    assert judge(client, frame, "reopened", seen=Review.objects.get().id).status_code == 201
    other = MembershipFactory(workspace=workspace).user
    assert claim(workspace=workspace, user=other) == [frame.id]


def test_of_two_leads_at_once_the_second_is_told_what_the_first_said(client, client_of, frame, lead):
    assert judge(client_of(lead), frame, "accepted").status_code == 201
    refusal = judge(client, frame, "returned", text="No")
    assert (refusal.status_code, refusal.json()["code"]) == (409, "review_changed")
    assert refusal.json()["current"]["by"]["id"] == lead.user.id
    assert stage(frame) == "accepted"


def test_a_verdict_on_another_version_of_the_frame_is_refused(client, frame):
    refusal = judge(client, frame, "accepted", version=frame.version + 1)
    assert (refusal.status_code, refusal.json()["code"]) == (412, "frame_changed")
    assert not Review.objects.exists()


def test_only_finished_work_is_judged_and_returning_says_why(client, frame):
    assert judge(client, frame, "returned").status_code == 400
    Frame.objects.filter(id=frame.id).update(state=Frame.State.IN_AUDIT)
    assert judge(client, frame, "accepted").json()["code"] == "not_audited"


def test_the_summary_counts_what_the_lists_hold(client, client_of, frame, annotator, workspace):
    finish(FrameFactory(clip=frame.clip, state=Frame.State.PRELABELLED), annotator.user)
    judge(client, frame, "returned", text="Again")
    body = client_of(annotator).get("/api/v1/review-summary/").json()
    assert (body["returned_to_me"], body["open_threads"]) == (1, 1)
    assert {name: body[name] for name in Review.Stage.values} == {
        name: frames_in(workspace, name).count() for name in Review.Stage.values
    }
    assert (body["unreviewed"], body["returned"]) == (1, 1)


def test_a_frame_of_which_one_sees_a_blind_trial_is_neither_listed_nor_counted(client, member, frame):
    def seen():
        rows = client.get("/api/v1/review-frames/?stage=unreviewed").json()["results"]
        return len(rows), client.get("/api/v1/review-summary/").json()["unreviewed"]

    assert seen() == (1, 1)
    BlindTrial.objects.create(frame=frame, user=member.user, kind=BlindTrial.Kind.GOLD, seed=1)
    assert seen() == (0, 0)


def test_each_list_can_be_of_one_person_s_work(client, frame, annotator, lead):
    def listed(stage, person):
        path = f"/api/v1/review-frames/?stage={stage}&annotator={person.user.id}"
        return [row["id"] for row in client.get(path).json()["results"]]

    assert (listed("unreviewed", annotator), listed("unreviewed", lead)) == ([frame.id], [])
    judge(client, frame, "returned", text="Again")
    assert (listed("returned", annotator), listed("unreviewed", annotator)) == ([frame.id], [])
    finish(frame, annotator.user)
    assert (listed("reworked", annotator), listed("reworked", lead)) == ([frame.id], [])


def test_a_page_of_rows_is_few_queries(client, frame, annotator, django_assert_max_num_queries):
    for _ in range(4):
        extra = FrameFactory(clip=frame.clip, state=Frame.State.PRELABELLED)
        finish(extra, annotator.user)
        judge(client, extra, "accepted")
    with django_assert_max_num_queries(10):
        rows = client.get("/api/v1/review-frames/?stage=accepted").json()["results"]
    assert len(rows) == 4
    assert {row["annotator"]["id"] for row in rows} == {annotator.user.id}
