"""A drive, and files of labels that are uploaded to it as a person does."""

import base64
import io
import json
import zipfile

import pytest
from PIL import Image

from tests.factories import DriveFactory
from webapp.exchange.models import LabelImport
from webapp.jobs.models import Job
from workers import tasks  # noqa: F401 - fills the registry
from workers.lifecycle import run


@pytest.fixture
def drive(member):
    return DriveFactory(workspace=member.workspace, name="imported")


@pytest.fixture
def coco():
    """Two pictures, three boxes: a car, a Pedestrian by alias, and a zeppelin."""
    return {
        "images": [{"id": n, "file_name": f"{n}.png", "width": 64, "height": 48} for n in (1, 2)],
        "annotations": [
            {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1.25, 2.5, 20.1, 30.3], "score": 0.5},
            {"id": 2, "image_id": 1, "category_id": 2, "bbox": [30, 10, 10, 20], "track_id": 7},
            {"id": 3, "image_id": 2, "category_id": 3, "bbox": [0, 0, 64, 10], "track_id": 7},
        ],
        "categories": [{"id": 1, "name": "CAR"}, {"id": 2, "name": "Pedestrian"}, {"id": 3, "name": "zeppelin"}],
    }


def zipped(coco, *, pictures=True, **members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("set/labels.json", json.dumps(coco))
        archive.writestr("__MACOSX/set/._labels.json", "junk")
        for image in coco["images"] if pictures else []:
            archive.writestr(f"set/images/{image['file_name']}", png(image["width"], image["height"]))
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def png(width, height):
    out = io.BytesIO()
    Image.new("RGB", (width, height), "grey").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def upload(client, drive):
    """Send a file of labels by tus and run the job that looks into it."""

    def sent(content, filename="labels.zip"):
        told = {"filename": filename, "drive": str(drive.id), "purpose": "labels"}
        metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(content)), "Upload-Metadata": metadata}
        made = client.post("/api/v1/uploads/", headers=headers)
        assert made.status_code == 201, made.content
        headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
        patch = {"content_type": "application/offset+octet-stream", "headers": headers}
        assert client.patch(made["Location"], content, **patch).status_code == 204
        return look(client, LabelImport.objects.latest("id").id)

    return sent


def look(client, pk):
    """Run the import's job, if it has one waiting, and read it."""
    job = LabelImport.objects.get(id=pk).job
    if job.state == Job.State.QUEUED:
        run(job.id, worker="test")
    return client.get(f"/api/v1/label-imports/{pk}/").json()
