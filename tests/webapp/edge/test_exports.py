"""Edge exports over REST: asked for, refused by their field, listed with their figures, fetched by whoever may."""

import zipfile
from wsgiref.headers import Headers

import pytest

from tests.factories import DatasetFactory, EdgeExportFactory, ModelVersionFactory, VersionFactory
from webapp.core.static_headers import add_headers
from webapp.datasets.models import DatasetVersion
from webapp.edge.services import export_refuse, export_settle
from webapp.jobs.models import Job

pytestmark = pytest.mark.django_db
PATH = "/api/v1/edge-exports/"


@pytest.fixture
def version(workspace):
    splits = {"train": {"drives": ["a"], "frames": 4, "boxes": 9}, "val": {"drives": ["b"], "frames": 2, "boxes": 0}}
    dataset = DatasetFactory(workspace=workspace)
    return VersionFactory(dataset=dataset, state=DatasetVersion.State.FROZEN, digest="d", summary={"splits": splits})


@pytest.fixture
def ask(client, version, workspace):
    model = ModelVersionFactory(workspace=workspace, family="yolox")
    values = {"model": model.id, "dataset_version": version.id}
    return lambda **more: client.post(PATH, {**values, **more}, format="json")


def test_an_export_is_queued_and_listed_at_its_model(ask, client):
    answer = ask(target="int8", judge_split="train", calibration=20, slices=["weather"])
    assert answer.status_code == 201
    made = answer.json()
    job = Job.objects.get(id=made["job"]["id"])
    assert (job.kind, job.params) == ("export_model", {"edge_export": made["id"]})
    assert (made["target"], made["slices"], made["sha256"], made["report"]) == ("int8", ["weather"], "", None)
    assert client.get(PATH, {"model": made["model"]["id"]}).json()["results"] == [made]
    assert client.get(PATH, {"model": made["model"]["id"] + 1}).json()["results"] == []
    assert client.get(f"{PATH}{made['id']}/file/").json()["code"] == "not_exported"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"model": 99999}, "model"),
        ({"dataset_version": 99999}, "dataset_version"),
        ({"judge_split": "val"}, "judge_split"),
        ({"judge_split": "gone"}, "judge_split"),
        ({"dataset_version": None, "judge_split": "train"}, "judge_split"),
        ({"target": "tflite"}, "target"),
        ({"width": 416}, "height"),
        ({"width": 400, "height": 416}, "width"),
        ({"width": 416, "height": 9984}, "height"),
        ({"calibration": 0}, "calibration"),
        ({"slices": ["colour"]}, "slices"),
        ({"most_lost": 1.5}, "most_lost"),
        ({"most_lost_category": -0.1}, "most_lost_category"),
    ],
)
def test_what_cannot_be_exported_is_said_by_its_field(ask, more, field):
    answer = ask(**more)
    assert answer.status_code == 400
    assert any(name.startswith(field) for name in answer.json()["fields"])
    assert not Job.objects.exists()


def test_another_family_is_refused_with_what_would_do(ask, workspace):
    cloud = ModelVersionFactory(workspace=workspace, family="grounding-dino")
    answer = ask(model=cloud.id).json()
    assert (answer["code"], "Distil it" in answer["detail"]) == ("wrong_family", True)


def test_the_zip_is_fetched_by_its_hash_and_not_by_strangers(client, stranger, workspace, tmp_path):
    made = EdgeExportFactory(workspace=workspace)
    path = tmp_path / "edge.zip"
    path.write_bytes(b"a zip")
    export_settle(made, path, report={"ap": {"ap": 0.5}}, speed={"fp32": {"p50_ms": 8.0}})
    shown = client.get(f"{PATH}{made.id}/").json()
    assert (shown["size"], shown["report"]["ap"]["ap"], shown["speed"]["fp32"]["p50_ms"]) == (5, 0.5, 8.0)
    answer = client.get(f"{PATH}{made.id}/file/")
    assert (b"".join(answer.streaming_content), answer["ETag"]) == (b"a zip", f'"{shown["sha256"]}"')
    assert client.get(f"{PATH}{made.id}/file/", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert stranger.get(f"{PATH}{made.id}/file/").status_code == 404


def test_a_model_that_was_packed_is_known_as_a_yolox(tmp_path):
    made = EdgeExportFactory(model_version__family="")
    (tmp_path / "edge.zip").write_bytes(b"zip")
    export_settle(made, tmp_path / "edge.zip", report={"ap": {"ap": 0.5}}, speed={})
    made.model_version.refresh_from_db()
    assert made.model_version.family == "yolox"


def test_manifest_and_network_are_read_from_the_zip(client, workspace, tmp_path):
    made = EdgeExportFactory(workspace=workspace)
    assert client.get(f"{PATH}{made.id}/manifest/").json()["code"] == "not_exported"
    with zipfile.ZipFile(tmp_path / "edge.zip", "w") as archive:
        archive.writestr("manifest.json", '{"categories": ["car"]}')
        archive.writestr("model.onnx", b"a network")
    export_settle(made, tmp_path / "edge.zip", report={"ap": {"ap": 0.5}}, speed={})
    assert client.get(f"{PATH}{made.id}/manifest/").json() == {"categories": ["car"]}
    answer = client.get(f"{PATH}{made.id}/network/")
    assert (answer.content, answer["Cache-Control"]) == (b"a network", "private, max-age=86400")
    assert client.get(f"{PATH}{made.id}/network/", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(f"{PATH}{made.id}/network/", {"precision": "int8"}).json()["code"] == "no_such_precision"


def test_only_the_browsers_detector_may_compile_webassembly():
    own, other = Headers(), Headers()
    add_headers(own, "", "/static/assets/detector.worker-Dk3n9_x1.js")
    add_headers(other, "", "/static/assets/main-Dk3n9_x1.js")
    assert "wasm-unsafe-eval" in own["Content-Security-Policy"]
    assert other.items() == []


def test_a_refused_one_keeps_what_was_measured_and_has_no_zip(client, workspace):
    made = EdgeExportFactory(workspace=workspace)
    export_refuse(made, {"int8": {"lost": 0.2}})
    shown = client.get(f"{PATH}{made.id}/").json()
    assert (shown["report"], shown["sha256"]) == ({"int8": {"lost": 0.2}}, "")


def test_a_version_that_was_exported_with_is_not_deleted(client, workspace, version):
    EdgeExportFactory(workspace=workspace, dataset_version=version)
    answer = client.delete(f"/api/v1/dataset-versions/{version.id}/")
    assert (answer.status_code, list(answer.json()["referrers"])) == (409, ["edge exports"])
