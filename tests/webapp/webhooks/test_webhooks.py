"""Webhooks: who is told what, signed, again until it is taken, and never anybody inside."""

import pytest
from django.utils import timezone

from tests.factories import (
    AlarmFactory,
    BoxFactory,
    DeviceFactory,
    JobFactory,
    MembershipFactory,
    ModelVersionFactory,
    VersionFactory,
)
from webapp.control.models import AdminAct
from webapp.core.outbound import Answer
from webapp.jobs import services as jobs
from webapp.jobs.models import Job
from webapp.registry.services import model_promote
from webapp.webhooks import sending
from webapp.webhooks.models import Delivery, Webhook
from webapp.webhooks.sending import PAUSES_S, delivery_try, due_deliveries
from webapp.webhooks.services import webhook_create, webhooks_tick
from webapp.webhooks.signing import signature, signature_holds

pytestmark = pytest.mark.django_db
URL = "https://hooks.example.org/in"


@pytest.fixture
def hook(member):
    return webhook_create(workspace=member.workspace, url=URL, events=list(Webhook.CHOSEN), by=member.user)


@pytest.fixture
def sent(monkeypatch):
    """What was posted; the address answers with the next of `answers`."""
    posts, answers = [], []

    def post(url, body, headers):
        posts.append((url, body, headers))
        told = answers.pop(0) if answers else Answer(200, "ok")
        if isinstance(told, Exception):
            raise told
        return told

    monkeypatch.setattr(sending, "outbound_post", post)
    post.posts, post.answers = posts, answers
    return post


def told(workspace):
    return [(row.event, row.payload["about"]) for row in Delivery.objects.filter(webhook__workspace=workspace)]


def ended(job, state, **fields):
    Job.objects.filter(id=job.id).update(
        state=Job.State.RUNNING, attempts=1, worker="w", lease_expires_at=timezone.now()
    )
    job.refresh_from_db()
    jobs.fail(job, code="broken", detail="It broke.") if state == "failed" else jobs.finish(job, {})


class TestEvents:
    def test_a_failed_job_is_told_and_the_failure_to_tell_is_not(self, hook, workspace):
        ended(JobFactory(workspace=workspace), "failed")
        ended(JobFactory(workspace=workspace, kind=Job.Kind.SEND_WEBHOOKS), "failed")
        [(event, about)] = told(workspace)
        assert (event, about["error"], about["detail"]) == ("job.failed", "broken", "It broke.")

    def test_a_frozen_version_is_told(self, hook, workspace):
        version = VersionFactory(dataset__workspace=workspace)
        ended(JobFactory(workspace=workspace, kind=Job.Kind.FREEZE_VERSION, params={"version": version.id}), "ok")
        assert [(event, about["version"]) for event, about in told(workspace)] == [("version.frozen", version.id)]

    def test_a_promotion_is_told_once(self, hook, member):
        model = ModelVersionFactory(workspace=member.workspace, sha256="a" * 64)
        model_promote(model, by=member.user)
        model_promote(model, by=member.user)
        assert [(event, about["model"]) for event, about in told(member.workspace)] == [("model.promoted", model.id)]

    def test_an_alarm_is_told(self, hook, workspace):
        AlarmFactory(device=DeviceFactory(workspace=workspace, name="van-7"))
        assert [(event, about["device"]) for event, about in told(workspace)] == [("alarm.raised", "van-7")]

    def test_a_drive_is_told_when_its_last_frame_was_finished(self, hook, member, client):
        one = BoxFactory(frame__clip__drive__workspace=member.workspace, frame__state="prelabelled")
        two = BoxFactory(frame__clip=one.frame.clip, frame__state="prelabelled")
        for box in (one, two):
            assert told(member.workspace) == []
            operation = {"id": str(box.client_id), "kind": "finish", "accept_rest": True}
            answer = client.post(
                f"/api/v1/frames/{box.frame_id}/operations/",
                {"operations": [operation]},
                format="json",
                headers={"If-Match": f'"{box.frame.version}"'},
            )
            assert answer.status_code == 200
        assert [event for event, _ in told(member.workspace)] == ["drive.audited"]

    def test_only_who_asked_is_told_and_nobody_of_another_workspace(self, workspace, member):
        webhook_create(workspace=workspace, url=URL, events=["model.promoted"], by=member.user)
        other = MembershipFactory()
        webhook_create(workspace=other.workspace, url=URL, events=["job.failed"], by=other.user)
        Webhook.objects.filter(workspace=workspace).update(active=False)
        ended(JobFactory(workspace=workspace), "failed")
        assert Delivery.objects.count() == 0


class TestSending:
    def test_what_is_sent_is_signed_and_named(self, hook, workspace, sent):
        ended(JobFactory(workspace=workspace), "failed")
        [id] = due_deliveries(workspace)
        assert delivery_try(id)
        [(url, body, headers)] = sent.posts
        now = int(timezone.now().timestamp())
        assert (url, headers["Headway-Delivery"]) == (URL, str(id))
        assert signature_holds(headers["Headway-Signature"], hook.secret, body, now=now)
        assert not signature_holds(headers["Headway-Signature"], hook.secret, body + b" ", now=now)
        assert not signature_holds(headers["Headway-Signature"], "another", body, now=now)
        row = Delivery.objects.get()
        assert (row.state, row.status, row.answer) == ("delivered", 200, "ok")

    def test_what_is_not_taken_is_due_later_and_given_up_at_last(self, hook, workspace, sent):
        sent.answers += [Answer(500, "no"), OSError("timed out"), *[Answer(404, "")] * len(PAUSES_S)]
        ended(JobFactory(workspace=workspace), "failed")
        waits = []
        for _ in range(len(PAUSES_S) + 1):
            [id] = Delivery.objects.values_list("id", flat=True)
            assert not delivery_try(id)
            row = Delivery.objects.get()
            waits.append(round((row.due_at - row.tried_at).total_seconds()) if row.due_at else None)
        assert waits == [*PAUSES_S, None]
        assert (row.state, row.attempts, due_deliveries(workspace)) == ("failed", len(PAUSES_S) + 1, [])

    def test_one_job_sends_and_the_upkeep_makes_another_when_more_is_due(self, hook, workspace, sent):
        for _ in range(3):
            ended(JobFactory(workspace=workspace), "failed")
        sending_jobs = Job.objects.filter(kind=Job.Kind.SEND_WEBHOOKS)
        assert sending_jobs.count() == 1
        webhooks_tick()
        assert sending_jobs.count() == 1
        sending_jobs.update(state=Job.State.SUCCEEDED)
        webhooks_tick()
        assert sending_jobs.count() == 2


def test_an_old_signature_does_not_hold():
    header = signature("secret", b"{}", at=1000)
    assert signature_holds(header, "secret", b"{}", now=1299)
    assert not signature_holds(header, "secret", b"{}", now=1301)
    assert not signature_holds("nonsense", "secret", b"{}", now=1000)


class TestRest:
    def test_the_secret_is_shown_once_and_renewed(self, client):
        made = client.post("/api/v1/webhooks/", {"url": URL, "events": ["job.failed"]}).json()
        assert made["secret"].startswith("whsec_")
        assert "secret" not in client.get("/api/v1/webhooks/").json()["results"][0]
        renewed = client.post(f"/api/v1/webhooks/{made['id']}/secret/").json()["secret"]
        assert Webhook.objects.get().secret == renewed != made["secret"]
        assert AdminAct.objects.count() == 2
        written = str(list(AdminAct.objects.values()))
        assert made["secret"] not in written
        assert renewed not in written

    @pytest.mark.parametrize("url", ["http://", "file:///x", "https://u:p@a.org"])
    def test_an_address_that_is_none_is_refused_at_once(self, client, url):
        answer = client.post("/api/v1/webhooks/", {"url": url, "events": ["job.failed"]})
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_address")

    def test_every_act_is_written_down_with_what_differs(self, client, member):
        id = client.post("/api/v1/webhooks/", {"url": URL, "events": ["job.failed"]}).json()["id"]
        client.patch(f"/api/v1/webhooks/{id}/", {"active": False})
        client.delete(f"/api/v1/webhooks/{id}/")
        acts = [(act.act, act.before, act.after) for act in AdminAct.objects.order_by("id")]
        assert [act for act, *_ in acts] == ["webhook.created", "webhook.changed", "webhook.deleted"]
        assert acts[1][1:] == ({"active": True}, {"active": False})
        assert {act.actor for act in AdminAct.objects.all()} == {member.user}

    def test_a_test_is_sent_and_sent_again(self, client, hook, sent):
        row = client.post(f"/api/v1/webhooks/{hook.id}/ping/").json()
        assert client.post(f"/api/v1/webhook-deliveries/{row['id']}/repeat/").json()["code"] == "still_waiting"
        delivery_try(row["id"])
        again = client.post(f"/api/v1/webhook-deliveries/{row['id']}/repeat/").json()
        assert (again["state"], again["attempts"]) == ("waiting", 0)
        log = client.get(f"/api/v1/webhook-deliveries/?webhook={hook.id}").json()["results"]
        assert [entry["event"] for entry in log] == ["ping"]
