"""Evaluations over REST: asked for, shown, compared."""

import pytest

from tests.factories import DatasetFactory, EvaluationFactory, ModelVersionFactory, VersionFactory
from webapp.datasets.models import DatasetVersion
from webapp.jobs.models import Job
from webapp.registry.services import evaluation_settle

pytestmark = pytest.mark.django_db
PATH = "/api/v1/evaluations/"
REPORT = {"figures": {"AP": 0.5}, "worst_frames": [{"image_id": 0, "frame": 7}]}


@pytest.fixture
def version(workspace):
    splits = {"test": {"drives": ["a"], "frames": 2, "boxes": 3}, "val": {"drives": [], "frames": 0, "boxes": 0}}
    dataset = DatasetFactory(workspace=workspace)
    return VersionFactory(dataset=dataset, state=DatasetVersion.State.FROZEN, digest="d", summary={"splits": splits})


@pytest.fixture
def ask(client, version, workspace):
    model = ModelVersionFactory(workspace=workspace)
    values = {"model": model.id, "dataset_version": version.id, "split": "test"}
    return lambda **more: client.post(PATH, {**values, **more}, format="json")


def test_an_evaluation_is_queued_and_listed(ask, client, version):
    made = ask()
    assert made.status_code == 201
    job = Job.objects.get(id=made.json()["job"]["id"])
    assert (job.kind, job.params) == ("evaluate_model", {"evaluation": made.json()["id"]})
    assert client.get(PATH, {"dataset_version": version.id}).json()["results"] == [made.json()]
    assert client.get(PATH, {"dataset_version": version.id + 1}).json()["results"] == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"split": "val"}, "split"),
        ({"split": "gone"}, "split"),
        ({"model": 99999}, "model"),
        ({"dataset_version": 99999}, "dataset_version"),
    ],
)
def test_what_cannot_be_evaluated_is_said_by_its_field(ask, more, field):
    refused = ask(**more)
    assert refused.status_code == 400
    assert field in refused.json()["fields"]
    assert not Job.objects.exists()


def test_a_report_is_shown_once_it_is_there(client, workspace):
    evaluation = EvaluationFactory(workspace=workspace)
    path = f"{PATH}{evaluation.id}/report/"
    assert client.get(path).json()["code"] == "not_evaluated"
    evaluation_settle(evaluation, report=REPORT, results=[])
    assert client.get(path).json() == REPORT
    assert client.get(f"{PATH}{evaluation.id}/").json()["figures"] == {"AP": 0.5}


def test_two_of_one_split_are_compared_by_a_job(client, workspace):
    first = EvaluationFactory(workspace=workspace)
    second = EvaluationFactory(workspace=workspace, dataset_version=first.dataset_version)
    body = {"first": first.id, "second": second.id}
    assert client.post(f"{PATH}compare/", body, format="json").json()["code"] == "not_comparable"
    for evaluation in (first, second):
        evaluation_settle(evaluation, report=REPORT, results=[])
    assert client.post(f"{PATH}compare/", body, format="json").json()["kind"] == "compare_evaluations"
    strange = EvaluationFactory(workspace=workspace)
    refused = client.post(f"{PATH}compare/", {**body, "second": strange.id}, format="json")
    assert refused.json()["code"] == "not_comparable"
