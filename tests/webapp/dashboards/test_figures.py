"""The dashboards' figures by day: what they count, that they are kept up to date, and that a spreadsheet can read them."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    BoxFactory,
    CategoryFactory,
    EvaluationFactory,
    FrameFactory,
    JobFactory,
    UserFactory,
    WorkspaceFactory,
)
from webapp.dashboards.models import DayFigure, RollUp
from webapp.dashboards.rollup import rolled_up
from webapp.dashboards.selectors import day_figures
from webapp.dashboards.series import FLOWS, LEVELS
from webapp.footage.models import Frame
from webapp.jobs.models import Job
from webapp.labels.models import Box, BoxEvent
from webapp.registry.services import evaluation_settle

pytestmark = pytest.mark.django_db
URL = "/api/v1/figures/"


@pytest.fixture
def frame(workspace):
    return FrameFactory(clip__drive__workspace=workspace, state=Frame.State.AUDITED)


def decided(frame, *, days_ago=0, kind=BoxEvent.Kind.ACCEPTED, seconds=2.0, **values):
    """A person's decision of that day."""
    box = BoxFactory(frame=frame, **values)
    event = BoxEvent.objects.create(box=box, frame=frame, kind=kind, actor=UserFactory(), seconds=seconds)
    BoxEvent.objects.filter(id=event.id).update(created_at=timezone.now() - timedelta(days=days_ago))
    return event


def values(found, series, part=""):
    [row] = [row for row in found["series"] if row["name"] == series]
    return next(line["values"] for line in row["parts"] if line["part"] == part)


def test_decisions_are_counted_on_their_day_and_by_kind(client, workspace, frame):
    for _ in range(3):
        decided(frame)
    decided(frame, days_ago=2, kind=BoxEvent.Kind.REJECTED, seconds=4.0)
    decided(FrameFactory())  # of another workspace
    found = client.get(URL, {"days": 3}).json()
    assert found["days"][-1] == timezone.now().date().isoformat()
    assert values(found, "decisions", "accepted") == [None, None, 3.0]
    assert values(found, "decisions", "rejected") == [1.0, None, None]
    assert values(found, "audit_hours") == [pytest.approx(4 / 3600), None, pytest.approx(6 / 3600)]
    assert values(found, "seconds_a_decision") == [4.0, None, 2.0]


def test_a_model_s_proposals_are_nobody_s_decisions(workspace, frame):
    BoxEvent.objects.create(box=BoxFactory(frame=frame), frame=frame, kind=BoxEvent.Kind.PROPOSED)
    [row] = [row for row in day_figures(workspace, days=1)["series"] if row["name"] == "decisions"]
    assert row["parts"] == []


def test_levels_say_how_it_stands(workspace, frame):
    car = BoxFactory(frame=frame, state=Box.State.ACCEPTED).category
    BoxFactory(frame=frame, category=car, state=Box.State.EDITED)
    BoxFactory(frame=frame, category=car, state=Box.State.REJECTED)
    BoxFactory(frame=frame, state=Box.State.PENDING, risk=0.55)
    BoxFactory(frame=frame, state=Box.State.PENDING, risk=1.0)
    found = day_figures(workspace, days=1)
    assert values(found, "labels_by_category", car.name) == [2.0]
    assert values(found, "frames_by_state", "audited") == [1.0]
    [risks] = [row["parts"] for row in found["series"] if row["name"] == "open_labels_by_risk"]
    assert [(row["part"][:2], row["values"]) for row in risks] == [("50", [1.0]), ("90", [1.0])]
    assert values(found, "store_bytes")[0] > 0


def test_ended_jobs_and_their_time(workspace):
    ended = timezone.now()
    JobFactory(workspace=workspace, state=Job.State.FAILED, finished_at=ended)
    JobFactory(
        workspace=workspace,
        kind=Job.Kind.FREEZE_VERSION,
        state=Job.State.SUCCEEDED,
        started_at=ended - timedelta(minutes=3),
        finished_at=ended,
    )
    found = day_figures(workspace, days=1)
    assert values(found, "jobs", "failed") == values(found, "jobs", "succeeded") == [1.0]
    assert values(found, "job_minutes", "freeze version") == [pytest.approx(3.0)]


def test_figures_are_read_as_they_are_for_a_minute_and_then_counted_again(workspace, frame):
    decided(frame)
    first = rolled_up(workspace).at
    decided(frame)
    assert values(day_figures(workspace, days=1), "decisions", "accepted") == [1.0]
    RollUp.objects.update(at=first - timedelta(seconds=61))
    assert values(day_figures(workspace, days=1), "decisions", "accepted") == [2.0]


def test_days_that_had_ended_are_not_counted_again(workspace, frame):
    decided(frame, days_ago=3)
    rolled_up(workspace)
    DayFigure.objects.filter(series="decisions").update(value=7)  # would be mended by a count
    RollUp.objects.update(at=timezone.now() - timedelta(hours=25))
    assert values(day_figures(workspace, days=4), "decisions", "accepted")[0] == 7.0


def test_a_day_that_was_open_when_it_was_rolled_up_is_counted_to_its_end(workspace, frame):
    decided(frame, days_ago=1)
    rolled_up(workspace)
    decided(frame, days_ago=1)
    RollUp.objects.update(at=timezone.now() - timedelta(days=1))
    assert values(day_figures(workspace, days=2), "decisions", "accepted")[0] == 2.0


def test_no_workspace_sees_another_s(client, frame):
    other = FrameFactory(clip__drive__workspace=WorkspaceFactory())
    decided(other)
    rolled_up(other.workspace)
    found = client.get(URL, {"days": 1}).json()
    assert [row["parts"] for row in found["series"] if row["name"] == "decisions"] == [[]]


def test_ap_over_time_leads_to_its_evaluations(client, workspace):
    evaluation = EvaluationFactory(workspace=workspace)
    EvaluationFactory(workspace=workspace)  # not measured yet
    evaluation_settle(evaluation, report={"figures": {"AP": 0.5}, "worst_frames": []}, results=[])
    [point] = client.get(URL).json()["ap"]
    assert (point["evaluation"], point["ap"]) == (evaluation.id, 0.5)


def test_a_spreadsheet_reads_the_same_figures_and_runs_none_of_the_names(client, workspace, frame):
    BoxFactory(frame=frame, category=CategoryFactory(name='=HYPERLINK("x")'), state=Box.State.ACCEPTED)
    answer = client.get("/api/v1/figures.csv", {"days": 1})
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    today = datetime.now(UTC).date().isoformat()
    assert {
        "day": today,
        "series": "labels_by_category",
        "part": '\'=HYPERLINK("x")',
        "unit": "count",
        "value": "1.0",
    } in rows
    assert not any(value.startswith("=") for row in rows for value in row.values())


@pytest.mark.parametrize("days", ["0", "732", "many"])
def test_a_span_that_is_none_is_named(client, days):
    refused = client.get(URL, {"days": days})
    assert refused.status_code == 400
    assert "days" in refused.json()["fields"]


def test_series_have_names_of_their_own():
    names = [series.name for series in (*FLOWS, *LEVELS)]
    assert len(names) == len(set(names))
