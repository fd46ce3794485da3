"""Drawings that run scripts, and files that say they are pictures, by each way that pictures come in over REST."""

import base64
import io
import json
import zipfile
from pathlib import Path

import pytest

from tests.factories import DriveFactory
from webapp.datasets.formats.labelled import find_picture
from webapp.footage.models import Clip, Frame
from webapp.jobs.models import Job
from workers import tasks  # noqa: F401 - fills the registry
from workers.lifecycle import run

pytestmark = pytest.mark.django_db
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script><image href='http://169.254.169.254/'/></svg>"
HTML = b"<html><script>alert(document.cookie)</script></html>"
POLYGLOT = b"GIF89a/*" + HTML + b"*/=1;"


def zipped(content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("photo.jpg", content)
    return out.getvalue()


def sent(client, drive, content, purpose="footage"):
    told = {"filename": "photo.jpg", "drive": str(drive.id), "purpose": purpose}
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(content)), "Upload-Metadata": metadata}
    made = client.post("/api/v1/uploads/", headers=headers)
    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
    client.patch(made["Location"], content, content_type="application/offset+octet-stream", headers=headers)
    run(Job.objects.latest("created_at").id, worker="test")


@pytest.mark.parametrize("content", [SVG, HTML, POLYGLOT], ids=["svg", "html", "polyglot"])
@pytest.mark.parametrize("wrap", [bytes, zipped], ids=["alone", "in a zip"])
def test_what_could_run_in_a_browser_becomes_no_frame_and_no_file(
    client, workspace, content, wrap, settings, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        sent(client, DriveFactory(workspace=workspace), wrap(content))
    assert Clip.objects.get().state == "failed"
    assert not Frame.objects.exists()
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def test_pictures_of_labels_are_sniffed_too(client, workspace):
    coco = {
        "images": [{"id": 1, "file_name": "photo.jpg", "width": 10, "height": 10}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 5, 5]}],
        "categories": [{"id": 1, "name": "car"}],
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("labels.json", json.dumps(coco))
        archive.writestr("images/photo.jpg", SVG)
    sent(client, DriveFactory(workspace=workspace), out.getvalue(), purpose="labels")
    [one] = client.get("/api/v1/label-imports/").json()["results"]
    client.post(f"/api/v1/label-imports/{one['id']}/run/", {"mapping": {}}, format="json")
    run(Job.objects.get(kind="import_labels").id, worker="test")
    assert not Frame.objects.exists()


def test_a_label_file_reaches_no_picture_outside_its_folder(tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "secret.jpg").write_bytes(b"x")
    for name in ("../secret.jpg", str(tmp_path / "secret.jpg"), "..\\secret.jpg", "a/../../secret.jpg", "\0"):
        assert find_picture(tmp_path / "set", name, "", "images") is None
