"""What must be there before an administrative act can be done: each function makes it, and gives the body that the act is asked with."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from tests.factories import TrainingRunFactory
from webapp.audit.models import AuditSample
from webapp.autoaccept.models import Certificate
from webapp.autoaccept.services import certificate_issue
from webapp.control.models import TaxonomyChange
from webapp.datasets.models import DatasetVersion
from webapp.fleet.models import Release, Rollout
from webapp.footage.models import Drive
from webapp.jobs.models import Job
from webapp.registry.models import ModelVersion
from webapp.taxonomy.services import preset_install
from webapp.training.models import TrainingRun

Objects = dict[str, Any]
PASSWORD = "correct horse battery staple"


def invitation_of_somebody(objects: Objects, client: APIClient) -> dict[str, Any]:
    made = client.post("/api/v1/invitations/", {"email": "ada@example.org", "role": "lead"}).json()
    return {"token": made["link"].rpartition("#")[2], "name": "Ada", "password": PASSWORD}


def token(objects: Objects, client: APIClient) -> None:
    objects["token"] = client.post("/api/v1/tokens/", {}).json()["key"]


def loaded_model(objects: Objects, client: APIClient) -> dict[str, Any]:
    ModelVersion.objects.filter(id=objects["model"]).update(sha256="a" * 64)
    return {"note": "better at night"}


def comparison(state: str) -> Any:
    def with_a_run(objects: Objects, client: APIClient) -> dict[str, Any]:
        workspace = Drive.objects.get(id=objects["drive"]).workspace
        run = TrainingRunFactory(workspace=workspace)
        TrainingRun.objects.filter(id=run.id).update(comparison=objects["comparison"])
        Job.objects.filter(id=run.job_id).update(state=state)
        return {}

    return with_a_run


def sampled(objects: Objects, client: APIClient) -> dict[str, Any]:
    """The proof of a slice is another test's; here it is given."""
    drive = Drive.objects.get(id=objects["drive"])
    AuditSample.objects.create(
        drive=drive, created_by=drive.workspace.members.first(), number=1, population=1, size=1, seed=4
    )
    return {"alpha": 0.05, "delta": 0.1}


def certified(objects: Objects, client: APIClient) -> None:
    values = sampled(objects, client)
    drive = Drive.objects.get(id=objects["drive"])
    certificate_issue(drive=drive, created_by=drive.audit_samples.get().created_by, **values)
    assert Certificate.objects.exists()


def version_that_nothing_names(objects: Objects, client: APIClient) -> None:
    first = DatasetVersion.objects.get(id=objects["version"])
    objects["version"] = DatasetVersion.objects.create(dataset=first.dataset, number=2, created_by=first.created_by).id


def frozen_version(objects: Objects, client: APIClient) -> dict[str, Any]:
    DatasetVersion.objects.filter(id=objects["version"]).update(
        state=DatasetVersion.State.FROZEN, digest="d" * 64, summary={"splits": {"train": {}}}
    )
    return {"what": "coco"}


def failed_job(objects: Objects, client: APIClient) -> dict[str, Any]:
    Job.objects.filter(id=objects["job"]).update(state=Job.State.FAILED)
    return {}


def release_file(objects: Objects, client: APIClient) -> dict[str, Any]:
    return {"version": "2.0", "file": SimpleUploadedFile("model.onnx", b"weights")}


def release(objects: Objects, client: APIClient) -> dict[str, Any]:
    rollout = Rollout.objects.get(id=objects["rollout"])
    Rollout.objects.all().delete()
    return {"release": Release.objects.get(id=rollout.release_id).id}


def category(objects: Objects, client: APIClient) -> dict[str, Any]:
    """Of a taxonomy that nobody works with just now."""
    taxonomy = preset_install(Drive.objects.get(id=objects["drive"]).workspace, "kitti3")
    objects["taxonomy"], car = taxonomy.id, taxonomy.categories.get(name="Car")
    return {"kind": "rename", "category": car.id, "name": "motor car", "dry_run": False}


def change_that_is_done(objects: Objects, client: APIClient) -> dict[str, Any]:
    TaxonomyChange.objects.filter(id=objects["taxonomy_change"]).update(state=TaxonomyChange.State.DONE)
    return {}


PREPARED = {
    ("POST", "invitation/accept/"): invitation_of_somebody,
    ("DELETE", "tokens/{token}/"): token,
    ("DELETE", "all-tokens/people/{token}/"): token,
    ("POST", "models/{model}/promote/"): loaded_model,
    ("POST", "training-comparisons/{comparison}/cancel/"): comparison(Job.State.QUEUED),
    ("POST", "training-comparisons/{comparison}/retry/"): comparison(Job.State.FAILED),
    ("POST", "drives/{drive}/auto-accept/"): sampled,
    ("DELETE", "drives/{drive}/auto-accept/"): certified,
    ("DELETE", "dataset-versions/{version}/"): version_that_nothing_names,
    ("POST", "dataset-versions/{version}/links/"): frozen_version,
    ("POST", "jobs/{job}/retry/"): failed_job,
    ("POST", "fleet-releases/"): release_file,
    ("POST", "fleet-rollouts/"): release,
    ("POST", "taxonomies/{taxonomy}/changes/"): category,
    ("POST", "taxonomy-changes/{taxonomy_change}/undo/"): change_that_is_done,
}
