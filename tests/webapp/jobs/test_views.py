"""Jobs over HTTP."""

from uuid import uuid4

import pytest

from tests.factories import DriveFactory, JobFactory, MembershipFactory, ModelVersionFactory
from webapp.accounts.models import Membership
from webapp.jobs import services
from webapp.jobs.models import Job
from webapp.registry.models import ModelVersion
from webapp.registry.services import DEFAULT_REF

pytestmark = pytest.mark.django_db
URL = "/api/v1/jobs/"


@pytest.fixture
def drive(workspace):
    return DriveFactory(workspace=workspace)


def prelabel(drive, model="bundled:gdino-nano", **params):
    return {"kind": "prelabel_frames", "params": {"drive": drive.id, "model": model, **params}}


def test_a_prelabel_is_queued_by_reference(client, drive, rung, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(URL, prelabel(drive, score_threshold=0.4))
    assert answer.status_code == 201, answer.data
    job = Job.objects.get(id=answer.data["id"])
    model = ModelVersion.objects.get(ref="bundled:gdino-nano")
    assert job.params == {"drive": drive.id, "model": model.id, "only_new": False, "score_threshold": 0.4}
    assert rung == [str(job.id)]


def test_a_prelabel_is_queued_by_a_models_id(client, drive):
    model = ModelVersionFactory(workspace=drive.workspace)
    assert client.post(URL, prelabel(drive, str(model.id))).data["params"]["model"] == model.id


def test_a_prelabel_without_a_model_takes_the_one_that_ships(client, drive):
    answer = client.post(URL, {"kind": "prelabel_frames", "params": {"drive": drive.id}})
    assert answer.data["params"]["model"] == ModelVersion.objects.get(ref=DEFAULT_REF).id


def test_another_workspaces_drive_and_model_are_unknown(client, drive):
    foreign = client.post(URL, prelabel(DriveFactory()))
    assert (foreign.status_code, foreign.data["code"]) == (400, "unknown_drive")
    model = client.post(URL, prelabel(drive, str(ModelVersionFactory().id)))
    assert (model.status_code, model.data["code"]) == (400, "unknown_model")
    assert not Job.objects.exists()


def test_a_threshold_out_of_range_is_named(client, drive):
    answer = client.post(URL, prelabel(drive, score_threshold=1.5))
    assert (answer.status_code, list(answer.data["fields"])) == (400, ["params.score_threshold"])


def test_the_same_key_queues_one_job(client, drive):
    headers = {"Idempotency-Key": str(uuid4())}
    first, second = (client.post(URL, prelabel(drive), headers=headers) for _ in range(2))
    assert first.data["id"] == second.data["id"]
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "status"),
    [("owner", 201), ("lead", 201), ("ml_engineer", 201), ("annotator", 403), ("fleet_engineer", 403), ("viewer", 403)],
)
def test_the_role_decides_who_may_prelabel(client_of, drive, role, status):
    member = MembershipFactory(workspace=drive.workspace, role=Membership.Role(role))
    assert client_of(member).post(URL, prelabel(drive)).status_code == status


def test_a_job_tells_where_it_stands(client, workspace):
    job = services.start(JobFactory(workspace=workspace).id, worker="a")
    services.progress(job, done=30, total=90, unit="frames", rate=2.0)
    data = client.get(f"{URL}{job.id}/").data
    assert (data["state"], data["done"], data["total"], data["seconds_left"]) == ("running", 30, 90, 30.0)
    assert data["error"] is None


def test_a_failed_job_says_what_happened_and_what_to_do(client, workspace):
    job = services.start(JobFactory(workspace=workspace).id, worker="a")
    services.fail(job, code="bad_checkpoint", detail="There is no model.", hint="Name another.")
    assert client.get(f"{URL}{job.id}/").data["error"] == {
        "code": "bad_checkpoint",
        "detail": "There is no model.",
        "hint": "Name another.",
    }
    assert [line["message"] for line in client.get(f"{URL}{job.id}/logs/").data["results"]] == ["There is no model."]


def test_an_unchanged_job_is_not_sent_again(client, workspace):
    job = JobFactory(workspace=workspace)
    etag = client.get(f"{URL}{job.id}/")["ETag"]
    assert client.get(f"{URL}{job.id}/", headers={"If-None-Match": etag}).status_code == 304
    services.cancel(job)
    assert client.get(f"{URL}{job.id}/", headers={"If-None-Match": etag}).status_code == 200


def test_cancel_and_retry(client, workspace):
    job = JobFactory(workspace=workspace)
    assert client.post(f"{URL}{job.id}/cancel/").data["state"] == "cancelled"
    again = client.post(f"{URL}{job.id}/cancel/")
    assert (again.status_code, again.data["code"]) == (409, "job_finished")
    assert client.post(f"{URL}{job.id}/retry/").data["state"] == "queued"


def test_a_stranger_sees_and_moves_nothing(stranger, workspace):
    job = JobFactory(workspace=workspace)
    assert stranger.get(URL).data["results"] == []
    for answer in (
        stranger.get(f"{URL}{job.id}/"),
        stranger.get(f"{URL}{job.id}/logs/"),
        stranger.post(f"{URL}{job.id}/cancel/"),
        stranger.post(f"{URL}{job.id}/retry/"),
    ):
        assert (answer.status_code, answer.data["code"]) == (404, "not_found")


def test_the_list_is_filtered_and_costs_the_same_for_many(client, workspace, django_assert_max_num_queries):
    drive = DriveFactory(workspace=workspace)
    JobFactory.create_batch(20, workspace=workspace, params={"drive": drive.id})
    JobFactory(workspace=workspace, state=Job.State.FAILED)
    with django_assert_max_num_queries(4):
        assert len(client.get(URL, {"drive": drive.id}).data["results"]) == 20
    assert len(client.get(URL, {"state": "failed"}).data["results"]) == 1
