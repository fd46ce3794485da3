"""The random stratum: drawn by a seed, hidden among the riskiest, and what its decisions bound."""

import uuid

import pytest
from django.utils import timezone

from tests.factories import (
    BoxFactory,
    ClipFactory,
    DriveFactory,
    FrameFactory,
    MembershipFactory,
    ModelVersionFactory,
)
from webapp.audit.bound import audit_bound
from webapp.audit.models import AuditSample, DrawnLabel
from webapp.audit.sampling import sample_draw
from webapp.audit.services import claim
from webapp.blind.models import BlindTrial
from webapp.core.errors import Conflict
from webapp.datasets.services import dataset_create
from webapp.footage.models import Frame
from webapp.labels.models import Box, BoxEvent, Track
from webapp.labels.services import operations_apply

pytestmark = pytest.mark.django_db


@pytest.fixture
def drive(member):
    """Sixty labels of its model on twenty frames, risk falling."""
    drive = DriveFactory(workspace=member.workspace)
    drive.label_model = ModelVersionFactory(workspace=member.workspace)
    drive.save()
    clip = ClipFactory(drive=drive)
    for place in range(20):
        frame = FrameFactory(clip=clip, state=Frame.State.PRELABELLED, risk=1 - place / 20)
        BoxFactory.create_batch(3, frame=frame, model_version=drive.label_model)
    return drive


def drawn(sample):
    return list(sample.drawn.order_by("number").values_list("box_id", flat=True))


def decide(sample, places, state):
    Box.objects.filter(id__in=[drawn(sample)[place] for place in places]).update(state=state)


class TestDraw:
    def test_the_recorded_seed_gives_the_same_draw_again(self, drive, member):
        first = sample_draw(drive=drive, created_by=member.user, size=20)
        again = sample_draw(drive=drive, created_by=member.user, size=20, seed=first.seed)
        other = sample_draw(drive=drive, created_by=member.user, size=20, seed=first.seed + 1)
        assert drawn(first) == drawn(again) != drawn(other)
        assert (first.population, first.size) == (60, 20)
        assert list(AuditSample.objects.filter(current=True)) == [other]

    def test_every_label_is_drawn_about_as_often(self, drive, member):
        for seed in range(60):
            sample_draw(drive=drive, created_by=member.user, size=20, seed=seed)
        per_label = [DrawnLabel.objects.filter(box=box).count() for box in Box.objects.all()]
        assert sum(per_label) == 1200
        assert 6 <= min(per_label) <= max(per_label) <= 36  # 20 expected, four deviations either way

    def test_a_track_gives_one_label(self, drive, member):
        track = Track.objects.create(drive=drive, model_version=drive.label_model, number=1)
        Box.objects.filter(id__in=Box.objects.order_by("id").values("id")[:30]).update(track=track)
        assert sample_draw(drive=drive, created_by=member.user).size == 31

    def test_only_undecided_labels_of_the_drives_model_are_drawn(self, drive, member):
        kept = Box.objects.order_by("id").first()
        Box.objects.exclude(id=kept.id).update(state=Box.State.ACCEPTED)
        BoxFactory(frame=kept.frame, state=Box.State.MISSED_CANDIDATE, model_version=drive.label_model)
        BoxFactory(frame=kept.frame, model_version=ModelVersionFactory())
        assert drawn(sample_draw(drive=drive, created_by=member.user)) == [kept.id]

    def test_nothing_to_draw_is_said(self, member):
        with pytest.raises(Conflict, match="No label"):
            sample_draw(drive=DriveFactory(workspace=member.workspace), created_by=member.user)


class TestQueue:
    def test_without_a_sample_the_riskiest_come_alone(self, drive, member):
        frames = list(Frame.objects.order_by("-risk").values_list("id", flat=True))
        assert claim(workspace=member.workspace, user=member.user, count=20) == frames

    def test_three_of_twenty_come_for_a_drawn_label(self, drive, member):
        clip = ClipFactory(drive=drive)
        safe = FrameFactory.create_batch(4, clip=clip, state=Frame.State.PRELABELLED, risk=0.0)
        FrameFactory.create_batch(20, clip=clip, state=Frame.State.PRELABELLED, risk=0.5)
        Box.objects.update(state=Box.State.ACCEPTED)
        for frame in safe:
            BoxFactory(frame=frame, model_version=drive.label_model)
        sample = sample_draw(drive=drive, created_by=member.user)
        first = [Box.objects.get(id=box).frame_id for box in drawn(sample)[:3]]
        claimed = claim(workspace=member.workspace, user=member.user, count=20)
        assert len(set(claimed)) == 20
        assert [frame.id for frame in safe if frame.id in claimed] == sorted(first)

    def test_one_at_a_time_gets_its_share_too(self, drive, member, settings):
        settings.AUDIT_RANDOM_SHARE = 1.0
        sample = sample_draw(drive=drive, created_by=member.user)
        [frame] = claim(workspace=member.workspace, user=member.user)
        assert frame == Box.objects.get(id=drawn(sample)[0]).frame_id

    def test_the_filters_hold_for_drawn_labels(self, drive, member, settings):
        settings.AUDIT_RANDOM_SHARE = 1.0
        sample_draw(drive=drive, created_by=member.user)
        elsewhere = FrameFactory(clip__drive__workspace=member.workspace, state=Frame.State.PRELABELLED)
        assert claim(workspace=member.workspace, user=member.user, count=5, drive=elsewhere.drive_id) == [elsewhere.id]

    def test_nothing_on_the_wire_tells_which_are_random(self, drive, member, client, settings):
        settings.AUDIT_RANDOM_SHARE = 0.5
        sample_draw(drive=drive, created_by=member.user, size=10)
        frames = client.post("/api/v1/audit/claim/", {"count": 10}, format="json").json()["frames"]
        assert len({tuple(frame) for frame in frames}) == 1
        assert len({tuple(box) for frame in frames for box in frame["boxes"]}) == 1
        assert not {"sample", "drawn", "random", "stratum"} & {*frames[0], *frames[0]["boxes"][0]}


class TestBound:
    def test_accepted_is_right_and_all_else_that_was_decided_wrong(self, drive, member):
        sample = sample_draw(drive=drive, created_by=member.user)
        decide(sample, range(10), Box.State.ACCEPTED)
        decide(sample, [3], Box.State.REJECTED)
        decide(sample, [4], Box.State.EDITED)
        bound = audit_bound(drive)
        assert (bound["seen"], bound["wrong"]) == (10, 2)
        assert 0.2 < bound["upper"] < 1
        assert not bound["enough"]

    def test_what_was_decided_out_of_turn_waits_for_those_before_it(self, drive, member):
        sample = sample_draw(drive=drive, created_by=member.user)
        decide(sample, [0, 1, 3, 4], Box.State.ACCEPTED)
        assert audit_bound(drive)["seen"] == 2
        decide(sample, [2], Box.State.REJECTED)
        assert (audit_bound(drive)["seen"], audit_bound(drive)["wrong"]) == (5, 1)

    def test_a_decision_at_the_desk_feeds_it_and_its_undo_takes_it_back(self, drive, member):
        sample = sample_draw(drive=drive, created_by=member.user)
        box, id = Box.objects.get(id=drawn(sample)[0]), uuid.uuid4()
        for operation in ({"id": id, "kind": "reject", "box": box.client_id}, {"kind": "undo", "operation": id}):
            operation.setdefault("id", uuid.uuid4())
            operations_apply(frame=box.frame, operations=[operation], expected_version=None, actor=member.user)
            assert audit_bound(drive)["wrong"] == (operation["kind"] == "reject")

    def test_replaced_labels_end_the_sample(self, drive, member):
        sample = sample_draw(drive=drive, created_by=member.user)
        decide(sample, range(10), Box.State.ACCEPTED)
        Box.objects.get(id=drawn(sample)[5]).delete()
        bound = audit_bound(drive)
        assert (bound["seen"], bound["replaced"], bound["further"]) == (5, True, None)
        assert "draw a new one" in bound["sentence"]

    def test_a_second_sample_is_held_to_more(self, drive, member):
        uppers = []
        for _ in range(2):
            decide(sample_draw(drive=drive, created_by=member.user, size=20), range(20), Box.State.ACCEPTED)
            uppers.append(audit_bound(drive)["upper"])
        assert uppers[0] < uppers[1]

    def test_the_sentence_says_it_in_words(self, drive, member):
        assert audit_bound(drive)["sentence"].startswith("No labels were drawn")
        sample = sample_draw(drive=drive, created_by=member.user)
        assert audit_bound(drive)["sentence"].startswith("None of the labels drawn at random is audited yet")
        decide(sample, range(50), Box.State.ACCEPTED)
        bound = audit_bound(drive)
        assert bound["sentence"] == (
            f"At most {bound['upper'] * 100 + 0.05:.1f} % of the labels in this set are wrong, 95 % sure if auditors overlook nothing; "
            f"about {bound['further']} more random labels expected, of which this sample holds 10."
        )

    def test_enough_is_said(self, drive, member):
        BoxFactory.create_batch(250, frame=Frame.objects.first(), model_version=drive.label_model)
        sample = sample_draw(drive=drive, created_by=member.user, size=250)
        decide(sample, range(249), Box.State.ACCEPTED)
        bound = audit_bound(drive)
        assert (bound["enough"], bound["further"]) == (True, 0)
        assert bound["upper"] <= bound["target"]
        assert bound["sentence"].endswith("that is enough for 2.0 %.")


class TestRest:
    def test_a_lead_draws_and_everybody_reads(self, drive, client):
        path = f"/api/v1/drives/{drive.id}/audit-bound/"
        assert client.get(path).json()["sample"] is None
        response = client.post(path, {"size": 30}, format="json")
        assert (response.status_code, response.json()["sample"], response.json()["size"]) == (201, 1, 30)
        assert client.get(path).json() == response.json()

    def test_a_drive_without_labels_has_nothing_to_draw(self, member, client):
        empty = DriveFactory(workspace=member.workspace)
        response = client.post(f"/api/v1/drives/{empty.id}/audit-bound/", {}, format="json")
        assert (response.status_code, response.json()["code"]) == (409, "nothing_to_draw")


class TestWhatAuditorsOverlook:
    @pytest.fixture
    def audited(self, drive, member):
        """Nine in ten labels decided by the owner, the rest by another; no label wrong."""
        BoxFactory.create_batch(940, frame=Frame.objects.first(), model_version=drive.label_model)
        sample = sample_draw(drive=drive, created_by=member.user, size=1000)
        decide(sample, range(1000), Box.State.ACCEPTED)
        other = MembershipFactory(workspace=member.workspace).user
        for place, box in enumerate(Box.objects.filter(id__in=drawn(sample))):
            actor = other if place % 10 == 0 else member.user
            BoxEvent.objects.create(box=box, frame=box.frame, kind=BoxEvent.Kind.ACCEPTED, actor=actor)
        return other

    def shown(self, drive, user, errors, found):
        for place in range(errors):
            BlindTrial.objects.create(
                frame=FrameFactory(clip=drive.clips.get()),
                user=user,
                kind=BlindTrial.Kind.SEEDED,
                seed=0,
                error="ghost",
                finished_at=timezone.now(),
                errors=1,
                errors_found=int(place < found),
            )

    def test_nothing_is_certified_before_anybody_is_measured(self, drive, audited):
        bound = audit_bound(drive)
        assert bound["enough"]
        assert not bound["certified"]
        assert bound["corrected"] is bound["sensitivity"] is None

    def test_measured_auditors_certify(self, drive, member, audited):
        self.shown(drive, member.user, 40, 39)
        bound = audit_bound(drive)
        assert bound["certified"]
        assert bound["upper"] < bound["corrected"] <= bound["target"]
        assert bound["sensitivity"] == pytest.approx(0.975)
        assert (bound["errors_shown"], bound["errors_found"]) == (40, 39)
        assert "known to overlook; that is enough for 2.0 %." in bound["sentence"]

    def test_auditors_who_overlook_much_do_not(self, drive, member, audited):
        self.shown(drive, member.user, 40, 12)
        bound = audit_bound(drive)
        assert bound["enough"]
        assert not bound["certified"]
        assert bound["further"] > 0

    def test_who_decided_little_vouches_for_little(self, drive, member, audited):
        self.shown(drive, audited, 40, 40)
        bound = audit_bound(drive)
        assert bound["sensitivity"] == 1.0
        assert bound["sensitivity_low"] < 0.1
        assert not bound["certified"]

    def test_a_version_of_a_certified_drive_needs_no_reason(self, drive, member, audited, client):
        self.shown(drive, member.user, 40, 40)
        Frame.objects.filter(drive=drive).update(state=Frame.State.AUDITED)
        dataset = dataset_create(workspace=member.workspace, name="proved", taxonomy=drive.taxonomy)
        body = {"drives": [{"drive": drive.id, "split": "train"}], "override_reason": ""}
        response = client.post(f"/api/v1/datasets/{dataset.id}/versions/", body, format="json")
        assert response.status_code == 202, response.json()
        assert response.json()["drives"][0]["bound"]["certified"]
