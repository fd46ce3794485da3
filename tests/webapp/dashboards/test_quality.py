"""The dashboards' figures of quality: what they say, and who is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    BlindTrialFactory,
    BoxFactory,
    CategoryFactory,
    ClipFactory,
    DriveFactory,
    EvaluationFactory,
    FrameFactory,
    MembershipFactory,
    ModelVersionFactory,
    RiskModelFactory,
    UserFactory,
    VersionFactory,
)
from webapp.accounts.models import Membership
from webapp.audit.sampling import sample_draw
from webapp.dashboards.balance import class_balance
from webapp.dashboards.rollup import rolled_up
from webapp.dashboards.selectors import ap_over_time
from webapp.dashboards.series import FLOWS, LEVELS
from webapp.datasets.models import DatasetVersion
from webapp.footage.models import Frame
from webapp.labels.models import Box, BoxEvent
from webapp.registry.models import Promotion
from webapp.registry.services import evaluation_settle

pytestmark = pytest.mark.django_db
URL = "/api/v1/figures/"


@pytest.fixture
def frame(workspace):
    return FrameFactory(clip__drive__workspace=workspace, state=Frame.State.AUDITED)


def points(workspace, name):
    series = next(each for each in (*FLOWS, *LEVELS) if each.name == name)
    given = timezone.now().date() if series in LEVELS else None
    return {part: value for _, part, value in series.points(workspace, given)}


def test_sensitivity_is_of_all_people_together_with_its_interval(workspace, frame):
    for found in (3, 1):
        BlindTrialFactory(frame=frame, kind="gold", finished_at=timezone.now(), errors=4, errors_found=found)
    told = points(workspace, "sensitivity")
    assert told["measured"] == 0.5
    assert told["at least"] < 0.5 < told["at most"]


def test_what_moves_by_blind_trials_is_told_to_reviewers_alone(member, client_of, frame):
    def names(role):
        asker = client_of(MembershipFactory(workspace=member.workspace, role=role))
        csv = asker.get("/api/v1/figures.csv").content.decode()
        assert ("sensitivity" in csv) == (role == Membership.Role.LEAD)
        return {series["name"] for series in asker.get(URL).json()["series"]}

    BlindTrialFactory(frame=frame, kind="gold", finished_at=timezone.now(), errors=1, errors_found=1)
    hidden = {"sensitivity", "agreement", "risk_and_errors"}
    assert hidden <= names(Membership.Role.LEAD)
    assert not hidden & names(Membership.Role.ANNOTATOR)


def test_the_bound_is_told_by_drive_and_the_worst_by_slice(member):
    model = ModelVersionFactory(workspace=member.workspace)
    for name, wrong in (("clean", 0), ("dirty", 9)):
        drive = DriveFactory(workspace=member.workspace, name=name, label_model=model)
        frame = FrameFactory(clip=ClipFactory(drive=drive), state=Frame.State.PRELABELLED)
        boxes = BoxFactory.create_batch(30, frame=frame, model_version=model, width=200, height=100)
        sample_draw(drive=drive, created_by=member.user, seed=1)
        Box.objects.filter(id__in=[box.id for box in boxes]).update(state=Box.State.ACCEPTED)
        Box.objects.filter(id__in=[box.id for box in boxes[:wrong]]).update(state=Box.State.REJECTED)
    drives = points(member.workspace, "residual_bound")
    assert 0 < drives["clean"] < 9 / 30 < drives["dirty"]
    assert points(member.workspace, "residual_bound_by_slice") == {"vehicle large": pytest.approx(drives["dirty"])}


def test_risk_is_set_beside_the_errors_that_were_found(workspace, frame):
    for risk, state in ((0.2, Box.State.ACCEPTED), (0.4, Box.State.REJECTED)):
        box = BoxFactory(frame=frame, risk=risk, state=state)
        for _ in range(2):  # decided twice, it is one label
            BoxEvent.objects.create(box=box, frame=frame, kind=BoxEvent.Kind.ACCEPTED, actor=UserFactory())
    assert points(workspace, "risk_and_errors") == {"said": pytest.approx(0.3), "wrong": 0.5}


def test_the_last_fit_of_a_day_tells_how_well_risk_is_calibrated(workspace):
    model = ModelVersionFactory(workspace=workspace, name="mini")
    RiskModelFactory(model_version=model, number=1, ece=0.2)
    RiskModelFactory(model_version=model, number=2, ece=0.1, current=False)
    RiskModelFactory()  # of another workspace
    assert points(workspace, "calibration_error") == {"mini": 0.1}


def test_drift_is_what_would_have_to_be_of_another_category(workspace, member, frame):
    car = BoxFactory(frame=frame, state=Box.State.ACCEPTED).category
    for category in (car, car, CategoryFactory(taxonomy=car.taxonomy, name="tram")):
        BoxFactory(frame=frame, category=category, state=Box.State.EDITED)
    version = VersionFactory(
        dataset__workspace=workspace,
        state=DatasetVersion.State.FROZEN,
        digest="d",
        card={"splits": {"train": {"by_category": {car.name: 9, "bus": 1}}, "test": {"by_category": {"tram": 90}}}},
    )
    model = ModelVersionFactory(workspace=workspace, dataset_version=version)
    Promotion.objects.create(workspace=workspace, model_version=model, by=member.user)
    rolled_up(workspace)
    found = class_balance(workspace)
    assert found["version"]["id"] == version.id
    assert {row["category"]: (row["labels"], row["training"]) for row in found["rows"]} == {
        car.name: (0.75, 0.9),
        "bus": (0.0, 0.1),
        "tram": (0.25, 0.0),
    }
    assert found["drift"] == pytest.approx(0.25)
    assert points(workspace, "class_drift") == {"": pytest.approx(0.25)}


def test_without_training_data_nothing_has_drifted(workspace):
    assert class_balance(workspace) == {"version": None, "drift": None, "rows": []}


def test_ap_is_told_by_slice(workspace):
    report = {
        "figures": {"AP": 0.5},
        "per_category": {"car": {"AP": 0.6}},
        "slices": {"size": {"small": {"AP": None}}},
        "worst_frames": [],
    }
    evaluation_settle(EvaluationFactory(workspace=workspace), report=report, results=[])
    [point] = ap_over_time(workspace)
    assert point["slices"] == {"category": {"car": 0.6}, "size": {"small": None}}
    assert ap_over_time(workspace) == [point]  # from the cache, where a null stays one


def test_old_decisions_are_none_of_today_s(workspace, frame):
    event = BoxEvent.objects.create(
        box=BoxFactory(frame=frame, risk=0.5), frame=frame, kind=BoxEvent.Kind.REJECTED, actor=UserFactory()
    )
    BoxEvent.objects.filter(id=event.id).update(created_at=timezone.now() - timedelta(days=2))
    series = next(each for each in FLOWS if each.name == "risk_and_errors")
    assert list(series.points(workspace, timezone.now() - timedelta(days=1))) == []
