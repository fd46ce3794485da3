"""What audits tell of a model's labels, and what is made of it."""

import pytest

from ml.risk.calibrate import AuditedLabel, fit, held_out_risks
from ml.risk.reliability import Reliability, reliability
from tests.factories import BoxFactory, CategoryFactory, ClipFactory, DriveFactory, FrameFactory, ModelVersionFactory
from tests.webapp.risk.made import audited_drive, label
from webapp.jobs.models import Job
from webapp.labels.models import Box
from webapp.risk import curves
from webapp.risk.models import RiskModel
from webapp.risk.outcomes import audited_boxes, outcomes
from webapp.risk.selectors import second_model
from webapp.risk.services import risk_model_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def model(member):
    return ModelVersionFactory(workspace=member.workspace)


@pytest.fixture
def one(model):
    """A label that nobody has touched but to accept it."""
    frame = FrameFactory(clip=ClipFactory(drive=DriveFactory(workspace=model.workspace)))
    return label(frame, model, 0, conf=0.3, wrong=False)


def wrong(box: Box, **changed: object) -> list[bool]:
    Box.objects.filter(id=box.id).update(**changed)
    return [outcome.wrong for outcome in outcomes(audited_boxes(box.frame.workspace))]


def test_accepted_is_right_and_rejected_is_wrong(one):
    assert wrong(one) == [False]
    assert wrong(one, state="rejected") == [True]


def test_a_small_correction_is_no_error_and_a_large_one_is(one):
    """The box is 100 wide: at 60 of shift the IoU is 40 / 160."""
    assert wrong(one, state="edited", x=one.x + 20) == [False]
    assert wrong(one, state="edited", x=one.x + 60) == [True]


def test_another_category_is_an_error(one):
    other = CategoryFactory(taxonomy=one.category.taxonomy)
    assert wrong(one, state="edited", category=other) == [True]


def test_open_labels_candidates_and_what_people_drew_tell_nothing(one):
    event = one.events.get()
    type(one.events.get()).objects.filter(id=event.id).update(after={**event.after, "state": "missed_candidate"})
    BoxFactory(frame=one.frame, source="human", state="accepted")
    assert wrong(one) == []
    assert wrong(one, state="pending") == []


def test_a_second_opinion_is_the_latest_other_models(one, model):
    drive = one.frame.drive
    assert second_model(drive, model) is None
    older, newer = ModelVersionFactory.create_batch(2, workspace=model.workspace)
    for other in (newer, older):
        BoxFactory(frame=one.frame, model_version=other, index=0)
    assert second_model(drive, model) == newer
    assert second_model(drive, newer) == older


def fitted(model, *, useful: bool = True, job: Job | None = None) -> RiskModel:
    labels = [AuditedLabel({"conf": k / 400}, "vehicle", 900.0, k % 400 > 200, k % 8) for k in range(400)]
    held_out = reliability(held_out_risks(labels), [one.wrong for one in labels])
    if not useful:
        held_out = Reliability(held_out.bins, held_out.ece, held_out.brier_base, held_out.brier_base)
    return risk_model_record(
        model=model, fitted=fit(labels), held_out=held_out, labels=labels, held_out_by="drive", job=job
    )


def test_a_new_fit_is_a_new_number_and_takes_over(model):
    first, second = fitted(model), fitted(model)
    assert [first.number, second.number] == [1, 2]
    assert list(RiskModel.objects.filter(current=True)) == [second]


def test_a_fit_that_knows_no_more_than_the_share_of_errors_does_not_take_over(model):
    first, second = fitted(model), fitted(model, useful=False)
    assert list(RiskModel.objects.filter(current=True)) == [first]
    assert second.number == 2


def test_a_fit_is_refused_before_there_is_enough(client, model):
    answer = client.post("/api/v1/risk-models/", {"model": model.id}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_little_audited")
    assert not Job.objects.filter(kind="fit_risk").exists()


def test_fitted_risks_are_listed_with_their_reliability(client, model):
    row = fitted(model)
    [listed] = client.get(f"/api/v1/risk-models/?model_version={model.id}").json()["results"]
    assert (listed["id"], listed["number"], listed["labels"], listed["current"]) == (row.id, 1, 400, True)
    assert sum(one["count"] for one in listed["reliability"]["bins"]) == 400
    assert client.get(f"/api/v1/risk-models/{row.id}/").json() == listed


def test_recomputing_is_a_job_of_a_drive_or_of_all_that_show_the_model(client, model, one):
    for wanted in ({"model": model.id, "drive": one.frame.drive_id}, {"model": model.id}):
        answer = client.post("/api/v1/risk-scores/", wanted, format="json")
        assert (answer.status_code, answer.json()["params"]) == (201, wanted)
    answer = client.post("/api/v1/risk-scores/", {"model": model.id, "drive": 10**9}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_drive")


def test_the_audit_curve_of_a_drive_tells_what_each_order_would_have_found(client, model):
    drive = audited_drive(model)
    curve = client.get(f"/api/v1/drives/{drive.id}/audit-curve/").json()
    assert (curve["labels"], curve["audited"], curve["blocks"]) == (80, 80, 10)
    assert set(curve["rankings"]) == {"risk", "priority", "confidence", "margin", "entropy"}
    risk = curve["rankings"]["risk"]
    assert risk["gain"] == pytest.approx(curve["rankings"]["confidence"]["gain"])  # here the risk is the confidence's
    assert 0.2 < risk["low"] < risk["gain"] < risk["high"] < 1
    assert (risk["difference"], risk["difference_low"], risk["difference_high"]) == (0, 0, 0)
    assert risk["found"][-1] == curve["perfect"][-1] == 1


def test_objectlab_is_told_where_another_model_has_looked(client, model):
    drive = audited_drive(model)
    wrong = Box.objects.filter(frame__drive=drive, state="rejected")[0]
    event = wrong.events.get()
    type(event).objects.filter(id=event.id).update(after={**event.after, "x": 300.0})  # apart from the other labels
    other = CategoryFactory(taxonomy=wrong.category.taxonomy)
    second = {"model_version": ModelVersionFactory(), "index": 0, "score": 0.99, "category": other, "x": 300.0}
    BoxFactory(frame=wrong.frame, **second)
    rankings = client.get(f"/api/v1/drives/{drive.id}/audit-curve/").json()["rankings"]
    assert rankings["objectlab"]["gain"] > 0


def test_the_curve_of_the_workspace_is_of_all_its_drives_and_follows_the_audit(client, model):
    drive = audited_drive(model)
    audited_drive(model)
    assert client.get("/api/v1/audit-curve/").json()["labels"] == 160
    label(FrameFactory(clip=ClipFactory(drive=drive)), model, 0, conf=0.9, wrong=True)
    assert client.get("/api/v1/audit-curve/").json()["labels"] == 161


def test_a_drive_without_audits_has_an_empty_curve(client, member):
    curve = client.get(f"/api/v1/drives/{DriveFactory(workspace=member.workspace).id}/audit-curve/").json()
    assert (curve["labels"], curve["wrong"], curve["rankings"]) == (0, 0, {})


def test_margin_and_entropy_rank_by_the_textbook_values():
    """Golden numbers of distillation.md 2.6: p = (.55, .35, .10)."""
    probs = {"car": 0.55, "truck": 0.35, "bus": 0.10}
    assert curves._margin(probs) == pytest.approx(0.8)
    assert curves._entropy(probs) == pytest.approx(0.843343, abs=1e-6)
    assert curves._entropy({"car": 0.9}) == 0.0
