"""Two labellings of a frame in pairs: matched once, same category first, each source as it spoke, people's for who may see them."""

import pytest

from tests.factories import BoxFactory, MembershipFactory, ModelVersionFactory
from webapp.accounts.models import Membership
from webapp.labels.comparison import paired
from webapp.labels.models import Box, BoxEvent
from webapp.labels.prelabels import box_values


def label(x, category=1, width=100.0):
    return {"x": x, "y": 0.0, "width": width, "height": 100.0, "category": category, "box": f"{x}", "score": None}


def outcomes(a, b):
    return [pair["outcome"] for pair in paired(a, b)]


def test_each_label_once_from_left_to_right():
    a, b = [label(500), label(0), label(200)], [label(210, category=2), label(10), label(900)]
    assert outcomes(a, b) == ["agree", "other_category", "only_a", "only_b"]
    assert outcomes(b, a) == ["agree", "other_category", "only_b", "only_a"]
    assert paired(a, b)[0]["iou"] == pytest.approx(90 / 110)


def test_the_same_category_goes_before_the_larger_overlap():
    assert outcomes([label(0)], [label(0, category=2), label(20)]) == ["agree", "only_b"]


def test_one_box_stands_for_one_object():
    assert outcomes([label(0)], [label(5), label(0)]) == ["agree", "only_b"]


@pytest.mark.parametrize(("width", "outcome"), [(200.0, "agree"), (200.1, "only_a")])
def test_a_match_begins_at_half(width, outcome):
    assert outcomes([label(0)], [label(0, width=width)])[0] == outcome


def test_nothing_against_nothing_and_something():
    assert outcomes([], []) == []
    assert outcomes([], [label(0)]) == ["only_b"]


def proposed(frame, model, **values):
    box = BoxFactory(frame=frame, model_version=model, index=Box.objects.count(), **values)
    BoxEvent.objects.create(box=box, frame=frame, kind=BoxEvent.Kind.PROPOSED, after=box_values(box))
    return box


@pytest.fixture
def models(desk):
    """Two models that labelled the frame; both see the box of the desk, the second one more, and a candidate."""
    first, second = (ModelVersionFactory(workspace=desk.frame.workspace, name=name) for name in ("one", "two"))
    desk.box = proposed(desk.frame, first)
    proposed(desk.frame, second)
    proposed(desk.frame, second, x=300.0)
    proposed(desk.frame, second, x=500.0, state=Box.State.MISSED_CANDIDATE)
    return first, second


def sources(desk):
    response = desk.client.get(f"/api/v1/frames/{desk.frame.id}/label-sources/")
    assert response.status_code == 200, response.json()
    return {source["key"]: source["count"] for source in response.json()["results"]}


def compare(desk, a, b):
    return desk.client.get(f"/api/v1/frames/{desk.frame.id}/comparison/", {"a": a, "b": b})


@pytest.mark.django_db
def test_models_are_compared_as_they_proposed_whatever_became_of_it(desk, models):
    keys = [f"model:{model.id}" for model in models]
    assert desk.send(desk.on_box("reshape", x=500.0, y=100.0, width=50.0, height=50.0)).status_code == 200
    assert sources(desk) == {keys[0]: 1, keys[1]: 2, f"person:{desk.user.id}": 1}
    counts = compare(desk, *keys).json()["counts"]
    assert counts == {"agree": 1, "other_category": 0, "only_a": 0, "only_b": 1}
    against_me = compare(desk, keys[0], f"person:{desk.user.id}").json()
    assert [pair["outcome"] for pair in against_me["pairs"]] == ["only_a", "only_b"]
    assert against_me["b"]["name"] == str(desk.user)


@pytest.mark.django_db
def test_a_person_has_what_they_kept_and_not_what_they_rejected_or_took_back(desk, models):
    me = f"person:{desk.user.id}"
    accept = desk.send(desk.on_box("accept")).json()["applied"][0]["id"]
    assert sources(desk)[me] == 1
    desk.send({"kind": "undo", "operation": accept})
    assert sources(desk)[me] == 0
    desk.send(desk.on_box("reject"))
    assert sources(desk)[me] == 0


@pytest.mark.django_db
def test_an_imported_truth_is_a_source(desk):
    box = BoxFactory(frame=desk.frame, source=Box.Source.IMPORTED, state=Box.State.ACCEPTED, score=None)
    BoxEvent.objects.create(box=box, frame=desk.frame, kind=BoxEvent.Kind.IMPORTED, after=box_values(box))
    assert sources(desk) == {"imported": 1}


@pytest.mark.django_db
def test_other_people_are_for_who_may_review(desk, models, member):
    desk.send(desk.on_box("accept"))
    annotator = MembershipFactory(workspace=member.workspace, role=Membership.Role.ANNOTATOR)
    theirs = f"person:{desk.user.id}"
    desk.client.force_authenticate(annotator.user)
    assert theirs not in sources(desk)
    refused = compare(desk, theirs, f"model:{models[0].id}")
    assert (refused.status_code, refused.json()["code"]) == (400, "unknown_source")
    assert list(refused.json()["fields"]) == ["a"]


@pytest.mark.django_db
def test_both_sides_are_needed(desk):
    response = desk.client.get(f"/api/v1/frames/{desk.frame.id}/comparison/", {"a": "imported"})
    assert (response.status_code, list(response.json()["fields"])) == (400, ["b"])
