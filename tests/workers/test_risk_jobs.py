"""Fitting risk on audits and judging by it: one model a job, clip by clip, audited labels left alone."""

import pytest

from tests.factories import BoxFactory, ClipFactory, FrameFactory, ModelVersionFactory
from tests.webapp.risk.made import audited_drive
from tests.workers.conftest import Killed
from webapp.footage.models import Frame
from webapp.footage.services import prelabel_enqueue
from webapp.jobs import services as jobs
from webapp.jobs.models import Job
from webapp.labels.models import Box
from webapp.risk.models import RiskModel
from webapp.risk.services import fit_enqueue, score_enqueue
from workers.lifecycle import run
from workers.tasks import score_risk

pytestmark = pytest.mark.django_db


@pytest.fixture
def audited(model):
    """Five drives of eighty labels, all decided; and one clip more, that waits."""
    drives = [audited_drive(model) for _ in range(5)]
    frame = FrameFactory(clip=ClipFactory(drive=drives[0]), state=Frame.State.PRELABELLED)
    BoxFactory(frame=frame, model_version=model, index=0, score=0.4, probs={"car": 0.4})
    BoxFactory(frame=frame, model_version=model, index=1, score=0.2, state="missed_candidate", probs={"car": 0.2})
    return drives


def test_a_fit_is_measured_on_drives_that_it_did_not_see_and_judges_from_then_on(audited, model):
    job = run(fit_enqueue(model, created_by=None).id, worker="test")
    assert job.state == "succeeded", job.error_detail
    row = RiskModel.objects.get()
    assert (row.labels, row.held_out_by, row.current, row.job) == (400, "drive", True, job)
    assert job.result["ece"] == row.ece < 0.15
    assert row.reliability["brier"] < row.reliability["brier_base"]
    [scoring] = job.children.all()
    assert (scoring.kind, scoring.params) == ("score_risk", {"model": model.id})


def test_few_drives_are_held_out_in_stretches(model):
    for _ in range(2):
        audited_drive(model, frames=30)
    run(fit_enqueue(model, created_by=None).id, worker="test")
    assert RiskModel.objects.get().held_out_by == "stretch"


def test_a_second_attempt_of_the_same_job_makes_no_second_model(audited, model):
    job = fit_enqueue(model, created_by=None)
    run(job.id, worker="first")
    Job.objects.filter(id=job.id).update(state="queued")
    run(job.id, worker="second")
    assert RiskModel.objects.count() == 1
    assert Job.objects.filter(kind="score_risk").count() == 1


def test_open_labels_are_judged_by_the_fit_and_audited_ones_keep_their_risk(audited, model):
    run(fit_enqueue(model, created_by=None).id, worker="test")
    decided = Box.objects.exclude(state__in=Box.OPEN_STATES).order_by("id")
    before = list(decided.values_list("risk", "signals"))
    job = run(score_enqueue(model).id, worker="test")
    assert (job.state, job.result["frames"]) == ("succeeded", 51)
    assert list(decided.values_list("risk", "signals")) == before
    assert not decided.filter(risk_model__isnull=False).exists()
    label, candidate = Box.objects.filter(state__in=Box.OPEN_STATES).order_by("index")
    assert label.risk_model == RiskModel.objects.get()
    assert 0 < label.risk < 1
    assert label.frame.risk > 0
    assert candidate.risk_model is None


def test_a_new_prelabel_is_judged_by_the_fit_at_once(audited, model, drive, ingest, video):
    run(fit_enqueue(model, created_by=None).id, worker="test")
    ingest(video)
    run(prelabel_enqueue(drive, model).id, worker="test")
    labels = Box.objects.filter(frame__drive=drive, state="pending")
    assert labels.count() == 20
    assert set(labels.values_list("risk_model", flat=True)) == {RiskModel.objects.get().id}


def test_a_killed_attempt_goes_on_behind_the_last_whole_clip(audited, model, monkeypatch):
    calls = []
    whole = score_risk.assessed

    def counted(drive, *args, **options):
        calls.append(options["clip"])
        if len(calls) == 3:
            raise Killed
        return whole(drive, *args, **options)

    monkeypatch.setattr(score_risk, "assessed", counted)
    job = score_enqueue(model)
    with pytest.raises(Killed):
        run(job.id, worker="first")
    jobs.release(Job.objects.get(id=job.id))
    ended = run(job.id, worker="second")
    assert (ended.state, ended.done, ended.total) == ("succeeded", 51, 51)
    assert ended.result == {"frames": 51, "boxes": 402, "model": model.id}
    assert len(calls) == 7
    assert len(set(calls)) == 6


def test_looks_are_taken_when_asked_and_kept_as_evidence(footage_labelled, model):
    plain = Box.objects.filter(frame__drive=footage_labelled, state="pending").first()
    assert plain.evidence == {}
    run(prelabel_enqueue(footage_labelled, model, looks=["flip", "zoom"]).id, worker="test")
    looked = Box.objects.filter(frame__drive=footage_labelled, state="pending").first()
    assert set(looked.evidence) == {"flip", "zoom"}
    assert {"flip", "zoom"} <= {signal["name"] for signal in looked.signals}


def test_another_models_boxes_are_the_second_opinion(footage_labelled, model):
    second = ModelVersionFactory(workspace=model.workspace)
    agreed = Box.objects.filter(frame__drive=footage_labelled, state="pending").first()
    assert "dis" not in {signal["name"] for signal in agreed.signals}
    for box in Box.objects.filter(frame__drive=footage_labelled, state="pending"):
        BoxFactory(
            **{
                name: getattr(box, name)
                for name in ("frame", "category", "x", "y", "width", "height", "probs", "score")
            },
            model_version=second,
            index=0,
        )
    run(score_enqueue(model, drive=footage_labelled).id, worker="test")
    agreed.refresh_from_db()
    [signal] = [signal for signal in agreed.signals if signal["name"] == "dis"]
    assert signal["sentence"].startswith("second model agrees: car")


@pytest.fixture
def footage_labelled(drive, model, ingest, video):
    ingest(video)
    run(prelabel_enqueue(drive, model).id, worker="test")
    return drive
