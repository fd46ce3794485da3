"""Frozen versions: whole, the same bytes for ever, one split a drive."""

import io
import json
import zipfile

import pytest
from pycocotools.coco import COCO

from tests.factories import BoxFactory, DriveFactory, ModelVersionFactory
from webapp.audit.bound import audit_bound
from webapp.audit.sampling import sample_draw
from webapp.datasets import services
from webapp.datasets.exports import etag_of
from webapp.datasets.formats import coco
from webapp.datasets.models import DatasetVersion
from webapp.datasets.services import version_freeze
from webapp.footage.models import Frame
from webapp.labels.models import Box

pytestmark = pytest.mark.django_db


def ask(client, dataset, drives, **values):
    splits = [{"drive": drive.id, "split": split} for drive, split in zip(drives, ("train", "val"), strict=False)]
    body = {"drives": splits, "override_reason": "first look", **values}
    return client.post(f"/api/v1/datasets/{dataset.id}/versions/", body, format="json")


def frozen(client, dataset, drives, **values):
    version = DatasetVersion.objects.get(id=ask(client, dataset, drives, **values).json()["id"])
    return version_freeze(version, lambda done, total: None)


def exported(version, split=None):
    return b"".join(coco.stream(version, split))


def test_freezing_without_a_bound_needs_a_reason(client, dataset, drives):
    response = ask(client, dataset, drives, override_reason=" ")
    assert response.status_code == 400
    assert response.json()["code"] == "reason_required"
    assert "override_reason" in response.json()["fields"]
    assert not DatasetVersion.objects.exists()


def test_the_bound_of_each_drive_is_kept(client, dataset, drives, member):
    audit_enough(drives[0], member.user)
    [place] = ask(client, dataset, [drives[0]]).json()["drives"]
    assert place["bound"]["enough"]
    assert place["bound"]["upper"] <= place["bound"]["target"]
    both = ask(client, dataset, drives).json()
    assert [place["bound"] is None for place in both["drives"]] == [False, True]


def test_a_bound_needs_no_reason_once_it_is_known_what_auditors_overlook(client, dataset, drives, member, monkeypatch):
    audit_enough(drives[0], member.user)
    assert ask(client, dataset, [drives[0]], override_reason="").json()["code"] == "reason_required"
    measured = audit_bound(drives[0]) | {"certified": True}
    monkeypatch.setattr(services, "audit_bound", lambda drive: measured)
    assert ask(client, dataset, [drives[0]], override_reason="").status_code == 202


def audit_enough(drive, user):
    """A random sample of 250 labels, all found right."""
    frame = drive.frames.get(state=Frame.State.PRELABELLED)
    drive.label_model = ModelVersionFactory(workspace=drive.workspace)
    drive.save()
    BoxFactory.create_batch(250, frame=frame, model_version=drive.label_model)
    sample = sample_draw(drive=drive, created_by=user)
    Box.objects.filter(id__in=sample.drawn.values("box")).update(state=Box.State.ACCEPTED)


def test_a_drive_is_in_one_split_only(client, dataset, drives):
    response = ask(client, dataset, [drives[0], drives[0]])
    assert response.json()["code"] == "drive_twice"


def test_nothing_audited_is_said_at_once(client, dataset, drives):
    Frame.objects.update(state=Frame.State.PRELABELLED)
    assert ask(client, dataset, drives).json()["code"] == "nothing_audited"


def test_pycocotools_loads_the_export(client, dataset, drives, tmp_path):
    version = frozen(client, dataset, drives)
    file = tmp_path / "coco.json"
    file.write_bytes(exported(version, "train"))
    loaded = COCO(str(file))
    assert len(loaded.imgs) == 2
    assert len(loaded.anns) == 4
    annotation = loaded.anns[1]
    assert annotation["bbox"] == [10.1, 20.0, 100.7, 50.0]
    assert (annotation["risk"], annotation["severity"], annotation["audited"], annotation["source"]) == (
        0.5,
        1.0,
        True,
        "pseudo",
    )
    assert loaded.cats[1]["name"] == "car"


def test_later_edits_change_no_byte(client, dataset, drives):
    version = frozen(client, dataset, drives)
    before = exported(version)
    Box.objects.filter(state=Box.State.ACCEPTED).update(state=Box.State.REJECTED, x=0.0)
    assert exported(version) == before
    assert frozen(client, dataset, drives).digest != version.digest


def test_the_same_labels_give_the_same_digest_and_bytes(client, dataset, drives):
    first, second = frozen(client, dataset, drives), frozen(client, dataset, drives)
    assert first.digest == second.digest
    assert json.loads(exported(first))["annotations"] == json.loads(exported(second))["annotations"]


def test_unaudited_labels_come_only_when_asked_for(client, dataset, drives):
    assert frozen(client, dataset, drives).summary["boxes"] == 8
    assert frozen(client, dataset, drives, include_unaudited=True).summary["boxes"] == 10


def test_an_ignore_region_is_a_crowd_of_every_category(client, dataset, drives):
    BoxFactory(
        frame=Frame.objects.filter(drive=drives[0], index=0).get(), category=None, crowd=True, state=Box.State.ACCEPTED
    )
    annotations = json.loads(exported(frozen(client, dataset, drives)))["annotations"]
    crowds = [annotation for annotation in annotations if annotation["iscrowd"]]
    assert sorted(annotation["category_id"] for annotation in crowds) == list(range(1, 14))
    assert len({annotation["id"] for annotation in annotations}) == len(annotations)


def test_download_by_rest_with_an_etag(client, dataset, drives):
    version = frozen(client, dataset, drives)
    path = f"/api/v1/dataset-versions/{version.id}/coco/?split=val"
    response = client.get(path)
    assert b"".join(response.streaming_content) == exported(version, "val")
    assert response["ETag"] == etag_of(version, "val")
    assert version.digest in response["ETag"]
    assert client.get(path, headers={"If-None-Match": response["ETag"]}).status_code == 304
    assert client.get(f"/api/v1/dataset-versions/{version.id}/coco/?split=test").status_code == 404


def test_a_version_that_is_not_frozen_has_no_file(client, dataset, drives):
    made = ask(client, dataset, drives).json()
    response = client.get(f"/api/v1/dataset-versions/{made['id']}/coco/")
    assert (response.status_code, response.json()["code"]) == (409, "not_frozen")


def test_the_pictures_have_the_names_of_the_export(client, dataset, drives):
    version = frozen(client, dataset, drives)
    body = b"".join(client.get(f"/api/v1/dataset-versions/{version.id}/images/?split=train").streaming_content)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
    assert names == [image["file_name"] for image in json.loads(exported(version, "train"))["images"]]


def test_a_repeated_request_with_one_key_makes_one_version(client, dataset, drives):
    splits = [{"drive": drives[0].id, "split": "train"}]
    body = {"drives": splits, "override_reason": "x"}
    path, key = f"/api/v1/datasets/{dataset.id}/versions/", {"Idempotency-Key": "one"}
    first = client.post(path, body, format="json", headers=key)
    again = client.post(path, body, format="json", headers=key)
    assert first.json()["id"] == again.json()["id"]
    assert DatasetVersion.objects.count() == 1
    other = client.post(path, {**body, "override_reason": "y"}, format="json", headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_a_drive_of_another_taxonomy_or_workspace_is_refused(client, dataset, stranger):
    assert ask(client, dataset, [DriveFactory()]).json()["code"] == "unknown_drive"
    drive = DriveFactory(workspace=dataset.workspace, taxonomy__name="kitti3")
    assert ask(client, dataset, [drive]).json()["code"] == "wrong_taxonomy"
    assert not DatasetVersion.objects.exists()


def test_many_versions_are_listed_in_as_many_queries_as_one(client, dataset, drives, django_assert_max_num_queries):
    for _ in range(6):
        ask(client, dataset, drives)
    with django_assert_max_num_queries(7):
        rows = client.get(f"/api/v1/datasets/{dataset.id}/versions/").json()["results"]
    assert [row["number"] for row in rows] == [6, 5, 4, 3, 2, 1]
    assert rows[0]["job"]["kind"] == "freeze_version"
    with django_assert_max_num_queries(5):
        assert len(client.get("/api/v1/datasets/").json()["results"][0]["versions"]) == 6


def test_a_version_fails_with_its_job_and_freezes_when_that_is_tried_again(client, dataset, drives):
    made = ask(client, dataset, drives).json()
    version = DatasetVersion.objects.get(id=made["id"])
    assert client.post(f"/api/v1/jobs/{made['job']['id']}/cancel/").status_code == 200
    version.refresh_from_db()
    assert version.state == DatasetVersion.State.FAILED
    assert client.post(f"/api/v1/jobs/{made['job']['id']}/retry/").status_code == 200
    assert version_freeze(version, lambda done, total: None).state == DatasetVersion.State.FROZEN


def test_a_names_race_is_settled_by_the_database(client, dataset):
    again = client.post("/api/v1/datasets/", {"name": dataset.name}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "name_taken")
