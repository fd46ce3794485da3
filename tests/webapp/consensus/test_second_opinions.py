"""Two people see a frame on purpose: neither writes over the other, and where they differ a lead decides."""

import uuid

import pytest

from tests.factories import MembershipFactory
from tests.webapp.blind.conftest import send
from webapp.accounts.models import Membership
from webapp.audit.bound import audit_bound
from webapp.audit.models import Lease
from webapp.audit.sampling import sample_draw
from webapp.audit.services import claim
from webapp.blind.models import BlindTrial
from webapp.blind.sensitivity import found_by
from webapp.blind.services import mix_set
from webapp.consensus.models import Disagreement
from webapp.consensus.services import disagreement_reopen, disagreement_settle
from webapp.core.errors import Conflict
from webapp.footage.models import Frame
from webapp.labels.models import Box, BoxEvent

pytestmark = pytest.mark.django_db
FINISH = {"kind": "finish", "accept_rest": True}


def rows(frame):
    columns = ("client_id", "state", "category", "x", "y", "width", "height", "unsure")
    return list(Box.objects.filter(frame=frame).order_by("id").values_list(*columns))


def boxes_of(trial):
    return list(Box.rows.filter(trial=trial).order_by("id"))


def differ(trial):
    """The second person calls the first label otherwise, moves the second, rejects the third, and finishes."""
    first, moved, gone, *_ = boxes_of(trial)
    other = trial.frame.drive.taxonomy.categories.get(index=5)
    place = {"x": moved.x, "y": moved.y, "width": moved.width * 0.6, "height": moved.height}
    send(
        trial.frame,
        trial.user,
        {"kind": "relabel", "box": first.client_id, "category": other.id},
        {"kind": "reshape", "box": moved.client_id, **place},
        {"kind": "reject", "box": gone.client_id},
        FINISH,
    )
    return other


class TestTheSecondOpinion:
    def test_never_writes_over_the_first(self, frame, second):
        before, events = rows(frame), BoxEvent.objects.filter(frame=frame).count()
        state = Frame.objects.filter(id=frame.id).values("state", "version", "risk").get()
        differ(second)
        assert rows(frame) == before
        assert BoxEvent.objects.filter(frame=frame).count() == events
        assert Frame.objects.filter(id=frame.id).values("state", "version", "risk").get() == state

    def test_tells_where_the_two_differ(self, frame, second):
        differ(second)
        kinds = sorted(Disagreement.objects.values_list("kind", flat=True))
        # Beside what `differ` does: the first person had rejected the last label and drawn one.
        assert kinds == ["category", "place", "presence", "presence", "presence"]
        assert not found_by(frame.workspace), "nobody is measured by it"

    def test_that_is_the_same_leaves_nothing_to_settle(self, frame, second, member):
        *_, last = boxes_of(second)
        drawn = Box.objects.get(frame=frame, source=Box.Source.HUMAN)
        shape = {side: getattr(drawn, side) for side in ("x", "y", "width", "height")}
        send(
            frame,
            second.user,
            {"kind": "reject", "box": last.client_id},
            {"kind": "create", "box": uuid.uuid4(), "category": drawn.category_id, **shape},
            FINISH,
        )
        assert not Disagreement.objects.exists()

    def test_whose_finish_is_undone_has_nothing_to_settle(self, frame, second):
        finish = {"id": uuid.uuid4(), **FINISH}
        send(frame, second.user, finish)
        assert Disagreement.objects.exists()
        send(frame, second.user, {"kind": "undo", "operation": finish["id"]})
        assert not Disagreement.objects.exists()


class TestAVerdict:
    @pytest.fixture
    def other(self, second):
        return differ(second)

    def of(self, kind):
        return Disagreement.objects.filter(kind=kind).order_by("id").first()

    def test_for_the_first_changes_nothing(self, frame, other, member):
        before = rows(frame)
        settled = disagreement_settle(self.of("category"), verdict="first", by=member.user)
        assert (settled.verdict, settled.settled_by) == ("first", member.user)
        assert rows(frame) == before

    @pytest.mark.parametrize("kind", ["category", "place", "presence"])
    def test_for_the_second_makes_the_label_theirs_and_undo_puts_it_back(self, frame, other, member, kind):
        before, row = rows(frame), self.of(kind)
        disagreement_settle(row, verdict="second", by=member.user)
        box = Box.objects.get(client_id=row.first["box"])
        if kind == "presence":
            assert box.state == Box.State.REJECTED
        else:
            assert (box.category_id, box.width) == (row.second["category"], row.second["width"])
        assert Frame.objects.get(id=frame.id).state == Frame.State.AUDITED
        assert not Lease.objects.filter(frame=frame, released_at=None).exists()
        reopened = disagreement_reopen(row, by=member.user)
        assert reopened.verdict == ""
        assert rows(frame) == before

    def test_for_a_label_that_only_the_second_has_draws_it(self, frame, other, member):
        row = next(one for one in Disagreement.objects.all() if one.first is None)
        disagreement_settle(row, verdict="second", by=member.user)
        drawn = Box.objects.filter(frame=frame).latest("id")
        assert (drawn.x, drawn.category_id, drawn.state) == (row.second["x"], row.second["category"], "accepted")

    def test_stands_until_it_is_undone(self, other, member):
        row = self.of("category")
        disagreement_settle(row, verdict="second", by=member.user)
        assert disagreement_settle(row, verdict="second", by=member.user).verdict == "second"
        with pytest.raises(Conflict, match="has settled this"):
            disagreement_settle(row, verdict="first", by=member.user)

    def test_is_refused_where_the_label_was_changed_since(self, frame, other, member):
        row = self.of("category")
        send(frame, member.user, {"kind": "reject", "box": uuid.UUID(row.first["box"])})
        with pytest.raises(Conflict, match="changed since"):
            disagreement_settle(row, verdict="second", by=member.user)

    def test_is_given_by_rest(self, other, client, member):
        listed = client.get("/api/v1/disagreements/").json()["results"]
        assert {row["first"]["user"]["id"] for row in listed} == {member.user_id}
        row = next(row for row in listed if row["kind"] == "category")
        assert row["second"]["label"]["name"] == other.name
        path = f"/api/v1/disagreements/{row['id']}/verdict/"
        assert client.post(path, {"verdict": "second"}, format="json").json()["verdict"] == "second"
        assert row["id"] not in {one["id"] for one in client.get("/api/v1/disagreements/").json()["results"]}
        assert client.get("/api/v1/disagreements/", {"open": "false"}).json()["results"][0]["id"] == row["id"]
        assert client.delete(path).status_code == 204
        assert row["id"] in {one["id"] for one in client.get("/api/v1/disagreements/").json()["results"]}


class TestWhoGetsIt:
    def test_a_share_goes_to_somebody_else_and_never_to_a_third(self, drive, member, annotator):
        third = MembershipFactory(workspace=member.workspace, role=Membership.Role.ANNOTATOR)
        claim(workspace=member.workspace, user=member.user, count=2)
        assert not BlindTrial.objects.exists(), "nobody is asked twice for an opinion"
        claimed = claim(workspace=member.workspace, user=annotator.user, count=2)
        [frame] = BlindTrial.objects.filter(user=annotator.user).values_list("frame", flat=True)
        assert frame in claimed
        BlindTrial.objects.update(closed_at="2026-01-01T00:00:00Z")
        Lease.objects.update(released_at="2026-01-01T00:00:00Z")
        claim(workspace=member.workspace, user=third.user, count=2)
        assert not BlindTrial.objects.filter(user=third.user, frame=frame).exists()

    def test_without_a_share_no_frame_is_seen_twice(self, drive, member, annotator):
        mix_set(member.workspace, by=member.user, seeded_share=0.0, gold_share=0.0, consensus_share=0.0)
        audited = set(drive.frames.filter(state="audited").values_list("id", flat=True))
        assert not audited & set(claim(workspace=member.workspace, user=annotator.user, count=12))


class TestUnsure:
    @pytest.fixture
    def doubted(self, drive, member):
        """The owner marks a label of a waiting frame, finishes it, and nothing else waits."""
        frame = drive.frames.filter(state=Frame.State.PRELABELLED).first()
        box = Box.objects.filter(frame=frame).order_by("id").first()
        send(frame, member.user, {"kind": "unsure", "box": box.client_id}, FINISH)
        drive.frames.update(state=Frame.State.AUDITED)
        mix_set(member.workspace, by=member.user, seeded_share=0.0, gold_share=0.0, consensus_share=0.0)
        box.refresh_from_db()
        return box

    def test_the_label_stands_and_is_marked_until_its_person_decides(self, doubted, member):
        assert (doubted.state, doubted.unsure) == (Box.State.ACCEPTED, True)
        send(doubted.frame, member.user, {"kind": "reject", "box": doubted.client_id})
        doubted.refresh_from_db()
        assert (doubted.state, doubted.unsure) == (Box.State.REJECTED, False)

    def test_undo_takes_the_mark_off(self, drive, member):
        frame = drive.frames.filter(state=Frame.State.PRELABELLED).first()
        box = Box.objects.filter(frame=frame).first()
        mark = {"id": uuid.uuid4(), "kind": "unsure", "box": box.client_id}
        send(frame, member.user, mark)
        send(frame, member.user, {"kind": "undo", "operation": mark["id"]})
        box.refresh_from_db()
        assert (box.state, box.unsure) == (Box.State.PENDING, False)

    def test_it_goes_to_somebody_else_though_nothing_waits(self, doubted, member, annotator):
        assert claim(workspace=member.workspace, user=member.user) == []
        assert claim(workspace=member.workspace, user=annotator.user) == [doubted.frame_id]

    def test_two_who_are_unsure_or_differ_come_before_a_lead(self, doubted, member, annotator):
        claim(workspace=member.workspace, user=annotator.user)
        trial = BlindTrial.objects.get()
        send(doubted.frame, annotator.user, {"kind": "unsure", "box": boxes_of(trial)[0].client_id}, FINISH)
        [row] = Disagreement.objects.all()
        assert (row.kind, row.first["box"]) == ("unsure", str(doubted.client_id))

    def test_a_drawn_one_waits_for_the_second_opinion(self, drive, member, annotator):
        sample = sample_draw(drive=drive, created_by=member.user, seed=1)
        box = sample.drawn.get(number=1).box
        send(box.frame, member.user, {"kind": "unsure", "box": box.client_id}, FINISH)
        assert audit_bound(drive)["seen"] == 0
        assert box.frame_id in claim(workspace=member.workspace, user=annotator.user, count=2)
        send(box.frame, annotator.user, FINISH)
        assert audit_bound(drive)["seen"] >= 1


def test_agreement_is_told_by_pair_and_category(second, client, member, annotator):
    differ(second)
    told = client.get("/api/v1/audit/agreement/").json()
    [pair] = told["people"]
    assert {pair["a"]["id"], pair["b"]["id"]} == {member.user_id, annotator.user_id}
    # Five labels of the model and a drawn one: the first person has four and the drawn one, the second four.
    assert (pair["frames"], pair["objects"], pair["differ"]) == (1, 6, 4)
    assert pair["mean_iou"] == pytest.approx((1 + 0.6 + 1) / 3)
    assert -1 < pair["alpha"] < 1
    assert told["open"] == 5
    assert {row["name"] for row in told["categories"]} > {"car", "bus"}
