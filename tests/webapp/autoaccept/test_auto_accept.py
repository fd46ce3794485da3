"""Automatic acceptance: what the random sample certifies, marked as unseen, watched by later audits, undone as a whole."""

import uuid
from random import Random

import pytest
from django.utils import timezone

from tests.factories import BoxFactory, ClipFactory, DriveFactory, FrameFactory, ModelVersionFactory
from webapp.audit.bound import _unseen_elsewhere
from webapp.audit.models import DrawnLabel, Lease
from webapp.audit.sampling import sample_draw
from webapp.autoaccept.later import later_audits
from webapp.autoaccept.models import Certificate
from webapp.autoaccept.services import (
    certificate_apply,
    certificate_issue,
    certificate_undo,
    certificate_withdraw,
    switch_off,
)
from webapp.autoaccept.watch import certificate_watch
from webapp.core.errors import Conflict
from webapp.datasets.manifest import READ, ManifestWriter
from webapp.footage.models import Frame
from webapp.labels.models import Box, BoxEvent
from webapp.labels.services import operations_apply
from webapp.risk.outcomes import audited_boxes
from workers import tasks  # noqa: F401 - fills the registry
from workers.lifecycle import run
from workers.tasks import auto_accept  # noqa: F401  # the job's task makes itself known

pytestmark = pytest.mark.django_db
PROMISE = {"alpha": 0.05, "delta": 0.1}
FRAMES, BOXES = 12, 60


@pytest.fixture
def drive(member):
    """Cars and buses half and half, 360 each, of which most are drawn; their risks are spread evenly."""
    drive = DriveFactory(workspace=member.workspace, label_model=ModelVersionFactory(workspace=member.workspace))
    clip, chance = ClipFactory(drive=drive), Random(1)
    car, bus = (drive.taxonomy.categories.get(name=name) for name in ("car", "bus"))
    for _ in range(FRAMES):
        frame = FrameFactory(clip=clip, state=Frame.State.PRELABELLED, risk=0.9)
        made = [
            BoxFactory.build(
                frame=frame,
                category=car if place % 2 else bus,
                model_version=drive.label_model,
                risk=chance.random(),
                frame_width=640,
                frame_height=360,
            )
            for place in range(BOXES)
        ]
        Box.objects.bulk_create(made)
    return drive


@pytest.fixture
def sampled(drive, member):
    """A sample of 400, all decided: cars right, a fifth of the buses wrong. The rest waits."""
    sample = sample_draw(drive=drive, created_by=member.user, size=400, seed=4)
    drawn = Box.objects.filter(id__in=sample.drawn.values("box"))
    drawn.update(state=Box.State.ACCEPTED)
    wrong = drawn.filter(category__name="bus").order_by("id").values_list("id", flat=True)[::5]
    Box.objects.filter(id__in=list(wrong)).update(state=Box.State.REJECTED)
    return drive


@pytest.fixture
def issued(sampled, member):
    return certificate_issue(drive=sampled, created_by=member.user, **PROMISE)


def quiet(done, total):
    pass


def unseen(certificate):
    return Box.objects.filter(certificate=certificate, state=Box.State.ACCEPTED)


def send(user, frame, *operations):
    made = [{"id": uuid.uuid4(), **operation} for operation in operations]
    return operations_apply(frame=Frame.objects.get(id=frame.id), operations=made, expected_version=None, actor=user)


class TestIssue:
    def test_only_what_is_proved_is_certified(self, issued):
        [cars] = issued.slices
        assert (cars["name"], cars["wrong"]) == ("car", 0)
        assert cars["seen"] > 100
        assert cars["covers"] > 0
        assert issued.job.kind == "auto_accept"

    def test_nothing_is_certified_without_decisions(self, drive, member):
        with pytest.raises(Conflict, match="No category's random labels"):
            certificate_issue(drive=drive, created_by=member.user, **PROMISE)

    def test_one_stands_at_a_time(self, issued, sampled, member):
        with pytest.raises(Conflict, match="already"):
            certificate_issue(drive=sampled, created_by=member.user, **PROMISE)


class TestApply:
    def test_what_is_covered_is_accepted_and_says_by_what(self, issued):
        covered = issued.slices[0]["covers"]
        assert certificate_apply(issued, quiet) == covered == unseen(issued).count()
        event = BoxEvent.objects.filter(device=f"auto:{issued.id}").first()
        assert (event.kind, event.actor, event.before["state"], event.after["state"]) == (
            "accepted",
            None,
            "pending",
            "accepted",
        )
        assert unseen(issued).exclude(category__name="car").count() == 0
        assert not unseen(issued).filter(risk__gt=issued.slices[0]["threshold"]).exists()
        assert not DrawnLabel.objects.filter(box__in=unseen(issued)).exists()

    def test_a_second_run_changes_nothing(self, issued):
        first = certificate_apply(issued, quiet)
        events = BoxEvent.objects.count()
        assert certificate_apply(issued, quiet) == first
        assert BoxEvent.objects.count() == events

    def test_frames_on_loan_and_labels_that_came_later_are_left(self, issued, sampled, member):
        frame = Frame.objects.first()
        Lease.objects.create(frame=frame, user=member.user, expires_at=timezone.now())
        car = sampled.taxonomy.categories.get(name="car")
        later = BoxFactory(frame=Frame.objects.last(), category=car, model_version=sampled.label_model, risk=0.0)
        certificate_apply(issued, quiet)
        assert not unseen(issued).filter(frame=frame).exists()
        later.refresh_from_db()
        assert later.state == Box.State.PENDING

    def test_the_frame_follows(self, issued):
        certificate_apply(issued, quiet)
        frame = unseen(issued).first().frame
        assert frame.version == 2
        assert frame.state == Frame.State.PRELABELLED

    def test_they_are_no_audits(self, issued, member):
        before = audited_boxes(member.workspace).count()
        certificate_apply(issued, quiet)
        assert audited_boxes(member.workspace).count() == before

    def test_exports_do_not_call_them_audited(self, issued, sampled, tmp_path):
        certificate_apply(issued, quiet)
        writer = ManifestWriter(tmp_path, [{"name": "car", "phrase": "car", "group": "vehicle"}])
        box = unseen(issued).first()
        for one, seen in ((box, False), (Box.objects.filter(category=box.category, certificate=None).first(), True)):
            [values] = Box.objects.filter(id=one.id).values_list(*READ)
            assert writer._box_row(values, "train", audited=True)["audited"] is seen

    def test_moved_risks_switch_it_off_before_anything_is_accepted(self, issued):
        drawn = DrawnLabel.objects.values("box")
        Box.objects.exclude(id__in=drawn).update(risk=0.001)
        assert certificate_apply(issued, quiet) == 0
        issued.refresh_from_db()
        assert (issued.state, issued.off_reason) == ("off", "shift")


class TestUndo:
    def test_all_is_opened_again_but_what_a_person_took_over(self, issued, member):
        covered = certificate_apply(issued, quiet)
        box = unseen(issued).first()
        send(member.user, box.frame, {"kind": "relabel", "box": box.client_id, "category": box.category_id})
        finished = unseen(issued).exclude(frame=box.frame).first().frame
        send(member.user, finished, {"kind": "finish", "accept_rest": True})
        waiting = Box.objects.filter(state=Box.State.PENDING).count()
        certificate_withdraw(issued, by=member.user)
        assert certificate_undo(issued, quiet) == covered - 1
        assert Box.objects.filter(state=Box.State.PENDING).count() == waiting + covered - 1
        assert not unseen(issued).exists()
        box.refresh_from_db()
        assert box.state == Box.State.EDITED
        finished.refresh_from_db()
        assert finished.state == Frame.State.REOPENED

    def test_after_it_another_can_be_issued(self, issued, sampled, member):
        certificate_withdraw(issued, by=member.user)
        assert certificate_issue(drive=sampled, created_by=member.user, **PROMISE).id != issued.id


class TestWatch:
    def test_a_person_who_opens_one_again_decides_it_themselves(self, issued, member):
        certificate_apply(issued, quiet)
        box = unseen(issued).first()
        send(
            member.user,
            box.frame,
            {"kind": "restore", "box": box.client_id},
            {"kind": "accept", "box": box.client_id},
        )
        box.refresh_from_db()
        assert box.certificate is None
        assert not box.unseen

    def test_wrong_ones_on_finished_frames_switch_it_off(self, issued, member):
        certificate_apply(issued, quiet)
        boxes = list(unseen(issued).filter(frame=unseen(issued).first().frame)[:8])
        assert later_audits(issued) == {"seen": 0, "wrong": 0}
        rejects = [{"kind": "reject", "box": box.client_id} for box in boxes]
        send(member.user, boxes[0].frame, *rejects, {"kind": "finish", "accept_rest": True})
        issued.refresh_from_db()
        assert later_audits(issued)["wrong"] == len(boxes)
        assert (issued.state, issued.off_reason) == ("off", "audits")
        assert issued.off_at is not None

    def test_only_frames_that_chance_led_to_speak_against_it(self, issued, member):
        """A label of the draw that waits holds back its frame and those after it: who comes there comes for their risk."""
        certificate_apply(issued, quiet)
        first = issued.sample.drawn.order_by("number").first()
        Box.objects.filter(id=first.box_id).update(state=Box.State.PENDING)
        for box in unseen(issued):
            send(member.user, box.frame, {"kind": "reject", "box": box.client_id})
        assert later_audits(issued) == {"seen": 0, "wrong": 0}
        certificate_watch(issued.drive_id)
        issued.refresh_from_db()
        assert issued.state == Certificate.State.ON

    def test_right_ones_leave_it_on(self, issued, member):
        certificate_apply(issued, quiet)
        frame = unseen(issued).first().frame
        send(member.user, frame, {"kind": "finish", "accept_rest": True})
        issued.refresh_from_db()
        assert issued.state == "on"
        assert later_audits(issued)["seen"] > 0

    def test_labels_of_another_scene_switch_it_off(self, issued, sampled):
        car = sampled.taxonomy.categories.get(name="car")
        frame = FrameFactory(clip=sampled.clips.get(), state=Frame.State.PRELABELLED)
        for number in range(200):
            BoxFactory(frame=frame, category=car, model_version=sampled.label_model, risk=0.7 + 0.001 * number)
        certificate_watch(sampled.id)
        issued.refresh_from_db()
        assert (issued.state, issued.off_reason) == ("off", "shift")

    def test_that_it_is_off_waits_for_a_lead_at_home(self, issued, client):
        assert "auto_accept_off" not in str(client.get("/api/v1/overview/").json()["waiting"])
        switch_off(issued, "audits")
        told = {"what": "auto_accept_off", "count": 1, "link": f"/drives/{issued.drive_id}"}
        assert client.get("/api/v1/overview/").json()["waiting"][0] == told

    def test_off_accepts_nothing_more(self, issued):
        switch_off(issued, "audits")
        assert certificate_apply(issued, quiet) == 0
        assert not unseen(issued).exists()


class TestRest:
    def test_offer_on_and_undone(self, sampled, client):
        path = f"/api/v1/drives/{sampled.id}/auto-accept/"
        offer = client.get(path, PROMISE).json()
        assert offer["certificate"] is None
        assert [one["name"] for one in offer["offer"]] == ["car"]
        on = client.post(path, PROMISE, format="json")
        assert on.status_code == 201, on.json()
        assert (on.json()["certificate"]["state"], on.json()["offer"]) == ("on", [])
        assert client.post(path, PROMISE, format="json").json()["code"] == "already_certified"
        assert client.delete(path).json()["certificate"]["state"] == "undone"
        assert client.delete(path).status_code == 404

    def test_a_promise_that_promises_nothing_is_refused(self, sampled, client):
        response = client.post(f"/api/v1/drives/{sampled.id}/auto-accept/", {"alpha": 0.5}, format="json")
        assert response.status_code == 400


def test_the_job_accepts_and_undoes(issued, member):
    done = run(issued.job_id, worker="test")
    assert done.state == "succeeded", done.error_detail
    assert unseen(issued).count() == issued.slices[0]["covers"]
    withdrawn = certificate_withdraw(issued, by=member.user)
    run(withdrawn.job_id, worker="test")
    assert not unseen(issued).exists()
    assert Certificate.objects.get().state == "undone"


def test_a_later_sample_does_not_vouch_for_what_was_accepted_before_it(issued, sampled, member):
    certificate_apply(issued, quiet)
    assert not _unseen_elsewhere(sampled, issued.sample)
    assert _unseen_elsewhere(sampled, sample_draw(drive=sampled, created_by=member.user, size=10))
