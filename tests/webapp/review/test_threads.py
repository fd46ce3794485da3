"""Comments pinned to frames: said, answered, resolved, and never overwritten in silence."""

import uuid

import pytest

from webapp.review.models import Thread

pytestmark = pytest.mark.django_db


def begin(client, frame, **values):
    return client.post(f"/api/v1/frames/{frame.id}/threads/", {"text": "Is this a truck?", **values}, format="json")


@pytest.fixture
def thread(client_of, annotator, frame):
    return begin(client_of(annotator), frame).json()


def test_a_comment_on_a_box_stands_at_its_middle_and_stays_when_the_box_goes(client, frame):
    box = frame.boxes.get()
    made = begin(client, frame, box=str(box.client_id)).json()
    assert (made["box"], made["x"], made["y"]) == (str(box.client_id), 60.0, 45.0)
    box.delete()
    [read] = client.get(f"/api/v1/frames/{frame.id}/threads/").json()["results"]
    assert (read["box"], read["x"], read["y"]) == (None, 60.0, 45.0)


def test_a_pin_is_a_box_of_the_frame_or_a_point_inside_it(client, frame):
    assert begin(client, frame, x=640.0, y=360.0).status_code == 201
    for wrong in ({"box": str(uuid.uuid4())}, {"x": 641.0, "y": 1.0}, {"x": 1.0}, {"text": "  "}):
        assert begin(client, frame, **wrong).status_code == 400
    assert Thread.objects.count() == 1


def test_a_repeated_request_begins_one_thread(client, frame):
    for _ in range(2):
        client.post(
            f"/api/v1/frames/{frame.id}/threads/", {"text": "Once"}, format="json", headers={"Idempotency-Key": "k"}
        )
    assert Thread.objects.count() == 1


def test_answers_come_in_order_with_who_said_them(client, thread, annotator, member):
    client.post(f"/api/v1/threads/{thread['id']}/comments/", {"text": "Yes."}, format="json")
    comments = client.get(f"/api/v1/frames/{thread['frame']}/threads/").json()["results"][0]["comments"]
    assert [(comment["text"], comment["author"]["id"]) for comment in comments] == [
        ("Is this a truck?", annotator.user.id),
        ("Yes.", member.user.id),
    ]


def test_resolving_what_one_has_not_read_is_told_with_what_was_said(client, client_of, annotator, thread, member):
    client_of(annotator).post(f"/api/v1/threads/{thread['id']}/comments/", {"text": "Wait!"}, format="json")
    path, body = f"/api/v1/threads/{thread['id']}/resolve/", {"resolved": True, "version": thread["version"]}
    refusal = client.post(path, body, format="json")
    assert (refusal.status_code, refusal.json()["code"]) == (412, "thread_changed")
    current = refusal.json()["current"]
    assert current["comments"][-1]["text"] == "Wait!"
    resolved = client.post(path, {**body, "version": current["version"]}, format="json").json()
    assert resolved["resolved_by"] == {"id": member.user.id, "name": str(member.user)}
    assert resolved["version"] == current["version"] + 1
    again = client.post(path, {"resolved": False, "version": resolved["version"]}, format="json").json()
    assert again["resolved_at"] is None


def test_of_two_who_resolve_at_once_the_second_changes_nothing(client, client_of, lead, thread):
    path, body = f"/api/v1/threads/{thread['id']}/resolve/", {"resolved": True, "version": thread["version"]}
    first = client.post(path, body, format="json").json()
    assert client_of(lead).post(path, body, format="json").json()["resolved_by"] == first["resolved_by"]


def test_only_the_author_rewords_a_comment_and_not_over_a_newer_wording(client, client_of, annotator, thread):
    [comment] = thread["comments"]
    path, body = f"/api/v1/comments/{comment['id']}/", {"text": "A bus?", "version": comment["version"]}
    assert client.patch(path, body, format="json").json()["code"] == "not_yours"
    author = client_of(annotator)
    edited = author.patch(path, body, format="json").json()["comments"][0]
    assert (edited["text"], edited["edited_at"] is not None) == ("A bus?", True)
    assert author.patch(path, {**body, "text": "Late"}, format="json").status_code == 412


def test_the_list_of_open_threads_is_few_queries(client, frame, django_assert_max_num_queries):
    for _ in range(5):
        begin(client, frame)
    Thread.objects.filter(id=Thread.objects.latest("id").id).update(
        resolved_at="2026-01-01T00:00:00Z", resolved_by=frame.threads.first().created_by
    )
    with django_assert_max_num_queries(5):
        rows = client.get("/api/v1/threads/?open=true").json()["results"]
    assert len(rows) == 4
    assert len(client.get(f"/api/v1/threads/?drive={frame.drive_id}").json()["results"]) == 5
    assert client.get("/api/v1/threads/?drive=999999").json()["results"] == []
