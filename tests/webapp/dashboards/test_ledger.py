"""The ledger counts what was spent between two evaluations; the digest tells a week, and goes out once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from tests.factories import (
    BoxFactory,
    EvaluationFactory,
    FrameFactory,
    JobFactory,
    MembershipFactory,
    UserFactory,
    VersionFactory,
)
from webapp.accounts.models import Workspace, WorkspaceLimits
from webapp.dashboards.digest import digest_of, digest_send, digest_text, digests_tick
from webapp.jobs.models import Job
from webapp.labels.models import BoxEvent
from webapp.registry.models import Evaluation

pytestmark = pytest.mark.django_db


def decided(workspace, at, seconds=1800.0):
    frame = FrameFactory(clip__drive__workspace=workspace)
    event = BoxEvent.objects.create(
        box=BoxFactory(frame=frame), frame=frame, kind=BoxEvent.Kind.ACCEPTED, actor=UserFactory(), seconds=seconds
    )
    BoxEvent.objects.filter(id=event.id).update(created_at=at)


@pytest.fixture
def evaluated(workspace):
    """Evaluations of one split, each measured so many days ago."""
    version = VersionFactory(dataset__workspace=workspace)

    def made(ap, days_ago):
        row = EvaluationFactory(workspace=workspace, dataset_version=version, split="val", figures={"AP": ap})
        Evaluation.objects.filter(id=row.id).update(created_at=timezone.now() - timedelta(days=days_ago))
        return row

    return made


def test_a_line_is_what_was_decided_between_and_what_ap_came_of_it(client, workspace, evaluated):
    first, second = evaluated(0.30, 10), evaluated(0.36, 2)
    for days in (12, 8, 6, 4, 1):
        decided(workspace, timezone.now() - timedelta(days=days))
    WorkspaceLimits.objects.create(workspace=workspace, audit_hour_cost=20)
    found = client.get("/api/v1/ledger/").json()
    [line] = found["lines"]
    assert (line["before"], line["evaluation"]) == (first.id, second.id)
    assert (line["decisions"], line["hours"], line["cost"]) == (3, 1.5, 30.0)
    assert (line["gained"], line["per_hour"]) == (pytest.approx(0.06), pytest.approx(0.04))
    assert (line["low"], line["high"]) == (None, None)


@pytest.mark.parametrize("turned", [False, True])
def test_the_interval_is_that_of_the_comparison_whichever_way_round(client, workspace, evaluated, turned):
    pair = [evaluated(0.30, 10).id, evaluated(0.36, 2).id]
    result = {"low": 0.01, "high": 0.11} if not turned else {"low": -0.11, "high": -0.01}
    result |= dict(zip(("first_evaluation", "second_evaluation"), pair[::-1] if turned else pair, strict=True))
    JobFactory(workspace=workspace, kind=Job.Kind.COMPARE_EVALUATIONS, state=Job.State.SUCCEEDED, result=result)
    [line] = client.get("/api/v1/ledger/").json()["lines"]
    assert (line["low"], line["high"]) == (0.01, 0.11)


def test_without_auditing_between_there_is_no_figure_an_hour(client, evaluated):
    evaluated(0.30, 10)
    evaluated(0.36, 2)
    evaluated(None, 1)
    [line] = client.get("/api/v1/ledger/").json()["lines"]
    assert (line["decisions"], line["per_hour"], line["cost"]) == (0, None, None)


class TestDigest:
    @pytest.fixture
    def last_week(self):
        today = timezone.now().astimezone(UTC).date()
        monday = today - timedelta(days=today.weekday() + 7)
        return datetime.combine(monday, datetime.min.time(), UTC) + timedelta(days=2, hours=9)

    def test_tells_the_week_beside_the_one_before(self, client, workspace, last_week):
        for at in (last_week, last_week, last_week - timedelta(days=7), last_week + timedelta(days=7)):
            decided(workspace, at)
        job = JobFactory(workspace=workspace, state=Job.State.FAILED, title="Pre-label monday")
        Job.objects.filter(id=job.id).update(finished_at=last_week)
        found = client.get("/api/v1/digest/").json()
        figures = {row["name"]: (row["value"], row["before"]) for row in found["figures"]}
        assert figures["decisions"] == (2, 1)
        assert figures["audit_hours"] == (1.0, 0.5)
        assert "seconds_a_decision" not in figures
        assert sum(person["decisions"] for person in found["people"]) == 2
        assert found["failed_jobs"] == ["Pre-label monday"]
        text = digest_text(workspace, digest_of(workspace))
        assert "Decisions: 2 count (the week before: 1)" in text
        assert "Failed jobs: Pre-label monday" in text

    def test_is_asked_for_once_a_week_and_goes_to_owners_and_leads_each_alone(self, workspace, member):
        lead = MembershipFactory(workspace=workspace, role="lead")
        MembershipFactory(workspace=workspace, role="annotator")
        MembershipFactory(workspace=workspace, role="lead", user__is_active=False)
        assert digests_tick() == {"digests": 0}  # of the week in which the workspace began there is nothing to tell yet
        Workspace.objects.update(created_at=timezone.now() - timedelta(days=7))
        assert [digests_tick(), digests_tick()] == [{"digests": 1}, {"digests": 0}]
        assert Job.objects.get(kind=Job.Kind.SEND_DIGEST).workspace == workspace
        assert digest_send(workspace) == 2
        assert sorted(letter.to for letter in mail.outbox) == sorted([[member.user.email], [lead.user.email]])
        assert workspace.name in mail.outbox[0].subject
