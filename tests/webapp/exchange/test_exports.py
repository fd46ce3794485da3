"""A version in every format, as a zip by a job, and back again."""

import io
import zipfile

import pytest

from tests.webapp.datasets.conftest import dataset, drives  # noqa: F401 - fixtures
from tests.webapp.exchange.conftest import look
from webapp.datasets.formats import formats
from webapp.datasets.services import version_create, version_freeze
from webapp.exchange.models import VersionExport
from webapp.labels.models import Box
from workers.lifecycle import run

pytestmark = pytest.mark.django_db
WRITING = [one.name for one in formats().values() if one.write]
BACK = [one.name for one in formats().values() if one.write and one.read and one.name != "coco"]


@pytest.fixture
def version(dataset, drives, member):  # noqa: F811
    made = version_create(
        dataset=dataset,
        drives=[(drives[0], "train")],
        include_unaudited=False,
        override_reason="test",
        created_by=member.user,
    )
    return version_freeze(made, lambda done, total: None)


def exported(client, version, name):
    path = f"/api/v1/dataset-versions/{version.id}/exports/"
    made = client.post(path, {"format": name, "with_pictures": True}, format="json")
    assert made.status_code == 202, made.content
    one = VersionExport.objects.get()
    run(one.job_id, worker="test")
    assert client.get(path).json()["results"][0]["ready"]
    return b"".join(client.get(f"/api/v1/version-exports/{one.id}/file/").streaming_content)


@pytest.mark.parametrize("name", WRITING)
def test_a_version_is_exported_in_every_format_once(client, version, name):
    content = exported(client, version, name)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert sum(member.endswith(".jpg") for member in archive.namelist()) == 2
    again = client.post(
        f"/api/v1/dataset-versions/{version.id}/exports/", {"format": name, "with_pictures": True}, format="json"
    )
    assert again.json()["ready"]
    assert VersionExport.objects.count() == 1


@pytest.mark.parametrize("name", BACK)
def test_what_was_exported_comes_in_again(client, version, upload, drive, name):
    one = upload(exported(client, version, name))
    assert one["formats"][0] == name, one
    client.post(f"/api/v1/label-imports/{one['id']}/run/", {"mapping": {}, "labels_are": "truth"}, format="json")
    one = look(client, one["id"])
    assert one["state"] == "imported", one["job"]
    assert one["report"]["problems"] == []
    sides = ("category__name", "x", "y", "width", "height")
    before, after = (
        sorted(Box.objects.filter(frame__drive__name=where, state__in=["accepted", "edited"]).values_list(*sides))
        for where in ("day", drive.name)
    )
    assert len(before) == len(after) == 4
    for (ours, *numbers), (theirs, *others) in zip(before, after, strict=True):
        assert ours == theirs
        assert others == pytest.approx(numbers, abs=1e-6)


def test_a_format_that_is_none_and_a_version_that_is_not_frozen_are_told(client, version, dataset):  # noqa: F811
    path = f"/api/v1/dataset-versions/{version.id}/exports/"
    assert client.post(path, {"format": "coco_traffic"}, format="json").json()["code"] == "unknown_format"
    type(version).objects.filter(id=version.id).update(state="failed")
    assert client.post(path, {"format": "voc"}, format="json").json()["code"] == "not_frozen"


def test_the_formats_say_what_they_cannot_hold(client):
    rows = {row["name"]: row for row in client.get("/api/v1/formats/").json()["results"]}
    assert rows["yolo"]["loses"] == ["size", "crowd", "ignore", "occluded", "truncated", "track"]
    assert (rows["parquet"]["reads"], rows["coco_results"]["prelabels"]) == (False, True)


def test_blurred_pictures_are_another_export_and_other_bytes(client, version):
    plain = exported(client, version, "voc")
    person = version.version_drives.first().drive.taxonomy.categories.get(name="person")
    Box.objects.update(category=person)
    path = f"/api/v1/dataset-versions/{version.id}/exports/"
    made = client.post(path, {"format": "voc", "with_pictures": True, "blurred": True}, format="json").json()
    run(VersionExport.objects.get(id=made["id"]).job_id, worker="test")
    blurred = b"".join(client.get(f"/api/v1/version-exports/{made['id']}/file/").streaming_content)
    pictures = [
        {name: archive.read(name) for name in archive.namelist() if name.endswith(".jpg")}
        for archive in (zipfile.ZipFile(io.BytesIO(content)) for content in (plain, blurred))
    ]
    assert pictures[0].keys() == pictures[1].keys()
    assert pictures[0] != pictures[1]
