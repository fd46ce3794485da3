"""A whole track decided at once: all of it or nothing, an event for each box, and one step back."""

import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import BoxFactory, ClipFactory, DriveFactory, FrameFactory, MembershipFactory, ModelVersionFactory
from tests.webapp.audit.test_queue import at_once
from webapp.accounts.models import Membership
from webapp.audit.services import claim
from webapp.core.errors import DomainError
from webapp.footage.models import Frame
from webapp.labels.models import Box, BoxEvent, Track
from webapp.labels.services import operations_apply
from webapp.labels.track_services import track_apply


class Road:
    """A clip of ten frames, 100 ms apart, and the tracks that lie on it."""

    def __init__(self, member, client):
        self.member, self.client = member, client
        self.clip = ClipFactory(drive__workspace=member.workspace)
        self.frames = [
            FrameFactory(clip=self.clip, index=n, time_ms=100.0 * n, state=Frame.State.PRELABELLED) for n in range(10)
        ]
        client.force_authenticate(member.user)

    def track(self, *places, number=1, **values):
        """Boxes on the frames of these places, each 10 px further right."""
        track = Track.objects.create(drive=self.clip.drive, number=number)
        for n in places:
            BoxFactory(frame=self.frames[n], track=track, x=10.0 * n, **values)
        return track

    def versions(self):
        return {str(id): version for id, version in Frame.objects.filter(clip=self.clip).values_list("id", "version")}

    def keys(self, *places):
        return [{"frame": self.frames[n].id, "x": 50 * n, "y": 5, "width": 10, "height": 10} for n in places]

    def send(self, track, kind, *, client=None, **values):
        body = {"id": str(uuid.uuid4()), "kind": kind, "versions": self.versions(), **values}
        return (client or self.client).post(f"/api/v1/tracks/{track.id}/operations/", body, format="json")

    def category(self, name):
        return self.clip.drive.taxonomy.categories.get(name=name).id


def states(track):
    return list(track.boxes.order_by("frame__index", "id").values_list("state", flat=True))


@pytest.fixture
def road(member, api_client):
    return Road(member, api_client)


@pytest.mark.django_db
class TestReading:
    def test_tracks_that_wait_come_riskiest_first(self, road):
        calm, risky = road.track(0, 1, 2, risk=0.1), road.track(3, 4, number=2, risk=0.9)
        road.track(5, number=3, state=Box.State.ACCEPTED)
        rows = road.client.get("/api/v1/tracks/", {"drive": road.clip.drive_id}).json()["results"]
        assert [(row["id"], row["open"], row["boxes"]) for row in rows] == [(risky.id, 2, 2), (calm.id, 3, 3)]

    def test_a_film_has_every_frame_from_the_first_to_the_last(self, road):
        track = road.track(2, 5)
        film = road.client.get(f"/api/v1/tracks/{track.id}/").json()
        assert [frame["index"] for frame in film["frames"]] == [2, 3, 4, 5]
        assert [len(frame["boxes"]) for frame in film["frames"]] == [1, 0, 0, 1]

    def test_a_strangers_track_is_not_there(self, road, stranger):
        assert stranger.get(f"/api/v1/tracks/{road.track(1).id}/").status_code == 404

    def test_a_long_film_takes_as_many_queries_as_a_short_one(self, road, django_assert_max_num_queries):
        track = road.track(*range(10))
        with django_assert_max_num_queries(12):
            road.client.get(f"/api/v1/tracks/{track.id}/")


@pytest.mark.django_db
class TestDeciding:
    def test_accepting_changes_what_waits_alone(self, road):
        track = road.track(0, 1, 2)
        Box.objects.filter(frame=road.frames[1]).update(state=Box.State.REJECTED)
        body = road.send(track, "accept").json()
        assert states(track) == ["accepted", "rejected", "accepted"]
        assert [frame["state"] for frame in body["tracks"][0]["frames"]] == ["in_audit", "prelabelled", "in_audit"]
        assert [frame["version"] for frame in body["tracks"][0]["frames"]] == [2, 1, 2]
        assert Frame.objects.get(id=road.frames[0].id).risk == 0.0

    def test_rejecting_takes_what_was_accepted_too(self, road):
        track = road.track(0, 1)
        Box.objects.filter(frame=road.frames[1]).update(state=Box.State.ACCEPTED)
        road.send(track, "reject")
        assert states(track) == ["rejected", "rejected"]

    def test_relabelling_decides_all_of_it(self, road):
        track = road.track(0, 1)
        bus = road.category("bus")
        Box.objects.filter(frame=road.frames[1]).update(category=bus)
        road.send(track, "relabel", category=bus)
        assert states(track) == ["edited", "accepted"]
        assert set(track.boxes.values_list("category", flat=True)) == {bus}

    def test_each_box_has_an_event_of_its_own_with_its_share_of_the_time(self, road):
        road.send(road.track(0, 1, 2, 3), "accept", seconds=2.0, device="film")
        events = BoxEvent.objects.filter(kind="accepted")
        assert (events.count(), {event.seconds for event in events}, events[0].device) == (4, {0.5}, "film")
        assert len({event.group for event in events}) == 1

    def test_a_repeat_changes_nothing_whatever_it_expected(self, road):
        track = road.track(0, 1)
        id, versions = str(uuid.uuid4()), road.versions()
        first = road.send(track, "accept", id=id, versions=versions).json()
        again = road.send(track, "accept", id=id, versions=versions).json()
        assert (first["duplicate"], again["duplicate"]) == (False, True)
        assert again["tracks"] == first["tracks"]
        assert BoxEvent.objects.filter(group=id).count() == 2

    def test_nothing_to_change_is_told(self, road):
        track = road.track(0, state=Box.State.ACCEPTED)
        response = road.send(track, "accept")
        assert (response.status_code, response.json()["code"]) == (409, "nothing_to_change")

    def test_another_models_later_boxes_on_an_audited_frame_are_left(self, road):
        track = road.track(0, 1)
        Frame.objects.filter(id=road.frames[0].id).update(state=Frame.State.AUDITED)
        road.send(track, "accept")
        assert states(track) == ["pending", "accepted"]


@pytest.mark.django_db
class TestSomebodyElse:
    def test_frames_that_moved_are_named_and_nothing_is_written(self, road):
        track = road.track(0, 1, 2)
        seen = road.versions()
        Frame.objects.filter(id=road.frames[1].id).update(version=7)
        response = road.send(track, "accept", versions=seen)
        body = response.json()
        assert (response.status_code, body["code"]) == (412, "track_changed")
        assert [(frame["id"], frame["version"]) for frame in body["frames"]] == [(road.frames[1].id, 7)]
        assert [frame["version"] for frame in body["current"]["frames"]] == [1, 7, 1]
        assert states(track) == ["pending"] * 3

    def test_a_box_on_a_frame_that_was_not_named_is_not_decided_unseen(self, road):
        track = road.track(0, 1)
        seen = {id: version for id, version in road.versions().items() if int(id) != road.frames[1].id}
        response = road.send(track, "reject", versions=seen)
        assert (response.status_code, response.json()["frames"][0]["id"]) == (412, road.frames[1].id)

    def test_who_has_one_of_the_frames_is_named(self, road):
        track = road.track(0, 1)
        other = MembershipFactory(workspace=road.member.workspace, role=Membership.Role.ANNOTATOR)
        [held] = claim(workspace=road.member.workspace, user=other.user)
        response = road.send(track, "accept")
        body = response.json()
        assert (response.status_code, body["code"], body["by"]) == (409, "lease_held", str(other.user))
        assert body["frames"] == [held]
        assert states(track) == ["pending"] * 2

    def test_ones_own_lease_and_a_lease_of_a_frame_that_does_not_change_are_no_hindrance(self, road):
        track = road.track(0, 1)
        claim(workspace=road.member.workspace, user=road.member.user)
        other = MembershipFactory(workspace=road.member.workspace)
        claim(workspace=road.member.workspace, user=other.user, exclude=[road.frames[0].id, road.frames[1].id])
        assert road.send(track, "accept").status_code == 200

    @pytest.mark.parametrize(("role", "status"), [("annotator", 403), ("lead", 200)])
    def test_audited_frames_need_the_right_to_review(self, road, client_of, role, status):
        track = road.track(0, 1, state=Box.State.ACCEPTED)
        Frame.objects.filter(id=road.frames[0].id).update(state=Frame.State.AUDITED)
        asker = client_of(MembershipFactory(workspace=road.member.workspace, role=role))
        response = road.send(track, "reject", client=asker)
        assert response.status_code == status
        if status == 403:
            assert (response.json()["code"], response.json()["frames"]) == ("frames_audited", [road.frames[0].id])
            assert states(track) == ["accepted"] * 2


@pytest.mark.django_db
class TestKeyFrames:
    def test_between_two_keys_boxes_move_in_time_and_gaps_are_filled(self, road):
        track = road.track(0, 1, 4)
        keys = [
            {"frame": road.frames[0].id, "x": 0, "y": 0, "width": 10, "height": 10},
            {"frame": road.frames[4].id, "x": 100, "y": 50, "width": 30, "height": 20},
        ]
        road.send(track, "reshape", keys=keys)
        boxes = list(track.boxes.order_by("frame__index"))
        assert [box.x for box in boxes] == [0, 25, 50, 75, 100]
        assert (boxes[1].width, boxes[1].height) == (15, 12.5)
        assert [box.source for box in boxes] == ["pseudo", "pseudo", "human", "human", "pseudo"]
        assert [box.state for box in boxes] == ["edited", "edited", "accepted", "accepted", "edited"]
        assert {box.category_id for box in boxes} == {boxes[0].category_id}

    def test_outside_the_keys_nothing_moves_and_a_rejected_box_stays_gone(self, road):
        track = road.track(0, 1, 2, 3)
        Box.objects.filter(frame=road.frames[2]).update(state=Box.State.REJECTED)
        shape = {"y": 0, "width": 10, "height": 10}
        keys = [{"frame": road.frames[n].id, "x": 100 * n, **shape} for n in (1, 3)]
        road.send(track, "reshape", keys=keys)
        assert states(track) == ["pending", "edited", "rejected", "edited"]
        assert list(track.boxes.order_by("frame__index").values_list("x", flat=True)) == [0, 100, 20, 300]

    def test_of_a_rejected_track_nothing_is_drawn(self, road):
        track = road.track(0, 4, state=Box.State.REJECTED)
        response = road.send(track, "reshape", keys=road.keys(0, 4))
        assert (response.status_code, response.json()["code"]) == (409, "nothing_to_change")

    def test_a_key_outside_its_frame_is_named(self, road):
        track = road.track(0)
        key = {"frame": road.frames[0].id, "x": 99_999, "y": 0, "width": 10, "height": 10}
        response = road.send(track, "reshape", keys=[key])
        assert (response.status_code, list(response.json()["fields"])) == (400, ["keys.0.x"])


@pytest.mark.django_db
class TestSplitAndMerge:
    def test_from_the_named_frame_on_it_is_another_track_with_a_number_of_its_own(self, road):
        track = road.track(0, 1, 2, 3)
        model = ModelVersionFactory(workspace=road.member.workspace)
        Track.objects.create(drive=road.clip.drive, model_version=model, number=8)
        body = road.send(track, "split", frame=road.frames[2].id).json()
        assert [[frame["index"] for frame in film["frames"]] for film in body["tracks"]] == [[0, 1], [2, 3]]
        assert body["tracks"][1]["number"] == 9
        assert states(track) == ["pending"] * 2

    def test_with_all_on_one_side_there_is_nothing_to_split(self, road):
        response = road.send(road.track(1, 2), "split", frame=road.frames[1].id)
        assert (response.status_code, response.json()["code"]) == (409, "nothing_to_split")

    def test_two_halves_become_one(self, road):
        first, second = road.track(0, 1), road.track(4, 5, number=2)
        body = road.send(first, "merge", other=second.id).json()
        assert [len(film["frames"]) for film in body["tracks"]] == [6, 0]
        assert first.boxes.count() == 4

    def test_two_objects_in_one_frame_are_never_one(self, road):
        first, second = road.track(0, 1, 2), road.track(2, 3, number=2)
        response = road.send(first, "merge", other=second.id)
        assert (response.status_code, response.json()["code"]) == (409, "tracks_overlap")
        assert response.json()["frames"] == [road.frames[2].id]
        assert second.boxes.count() == 2

    def test_a_rejected_box_is_in_nobodys_way(self, road):
        first, second = road.track(0, 1), road.track(1, 2, number=2)
        Box.objects.filter(track=first, frame=road.frames[1]).update(state=Box.State.REJECTED)
        assert road.send(first, "merge", other=second.id).status_code == 200


@pytest.mark.django_db
class TestTakingBack:
    @pytest.mark.parametrize("kind", ["accept", "reject", "relabel", "reshape", "split", "merge"])
    def test_every_decision_is_undone_and_redone_as_one(self, road, kind):
        track, other = road.track(0, 1, 4), road.track(6, 7, number=2)
        values = {
            "category": road.category("bus"),
            "keys": road.keys(0, 4),
            "frame": road.frames[4].id,
            "other": other.id,
        }
        before = kept()
        first = road.send(track, kind, **values).json()
        after = kept()
        assert after != before
        undo = road.send(track, "undo", operation=first["id"]).json()
        assert kept() == before
        assert road.send(track, "undo", operation=undo["id"]).status_code == 200
        assert kept() == after
        assert road.send(track, "undo", operation=first["id"]).status_code == 200
        assert kept() == before

    def test_after_a_reload_a_decision_that_stands_is_known_with_its_tracks(self, road):
        track, other = road.track(0, 1, 4), road.track(6, 7, number=2)
        road.send(track, "accept", device="film")
        merged = road.send(track, "merge", other=other.id, device="film").json()["id"]
        there = {"device": "film", "drive": road.clip.drive_id}
        recent = road.client.get("/api/v1/operations/", there).json()["results"]
        assert [(row["kind"], row["track"]) for row in recent] == [("accepted", track.id)] * 3 + [
            ("tracked", track.id)
        ] * 2
        assert [row["gesture"] for row in recent[3:]] == [merged] * 2
        assert {row["before"]["track"] for row in recent[3:]} == {other.id}
        road.send(track, "undo", operation=merged)
        assert len(road.client.get("/api/v1/operations/", there).json()["results"]) == 3
        elsewhere = {**there, "drive": DriveFactory(workspace=road.member.workspace).id}
        assert road.client.get("/api/v1/operations/", elsewhere).json()["results"] == []

    def test_half_of_a_decision_that_the_desk_took_back_and_made_again_is_not_the_whole(self, road):
        track = road.track(0, 1)
        first = road.send(track, "accept").json()["id"]
        event = BoxEvent.objects.filter(group=first).order_by("id").first()
        undo = str(uuid.uuid4())
        for id, taken in ((undo, str(event.client_id)), (str(uuid.uuid4()), undo)):
            operations = [{"id": id, "kind": "undo", "operation": taken}]
            operations_apply(frame=event.frame, operations=operations, expected_version=None, actor=road.member.user)
        again = road.send(track, "undo", operation=first)
        assert (again.status_code, again.json()["code"]) == (409, "already_undone")
        assert states(track) == ["accepted"] * 2

    def test_twice_is_told(self, road):
        track = road.track(0, 1)
        first = road.send(track, "accept").json()
        road.send(track, "undo", operation=first["id"])
        again = road.send(track, "undo", operation=first["id"])
        assert (again.status_code, again.json()["code"]) == (409, "already_undone")

    def test_a_box_that_was_changed_since_stops_all_of_it(self, road):
        track = road.track(0, 1)
        first = road.send(track, "accept").json()
        road.send(track, "relabel", category=road.category("bus"))
        again = road.send(track, "undo", operation=first["id"])
        assert (again.status_code, again.json()["code"]) == (409, "not_last_change")
        assert states(track) == ["edited"] * 2

    def test_anothers_decision_needs_the_right_to_review(self, road, client_of):
        track = road.track(0, 1)
        first = road.send(track, "accept").json()
        asker = client_of(MembershipFactory(workspace=road.member.workspace, role="annotator"))
        response = road.send(track, "undo", operation=first["id"], client=asker)
        assert (response.status_code, response.json()["code"]) == (403, "not_yours")


DECISIONS = st.lists(
    st.one_of(
        st.sampled_from([("accept",), ("reject",)]),
        st.tuples(st.just("relabel"), st.sampled_from(["bus", "truck"])),
        st.tuples(st.just("split"), st.integers(0, 7)),
        st.tuples(st.just("merge")),
        st.tuples(st.just("reshape"), st.integers(0, 3), st.integers(4, 7)),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.django_db
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(decisions=DECISIONS)
def test_whatever_was_decided_taken_back_step_by_step_it_is_as_it_was(member, api_client, decisions):
    road = Road(member, api_client)
    first, second = road.track(0, 1, 4), road.track(6, 7, number=2)
    scope = Box.objects.filter(frame__clip=road.clip)
    before, taken = kept(scope), []
    for kind, *rest in decisions:
        response = road.send(first, kind, **details(road, second, kind, rest))
        assert response.status_code in (200, 409), response.json()
        if response.status_code == 200:
            taken.append(response.json()["id"])
    for id in reversed(taken):
        assert road.send(first, "undo", operation=id).status_code == 200
    assert kept(scope) == before


def details(road, other, kind, rest):
    if kind == "relabel":
        return {"category": road.category(rest[0])}
    if kind == "reshape":
        return {"keys": road.keys(*rest)}
    return {"frame": road.frames[rest[0]].id} if kind == "split" else {"other": other.id}


def kept(scope=None):
    """What the labels say: rejected drawings are history."""
    scope = Box.objects.all() if scope is None else scope
    boxes = scope.exclude(state__in=["rejected", "dismissed"]).order_by("frame", "id")
    gone = scope.filter(state="rejected", source="pseudo").count()
    return list(boxes.values_list("frame", "category", "x", "y", "width", "state", "track")), gone


@pytest.mark.django_db(transaction=True)
def test_of_two_people_with_one_track_one_decides_all_of_it(member, api_client):
    road = Road(member, api_client)
    track = road.track(*range(6))
    people = [MembershipFactory(workspace=member.workspace).user for _ in range(4)]
    versions = dict(Frame.objects.values_list("id", "version"))
    kinds = {person.id: kind for person, kind in zip(people, ["accept", "reject"] * 2, strict=True)}
    told: list[str] = []

    def decide(user):
        wanted = {"id": uuid.uuid4(), "kind": kinds[user.id], "versions": versions}
        try:
            track_apply(track=track, wanted=wanted, actor=user)
            told.append("written")
        except DomainError as error:
            told.append(error.code)

    at_once(people, decide)
    assert sorted(told) == ["track_changed"] * 3 + ["written"]
    assert len(set(states(track))) == 1
    assert set(Frame.objects.filter(boxes__track=track).values_list("version", flat=True)) == {2}


@pytest.mark.django_db(transaction=True)
def test_one_request_sent_by_four_at_once_is_one_decision(member, api_client):
    road = Road(member, api_client)
    track = road.track(0, 1, 2)
    wanted = {"id": uuid.uuid4(), "kind": "accept", "versions": dict(Frame.objects.values_list("id", "version"))}
    answers: list[bool] = []
    at_once(
        [member.user] * 4, lambda user: answers.append(track_apply(track=track, wanted=wanted, actor=user)["duplicate"])
    )
    assert sorted(answers) == [False, True, True, True]
    assert BoxEvent.objects.filter(group=wanted["id"]).count() == 3
