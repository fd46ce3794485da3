"""A YOLOX from the launch form to pre-labels: published, launched, trained, registered, promoted, and serving like any other model."""

import pytest
from rest_framework.test import APIClient

from ml.train.families import sizes
from tests.factories import CategoryFactory, DriveFactory, FrameFactory, MembershipFactory, ModelVersionFactory
from tests.workers.test_train_model import TINY
from webapp.footage.services import prelabel_enqueue
from webapp.jobs.models import Job
from webapp.labels.models import Box
from webapp.registry.services import model_register, model_to_label_with
from webapp.training.models import TrainingRun
from workers import model_cache
from workers.lifecycle import run
from workers.publish import publish_methods

pytestmark = [pytest.mark.django_db, pytest.mark.once]
RUNS, METHODS = "/api/v1/training-runs/", "/api/v1/training-methods/"
FAINT = {"score_threshold": 0.5, "candidate_threshold": 1e-6}  # two steps teach nothing, but it must find something


@pytest.fixture(autouse=True)
def folders(settings, tmp_path, monkeypatch):
    settings.RUNS_ROOT, settings.MODELS_ROOT = tmp_path / "runs", tmp_path / "models"
    monkeypatch.setattr(model_cache, "_loaded", {})
    publish_methods()


@pytest.fixture
def member():
    return MembershipFactory()


@pytest.fixture
def client(member):
    made = APIClient(headers={"X-Workspace": member.workspace.slug})
    made.force_authenticate(member.user)
    return made


@pytest.fixture
def launch(client):
    plan = {
        "name": "eyes",
        "method": "none",
        "family": "yolox",
        "size": "nano",
        "options": TINY,
        "validation_split": "",
    }
    return lambda **values: client.post(RUNS, {**plan, **values}, format="json")


@pytest.fixture
def drive(member):
    """One grey picture, not labelled yet."""
    made = DriveFactory(workspace=member.workspace)
    FrameFactory(clip__drive=made, with_picture=True)
    return made


@pytest.fixture
def trained(launch):
    """The model of a run that was launched through the API."""
    row = TrainingRun.objects.get(id=launch().json()["id"])
    job = run(row.job_id, worker="test")
    assert job.state == Job.State.SUCCEEDED, job.error_detail
    row.refresh_from_db()
    return row.model


def test_the_form_offers_yolox_in_its_sizes_where_a_method_serves_it(client):
    methods = client.get(METHODS).json()["results"]
    serving = {method["name"]: method for method in methods if "yolox" in method["families"]}
    assert {"none", "rpld", "threshold"} <= serving.keys()
    assert all(method["sizes"]["yolox"] == list(sizes("yolox")) for method in serving.values())


def test_a_trained_yolox_is_registered_promoted_and_serves_pre_labels(trained, client, drive, member):
    assert (trained.family, trained.method, trained.parameters) == ("yolox", "none", 899_094)
    promoted = client.post(f"/api/v1/models/{trained.id}/promote/", {"note": "sees"}, format="json")
    assert promoted.status_code == 201, promoted.json()
    model = model_to_label_with(member.workspace, None)
    assert model == trained
    job = run(prelabel_enqueue(drive, model, **FAINT).id, worker="test")
    assert job.state == Job.State.SUCCEEDED, job.error_detail
    found = Box.objects.filter(frame__drive=drive, model_version=trained)
    assert found.count() == job.result["boxes"] > 0
    trained.refresh_from_db()
    assert trained.sha256 == job.result["sha256"]


def test_footage_of_categories_that_it_never_learnt_is_refused_by_their_names(trained, drive):
    drive.taxonomy.categories.all().delete()
    CategoryFactory(taxonomy=drive.taxonomy, name="kite")
    job = run(prelabel_enqueue(drive, trained).id, worker="test")
    assert (job.state, job.error_code) == (Job.State.FAILED, "incompatible_taxonomy")
    assert "none of: kite" in job.error_detail
    assert "alias" in job.error_hint


def test_a_second_run_begins_at_a_trained_yolox(trained, launch):
    row = TrainingRun.objects.get(id=launch(name="sharper", size="", init=trained.id).json()["id"])
    job = run(row.job_id, worker="test")
    assert job.state == Job.State.SUCCEEDED, job.error_detail
    row.refresh_from_db()
    assert (row.family, row.model.parent) == ("yolox", trained)


def test_what_a_yolox_cannot_do_is_refused_at_the_launch(launch, member):
    other = ModelVersionFactory(workspace=member.workspace, family="grounding-dino")
    for values, field in (
        ({"size": "giant"}, "size"),
        ({"init": other.id, "size": ""}, "init"),
        ({"method": "cld", "teacher": other.id}, "family"),
    ):
        refused = launch(**values)
        assert refused.status_code == 400
        assert field in refused.json()["fields"]
    assert not TrainingRun.objects.exists()


def test_an_export_that_is_not_there_fails_and_is_named(launch, member):
    export = model_register(workspace=member.workspace, name="export", ref="yolox-onnx:nano.onnx")
    row = TrainingRun.objects.get(id=launch(init=export.id, size="").json()["id"])
    job = run(row.job_id, worker="test")
    assert (job.state, job.error_code) == (Job.State.FAILED, "bad_checkpoint")
    assert "nano.onnx" in job.error_detail
