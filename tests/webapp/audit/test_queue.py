"""Lending frames: riskiest first, to one person at a time, back by themselves."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.factories import BoxFactory, FrameFactory, MembershipFactory
from webapp.accounts.models import Membership
from webapp.audit.models import Lease
from webapp.audit.services import claim, release
from webapp.footage.models import Frame


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


@pytest.mark.django_db(transaction=True)
def test_eight_people_at_once_get_eight_frames(member):
    clip = FrameFactory(clip__drive__workspace=member.workspace, state=Frame.State.AUDITED).clip
    for _ in range(12):
        FrameFactory(clip=clip, state=Frame.State.PRELABELLED, risk=0.5)
    people = [MembershipFactory(workspace=member.workspace, role=Membership.Role.ANNOTATOR).user for _ in range(8)]
    got: list[int] = []
    start = threading.Barrier(len(people))

    def grab(user):
        start.wait()
        try:
            got.extend(claim(workspace=member.workspace, user=user))
        finally:
            connection.close()

    threads = [threading.Thread(target=grab, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == len(set(got)) == 8
