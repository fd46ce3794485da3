"""Lending frames: riskiest first, to one person at a time, back by themselves."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from tests.factories import BoxFactory, ClipFactory, FrameFactory, MembershipFactory
from webapp.accounts.models import Membership
from webapp.audit import selectors
from webapp.audit.models import Lease
from webapp.audit.selectors import riskiest_free
from webapp.audit.services import claim, release
from webapp.core.errors import DomainError
from webapp.footage.models import Frame
from webapp.labels.models import BoxEvent
from webapp.labels.services import operations_apply


@pytest.fixture
def frames(member):
    clip = FrameFactory(clip__drive__workspace=member.workspace, state=Frame.State.AUDITED).clip
    return [FrameFactory(clip=clip, state=Frame.State.PRELABELLED, risk=risk) for risk in (0.2, 0.9, 0.5)]


@pytest.mark.django_db
class TestClaim:
    def test_the_riskiest_comes_first_and_counts_as_in_audit(self, api_client, member, frames):
        api_client.force_authenticate(member.user)
        body = api_client.post("/api/v1/audit/claim/", {"count": 2}, format="json").json()
        assert [frame["id"] for frame in body["frames"]] == [frames[1].id, frames[2].id]
        assert body["remaining"] == 3
        assert body["frames"][0]["lease"]["mine"] is True
        assert Frame.objects.get(id=frames[1].id).state == Frame.State.IN_AUDIT

    def test_what_is_mine_is_given_again(self, member, frames):
        first = claim(workspace=member.workspace, user=member.user)
        assert claim(workspace=member.workspace, user=member.user, count=2) == [*first, frames[2].id]
        assert Lease.objects.filter(released_at__isnull=True).count() == 2

    def test_two_people_never_get_one_frame(self, member, frames):
        other = MembershipFactory(workspace=member.workspace, role=Membership.Role.ANNOTATOR)
        mine = claim(workspace=member.workspace, user=member.user, count=2)
        theirs = claim(workspace=member.workspace, user=other.user, count=5)
        assert sorted(mine + theirs) == sorted(frame.id for frame in frames)

    def test_an_expired_lease_returns_by_itself(self, member, frames):
        claim(workspace=member.workspace, user=member.user)
        Lease.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        other = MembershipFactory(workspace=member.workspace)
        assert claim(workspace=member.workspace, user=other.user) == [frames[1].id]

    def test_release_puts_an_untouched_frame_back(self, member, frames):
        [id] = claim(workspace=member.workspace, user=member.user)
        assert release(member.user, [id]) == [id]
        assert Frame.objects.get(id=id).state == Frame.State.PRELABELLED

    def test_by_night_alone_when_asked(self, api_client, member, frames):
        Frame.objects.filter(id=frames[0].id).update(scene={"time_of_day": "night"})
        api_client.force_authenticate(member.user)
        body = api_client.post("/api/v1/audit/claim/", {"count": 3, "light": "night"}, format="json").json()
        assert ([frame["id"] for frame in body["frames"]], body["remaining"]) == ([frames[0].id], 1)
        wrong = api_client.post("/api/v1/audit/claim/", {"light": "dim"}, format="json")
        assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["light"])

    def test_a_stranger_gets_nothing(self, api_client, frames):
        api_client.force_authenticate(MembershipFactory().user)
        assert api_client.post("/api/v1/audit/claim/", {"count": 5}, format="json").json()["frames"] == []

    def test_filters_by_category_of_open_boxes(self, member, frames):
        box = BoxFactory(frame=frames[0])
        claimed = claim(workspace=member.workspace, user=member.user, count=5, category=box.category_id)
        assert claimed == [frames[0].id]

    def test_heartbeat_says_what_was_lost(self, api_client, member, frames):
        api_client.force_authenticate(member.user)
        [held] = claim(workspace=member.workspace, user=member.user)
        body = api_client.post("/api/v1/audit/heartbeat/", {"frames": [held, frames[0].id]}, format="json").json()
        assert (body["held"], body["lost"]) == ([held], [frames[0].id])

    def test_the_summary_counts_by_drive(self, api_client, member, frames):
        api_client.force_authenticate(member.user)
        body = api_client.get("/api/v1/audit/summary/").json()
        [drive] = body["drives"]
        assert (drive["open_frames"], drive["audited_frames"], drive["top_risk"]) == (3, 1, 0.9)


@pytest.mark.django_db
class TestSpeed:
    def test_a_claim_takes_as_many_queries_for_twenty_frames_as_for_one(self, member, django_assert_max_num_queries):
        FrameFactory.create_batch(20, clip__drive__workspace=member.workspace, state=Frame.State.PRELABELLED)
        with django_assert_max_num_queries(16):
            assert len(claim(workspace=member.workspace, user=member.user, count=20)) == 20

    @pytest.mark.parametrize("by_drive", [False, True])
    def test_the_riskiest_are_read_in_the_order_of_the_index(self, frames, member, by_drive):
        """No sort: the first rows of a long queue cost what those of a short one do."""
        filters = {"drive": frames[0].drive_id} if by_drive else {}
        first = riskiest_free(member.workspace, **filters)[:2]
        assert list(first) == [frames[1], frames[2]]
        plan = explained(first)
        assert "frame_drive_open" in plan or (not by_drive and "frame_open" in plan)
        assert "TEMP B-TREE" not in plan
        assert "Sort" not in plan

    @pytest.mark.skipif(connection.vendor == "postgresql", reason="PostgreSQL estimates (tests/webapp/test_plans.py)")
    def test_of_a_long_queue_the_rest_is_counted_now_and_then(self, frames, member, monkeypatch):
        monkeypatch.setattr(selectors, "COUNTED_EACH_TIME", 2)
        assert selectors.remaining_count(member.workspace, member.user, drive=None) == 3
        Frame.objects.filter(id=frames[0].id).update(state=Frame.State.AUDITED)
        assert selectors.remaining_count(member.workspace, member.user, drive=None) == 3
        Frame.objects.filter(id=frames[1].id).update(state=Frame.State.AUDITED)
        assert selectors.remaining_count(member.workspace, member.user, drive=None) == 1


def explained(frames: QuerySet[Frame]) -> str:
    """The database's plan of the query as it is sent, with indexes preferred as on a large table."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
            )
    return frames.explain()


@pytest.mark.django_db(transaction=True)
def test_eight_people_at_once_get_eight_frames(member):
    clip = FrameFactory(clip__drive__workspace=member.workspace, state=Frame.State.AUDITED).clip
    for _ in range(12):
        FrameFactory(clip=clip, state=Frame.State.PRELABELLED, risk=0.5)
    people = [MembershipFactory(workspace=member.workspace, role=Membership.Role.ANNOTATOR).user for _ in range(8)]
    got: list[int] = []
    at_once(people, lambda user: got.extend(claim(workspace=member.workspace, user=user)))
    assert len(got) == len(set(got)) == 8


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", Frame.OPEN_STATES)
def test_two_people_never_get_one_frame_whatever_its_state(member, state):
    """A reopened frame's row does not change when it is lent, so only the lease itself can tell the second person."""
    frames = FrameFactory.create_batch(4, clip=ClipFactory(drive__workspace=member.workspace), state=state)
    people = [MembershipFactory(workspace=member.workspace).user for _ in range(6)]
    got: list[int] = []
    at_once(people, lambda user: got.extend(claim(workspace=member.workspace, user=user, count=2)))
    assert sorted(got) == [frame.id for frame in frames]


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_write_at_once_one_is_told(member):
    box = BoxFactory(frame__clip__drive__workspace=member.workspace)
    people = [MembershipFactory(workspace=member.workspace).user for _ in range(4)]
    codes: list[str] = []

    def write(user):
        operation = {"id": uuid.uuid4(), "kind": "accept", "box": box.client_id}
        try:
            operations_apply(frame=box.frame, operations=[operation], expected_version=1, actor=user)
            codes.append("written")
        except DomainError as error:
            codes.append(error.code)

    at_once(people, write)
    assert sorted(codes) == ["lease_held"] * 3 + ["written"]
    assert Frame.objects.get().version == 2


@pytest.mark.django_db(transaction=True)
def test_claims_releases_and_writes_at_once_neither_lock_up_nor_lend_twice(member):
    clip = ClipFactory(drive__workspace=member.workspace)
    for _ in range(6):
        BoxFactory(frame=FrameFactory(clip=clip, state=Frame.State.PRELABELLED))
    people = [MembershipFactory(workspace=member.workspace).user for _ in range(4)]

    def work(user):
        for _ in range(4):
            for id in claim(workspace=member.workspace, user=user, count=2):
                frame = Frame.objects.get(id=id)
                box = frame.boxes.get()
                kind = "accept" if box.state == "pending" else "restore"
                operation = {"id": uuid.uuid4(), "kind": kind, "box": box.client_id}
                operations_apply(frame=frame, operations=[operation], expected_version=frame.version, actor=user)
                release(user, [id])

    at_once(people, work)
    assert not Lease.objects.filter(released_at=None).exists()
    assert sum(Frame.objects.values_list("version", flat=True)) == 6 + BoxEvent.objects.count()


def at_once(people, do):
    """`do(user)` for each in a thread of their own, all starting together; what one raises is raised here."""
    start, failures = threading.Barrier(len(people)), []

    def run(user):
        start.wait()
        try:
            do(user)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
