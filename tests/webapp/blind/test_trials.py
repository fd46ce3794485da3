"""A blind trial looks like any audit to its person, measures what they find, and leaves the frame and its labels alone."""

import uuid

import pytest

from tests.factories import FrameFactory
from tests.webapp.blind.conftest import send
from webapp.audit.models import Lease
from webapp.audit.selectors import audit_summary
from webapp.audit.services import claim
from webapp.blind.models import BlindTrial
from webapp.blind.selectors import REMEMBERED
from webapp.blind.sensitivity import sensitivity_of, sensitivity_report
from webapp.blind.services import CLOSED_AFTER, gold_mark, mix_set, trial_open, trials_close
from webapp.core.errors import Conflict
from webapp.footage.models import Frame
from webapp.labels.models import Box, BoxEvent

pytestmark = pytest.mark.django_db
ERRORS = ("shifted", "relabelled", "ghost", "hidden")


def rows(model, frame):
    """Everything that the product holds of a frame."""
    return list(model.objects.filter(frame=frame).order_by("id").values())


def planted(trial):
    return Box.rows.get(client_id=trial.planted["box"])


def mend(trial):
    """What an auditor who sees everything does."""
    right = trial.planted.get("right")
    shape = {side: right[side] for side in ("x", "y", "width", "height")} if right else {}
    box = None if trial.error == "hidden" else planted(trial).client_id
    return {
        "shifted": {"kind": "reshape", "box": box, **shape},
        "relabelled": {"kind": "relabel", "box": box, "category": right and right["category"]},
        "ghost": {"kind": "reject", "box": box},
        "hidden": {"kind": "create", "box": uuid.uuid4(), "category": right and right["category"], **shape},
    }[trial.error]


FINISH = {"kind": "finish", "accept_rest": True}


@pytest.mark.parametrize("error", ERRORS)
class TestEachError:
    def test_mended_is_found_and_the_frame_is_as_it_was(self, trial, annotator, error):
        made = trial(error)
        before = [rows(model, made.frame_id) for model in (Box, BoxEvent)], Frame.objects.filter(id=made.frame_id).get()
        send(made.frame, annotator.user, mend(made), FINISH)
        made.refresh_from_db()
        found = (made.hidden, made.hidden_found) if error == "hidden" else (made.errors, made.errors_found)
        assert found == (1, 1)
        assert [rows(model, made.frame_id) for model in (Box, BoxEvent)] == before[0]
        now = Frame.objects.get(id=made.frame_id)
        assert (now.state, now.version, now.risk) == (before[1].state, before[1].version, before[1].risk)

    def test_passed_over_is_not_found(self, trial, annotator, error):
        made = trial(error)
        send(made.frame, annotator.user, FINISH)
        made.refresh_from_db()
        assert made.errors_found == made.hidden_found == 0

    def test_the_recorded_seed_gives_the_same_error_again(self, trial, annotator, error):
        made = trial(error)
        again_of = {"frame_id": made.frame_id, "user": annotator.user, "kind": made.kind, "seed": made.seed}
        shown = list(Box.rows.filter(trial=made).order_by("id").values_list("x", "y", "category", "score"))
        made.delete()
        again = trial_open(**again_of)
        assert again.error == error
        assert list(Box.rows.filter(trial=again).order_by("id").values_list("x", "y", "category", "score")) == shown


def test_only_labels_that_stood_the_audit_are_spoilt(trial, drive):
    for place in range(8):
        made = trial(place=place)
        if right := made.planted.get("right"):
            accepted = Box.objects.filter(frame=made.frame, state=Box.State.ACCEPTED, source=Box.Source.PSEUDO)
            assert accepted.filter(x=right["x"], y=right["y"], category=right["category"]).count() == 1


def test_the_wrong_category_is_told_by_scores_and_reasons_too(trial):
    made = trial("relabelled")
    box = planted(made)
    right = made.frame.drive.taxonomy.categories.get(id=made.planted["right"]["category"])
    original = Box.objects.get(frame=made.frame, x=box.x)
    assert box.category_id != right.id
    assert box.probs[box.category.name] == original.probs[right.name]
    assert box.signals[0]["sentence"].startswith(f"class unsure: {box.category.name} {box.score}")


def test_undoing_the_finish_takes_the_finding_back(trial, annotator):
    made = trial("ghost")
    finish = {"id": uuid.uuid4(), **FINISH}
    send(made.frame, annotator.user, finish)
    made.refresh_from_db()
    assert made.errors == 1
    send(made.frame, annotator.user, {"kind": "undo", "operation": finish["id"]}, mend(made), FINISH)
    made.refresh_from_db()
    assert (made.errors, made.errors_found) == (1, 1)


class TestGold:
    def test_a_lead_vouches_for_an_audited_frame_only(self, drive, member):
        audited, waiting = (drive.frames.filter(state=state).first() for state in ("audited", "prelabelled"))
        gold = gold_mark(audited, marked_by=member.user)
        assert gold_mark(audited, marked_by=member.user) == gold
        with pytest.raises(Conflict, match="Only an audited frame"):
            gold_mark(waiting, marked_by=member.user)

    def test_the_answer_is_held_against_the_known_labels(self, trial, annotator, member):
        made = trial(kind=BlindTrial.Kind.GOLD)
        boxes = list(Box.rows.filter(trial=made).order_by("id"))
        assert len(boxes) == 5, "all as proposed, the one that was rejected too, the drawn one not"
        reject = {"kind": "reject", "box": boxes[0].client_id, "seconds": 4.0}
        send(made.frame, annotator.user, reject, {**FINISH, "seconds": 6.0})
        made.refresh_from_db()
        assert (made.errors, made.errors_found) == (1, 0), "the label that is no gold was accepted"
        assert {name: made.answer[name] for name in ("given", "known", "matched")} == {
            "given": 4,
            "known": 5,
            "matched": 3,
        }
        [person] = sensitivity_report(member.workspace)["people"]
        gold = person["gold"]
        assert (gold["precision"], gold["recall"], gold["mean_iou"]) == (0.75, 0.6, pytest.approx(1.0))
        assert gold["seconds_a_box"] == 2.0

    def test_the_gold_never_changes(self, trial, annotator):
        made = trial(kind=BlindTrial.Kind.GOLD)
        before = rows(Box, made.frame)
        send(made.frame, annotator.user, *({"kind": "reject", "box": b.client_id} for b in Box.rows.filter(trial=made)))
        assert rows(Box, made.frame) == before


class TestClaim:
    @pytest.fixture(autouse=True)
    def mix(self, member):
        mix_set(member.workspace, by=member.user, seeded_share=0.5, gold_share=0.0, consensus_share=0.0)

    def test_trials_are_mixed_in_at_the_share_that_is_set(self, drive, member, annotator):
        claimed = claim(workspace=member.workspace, user=annotator.user, count=4)
        trials = set(BlindTrial.objects.values_list("frame", flat=True))
        assert len(claimed) == 4
        assert len(trials) == 2
        assert trials <= set(claimed)
        assert Lease.objects.filter(user=annotator.user, released_at=None).count() == 4
        again = claim(workspace=member.workspace, user=annotator.user, count=4)
        assert set(again) == set(claimed), "a page that is opened again gets what it had"

    def test_by_default_one_in_twenty(self, drive, member, annotator):
        mix_set(member.workspace, by=member.user, seeded_share=1 / 20, gold_share=0.0, consensus_share=0.0)
        FrameFactory.create_batch(25, clip=drive.clips.get(), state=Frame.State.PRELABELLED)
        claimed = claim(workspace=member.workspace, user=annotator.user, count=20)
        assert (len(claimed), BlindTrial.objects.count()) == (20, 1)

    def test_nobody_is_given_what_they_audited_themselves(self, drive, member):
        claim(workspace=member.workspace, user=member.user, count=4)
        assert not BlindTrial.objects.exists()
        BoxEvent.objects.update(created_at=BoxEvent.objects.latest("id").created_at - REMEMBERED * 1.01)
        claim(workspace=member.workspace, user=member.user, count=4, exclude=[0])
        # Four frames are lent already; the claim gives those.
        assert not BlindTrial.objects.exists()

    def test_gold_comes_from_frames_that_are_marked(self, drive, member, annotator):
        mix_set(member.workspace, by=member.user, seeded_share=0.0, gold_share=0.5, consensus_share=0.0)
        marked = drive.frames.filter(state="audited")[3]
        gold_mark(marked, marked_by=member.user)
        claimed = claim(workspace=member.workspace, user=annotator.user, count=4)
        trial = BlindTrial.objects.get()
        assert (trial.kind, trial.frame_id, trial.error) == ("gold", marked.id, "")
        assert marked.id in claimed

    def test_a_queue_that_is_done_gives_no_trials(self, drive, member, annotator):
        drive.frames.update(state=Frame.State.AUDITED)
        assert claim(workspace=member.workspace, user=annotator.user, count=4) == []

    def test_a_trial_given_back_comes_again(self, drive, member, annotator):
        claim(workspace=member.workspace, user=annotator.user, count=4)
        trials = set(BlindTrial.objects.values_list("frame", flat=True))
        Lease.objects.update(expires_at="2026-01-01T00:00:00Z")
        again = claim(workspace=member.workspace, user=annotator.user, count=4)
        assert set(BlindTrial.objects.values_list("frame", flat=True)) == trials <= set(again)


class TestNobodyCanTell:
    """The annotator asks everything that a page may ask."""

    @pytest.fixture
    def frames(self, drive, member, annotator, client_of):
        mix_set(member.workspace, by=member.user, seeded_share=0.5, gold_share=0.0, consensus_share=0.0)
        client = client_of(annotator)
        claimed = client.post("/api/v1/audit/claim/", {"count": 4}, format="json").json()
        trials = set(BlindTrial.objects.values_list("frame", flat=True))
        assert len(trials) == 2
        split = [[f for f in claimed["frames"] if (f["id"] in trials) == blind] for blind in (True, False)]
        return client, *split

    def test_a_claimed_frame_has_the_same_fields_and_kinds_of_values(self, frames):
        _, blind, plain = frames
        for frame in blind:
            assert frame.keys() == plain[0].keys()
            assert (frame["state"], frame["version"]) == (plain[0]["state"], plain[0]["version"]) == ("in_audit", 2)
            assert frame["open_boxes"] == len(frame["boxes"])
            assert frame["risk"] > 0
            for box in frame["boxes"]:
                assert {k: type(v) for k, v in box.items()} == {k: type(v) for k, v in plain[0]["boxes"][0].items()}
                assert (box["state"], box["source"], box["track"]) == ("pending", "pseudo", None)
            scores = [box["score"] for box in frame["boxes"]]
            assert len(set(scores)) == len(scores), "no label is another's copy"

    def test_ids_tell_nothing(self, frames):
        _, blind, plain = frames
        ids = [sorted(box["id"] for frame in group for box in frame["boxes"]) for group in (blind, plain)]
        assert ids[0][0] < ids[1][-1], "the ranges overlap, as random numbers do"
        assert ids[1][0] < ids[0][-1]

    def test_every_other_answer_agrees_with_the_claim(self, frames):
        client, blind, plain = frames
        listed = {row["id"]: row for row in client.get("/api/v1/frames/").json()["results"]}
        for frame in [*blind, *plain]:
            opened = client.get(f"/api/v1/frames/{frame['id']}/").json()
            assert opened["boxes"] == frame["boxes"]
            row = listed[frame["id"]]
            assert [row[name] for name in ("state", "version", "boxes", "total_boxes")] == [
                frame[name] for name in ("state", "version", "open_boxes", "total_boxes")
            ]
            events = client.get(f"/api/v1/frames/{frame['id']}/events/").json()["results"]
            assert [event["kind"] for event in events] == ["proposed"] * len(frame["boxes"])
            assert [event["id"] for event in events] == list(range(1, len(events) + 1))
            assert {event["box"] for event in events} == {box["id"] for box in frame["boxes"]}
        proposed = [
            {event["created_at"] for event in client.get(f"/api/v1/frames/{group[0]['id']}/events/").json()["results"]}
            for group in (blind, plain)
        ]
        assert abs(len(proposed[0]) - len(proposed[1])) <= 1
        assert max(proposed[0]) < Frame.objects.get(id=blind[0]["id"]).updated_at.isoformat()

    def test_operations_answer_alike(self, frames):
        client, blind, plain = frames
        answers = []
        for frame in (blind[0], plain[0]):
            body = {"operations": [{"id": str(uuid.uuid4()), "kind": "finish", "accept_rest": True}]}
            path = f"/api/v1/frames/{frame['id']}/operations/"
            answer = client.post(path, body, format="json", headers={"If-Match": '"2"'})
            assert answer.status_code == 200
            again = client.post(path, body, format="json", headers={"If-Match": '"2"'})
            assert again.json()["applied"][0]["duplicate"]
            stale = client.post(
                path,
                {"operations": [{"id": str(uuid.uuid4()), "kind": "reopen"}]},
                format="json",
                headers={"If-Match": '"2"'},
            )
            assert stale.json()["current"]["version"] == 3
            answers.append(answer.json())
            assert client.get(f"/api/v1/frames/{frame['id']}/").json()["state"] == "audited"
        assert answers[0]["version"] == answers[1]["version"] == 3
        assert {k: type(v) for k, v in answers[0].items()} == {k: type(v) for k, v in answers[1].items()}
        assert answers[0]["frame"] == {**answers[1]["frame"], "id": blind[0]["id"]}

    def test_decisions_of_today_count_on_either(self, frames, annotator):
        client, blind, plain = frames
        for count, frame in enumerate((blind[0], plain[0]), 1):
            operation = {"id": str(uuid.uuid4()), "kind": "accept", "box": frame["boxes"][0]["client_id"]}
            path = f"/api/v1/frames/{frame['id']}/operations/"
            client.post(path, {"operations": [operation]}, format="json", headers={"If-Match": '"2"'})
            assert audit_summary(annotator.workspace, annotator.user)["my_decisions_today"] == count

    def test_a_lead_who_looks_sees_the_frame_itself(self, frames, client):
        _, blind, _ = frames
        seen = client.get(f"/api/v1/frames/{blind[0]['id']}/").json()
        assert seen["state"] == "audited"
        assert not {box["client_id"] for box in seen["boxes"]} & {box["client_id"] for box in blind[0]["boxes"]}


def test_after_a_while_the_person_sees_the_frame_itself_again(trial, annotator, client_of):
    made = trial("ghost")
    send(made.frame, annotator.user, FINISH)
    trials_close(annotator.user)
    assert BlindTrial.objects.get().closed_at is None
    BlindTrial.objects.update(finished_at=made.opened_at - CLOSED_AFTER)
    trials_close(annotator.user)
    shown = client_of(annotator).get(f"/api/v1/frames/{made.frame_id}/").json()
    assert len(shown["boxes"]) == 6


def test_sensitivity_of_a_person(trial, annotator, member):
    assert sensitivity_of(annotator.user, member.workspace)["sensitivity"] is None
    for place in range(8):
        made = trial("ghost", place=place)
        send(made.frame, annotator.user, *([mend(made)] if place else []), FINISH)
    measured = sensitivity_of(annotator.user, member.workspace)
    assert (measured["shown"], measured["found"], measured["sensitivity"]) == (8, 7, 0.875)
    assert (measured["low"], measured["high"]) == (pytest.approx(0.4735, abs=1e-3), pytest.approx(0.9968, abs=1e-3))


def test_scripted_auditors_are_measured_as_they_are(trial, annotator, member):
    """Six of eight mended, by error kind and in all."""
    for place in range(8):
        made = trial(ERRORS[place % 3], place=place)
        send(made.frame, annotator.user, *([mend(made)] if place < 6 else []), FINISH)
    report = sensitivity_report(member.workspace)
    assert (report["all"]["shown"], report["all"]["found"]) == (8, 6)
    assert {kind["kind"] for kind in report["all"]["kinds"]} == {"shifted", "relabelled", "ghost"}
