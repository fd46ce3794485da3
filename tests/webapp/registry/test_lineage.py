"""Where a model came from, which one serves, and that nothing in use goes away."""

import io
import zipfile

import pytest
from django.db import IntegrityError

from ml.models.shipped import BUNDLED
from tests.factories import (
    DriveFactory,
    EvaluationFactory,
    ModelVersionFactory,
    TrainingRunFactory,
    UserFactory,
    VersionFactory,
    WorkspaceFactory,
)
from webapp.core.errors import Conflict
from webapp.registry.models import ModelVersion, Promotion
from webapp.registry.services import (
    DEFAULT_REF,
    labelling_model,
    model_delete,
    model_promote,
    model_version_for,
    serving_model,
    version_register,
)

pytestmark = pytest.mark.django_db


def registered(workspace, archive, **more):
    values = {
        "name": "student",
        "family": "grounding-dino",
        "parent": None,
        "dataset_version": None,
        "method": "none",
        "code_version": "abc",
        "metrics": {"AP": 0.3},
        "parameters": 3_700_000,
    }
    return version_register(workspace=workspace, archive=archive, **{**values, **more})


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "model.zip"
    path.write_bytes(b"zip")
    return path


def test_the_same_bytes_are_the_same_version_and_a_taken_name_is_numbered(workspace, archive, tmp_path):
    first = registered(workspace, archive)
    assert registered(workspace, archive) == first
    other = tmp_path / "other.zip"
    other.write_bytes(b"other")
    assert registered(workspace, other).name == "student 2"


def test_a_model_shows_its_lineage_and_card(client, workspace, archive):
    root = ModelVersionFactory(workspace=workspace, name="root", ref="bundled:gdino-nano")
    version = VersionFactory(dataset__workspace=workspace, dataset__name="drives")
    model = registered(workspace, archive, parent=root, dataset_version=version)
    teacher = ModelVersionFactory(workspace=workspace, name="wise *one*", sha256="5" * 64)
    run = TrainingRunFactory(workspace=workspace, name="the run", model=model, teacher=teacher)
    EvaluationFactory(workspace=workspace, model_version=model, dataset_version=version, figures={"AP": 0.4321})
    shown = client.get(f"/api/v1/models/{model.id}/").json()
    assert [(step["kind"], step["name"]) for step in shown["lineage"]] == [
        ("model", "root"),
        ("dataset_version", str(version)),
        ("teacher", "wise *one*"),
        ("run", "the run"),
        ("model", "student"),
    ]
    assert shown["training_run"] == run.id
    assert shown["evaluations"][0]["figures"] == {"AP": 0.4321}
    for words in (
        "3.70 M",
        "0.432",
        "abc",
        "none",
        "wise \\*one\\*",
        "5" * 64,
        "Known limits",
        "has seen no real picture",
    ):
        assert words in shown["card"]
    assert client.get(f"/api/v1/models/{root.id}/").json()["children"] == [{"id": model.id, "name": "student"}]


def test_a_name_is_no_markup_in_the_card(client, workspace):
    model = ModelVersionFactory(workspace=workspace, name="<img src=x> [a](javascript:x)")
    card = client.get(f"/api/v1/models/{model.id}/").json()["card"]
    assert "\\<img src=x\\> \\[a\\]" in card


def test_one_model_serves_and_history_stays(client, workspace, member):
    first, second = (ModelVersionFactory(workspace=workspace, sha256=hash * 64) for hash in "ab")
    for model in (first, second, second):
        made = client.post(f"/api/v1/models/{model.id}/promote/", {"note": "better at night"}, format="json")
        assert made.status_code == 201
    assert serving_model(workspace) == second
    history = client.get("/api/v1/promotions/").json()["results"]
    assert [(row["model"]["id"], row["current"]) for row in history] == [(second.id, True), (first.id, False)]
    assert history[0]["by"] == member.user.email
    serving = {row["id"]: row["serving"] for row in client.get("/api/v1/models/").json()["results"]}
    assert serving == {first.id: False, second.id: True}
    with pytest.raises(IntegrityError):
        Promotion.objects.create(workspace=workspace, model_version=first, by=member.user)


def test_each_workspace_has_its_own_serving_model(workspace):
    other = ModelVersionFactory(workspace=WorkspaceFactory(), sha256="a" * 64)
    model_promote(other, by=UserFactory())
    assert serving_model(workspace) is None


def test_a_model_that_nobody_has_loaded_does_not_serve(client, workspace):
    model = ModelVersionFactory(workspace=workspace)
    answer = client.post(f"/api/v1/models/{model.id}/promote/", {}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "weights_unknown")
    assert serving_model(workspace) is None


def test_pre_labelling_starts_from_the_serving_model(workspace):
    assert labelling_model(workspace) is None
    first = ModelVersionFactory(workspace=workspace, sha256="a" * 64)
    assert labelling_model(workspace) == first
    bundled = model_version_for(workspace, DEFAULT_REF)
    assert labelling_model(workspace) == bundled
    model_promote(first, by=UserFactory())
    assert labelling_model(workspace) == first


def test_a_stored_model_is_downloaded_by_its_hash(client, stranger, workspace, archive):
    model = registered(workspace, archive)
    path = f"/api/v1/models/{model.id}/download/"
    whole = client.get(path)
    assert b"".join(whole.streaming_content) == b"zip"
    assert client.get(path, headers={"If-None-Match": whole["ETag"]}).status_code == 304
    assert stranger.get(path).status_code == 404
    outside = ModelVersionFactory(workspace=workspace)
    assert client.get(f"/api/v1/models/{outside.id}/download/").json()["code"] == "not_stored"


def test_a_model_that_ships_is_downloaded_as_the_folder_that_it_is(client, workspace):
    shipped = ModelVersionFactory(workspace=workspace, ref="bundled:gdino-nano")
    path = f"/api/v1/models/{shipped.id}/download/"
    assert client.get(f"/api/v1/models/{shipped.id}/").json()["downloadable"]
    whole = client.get(path)
    with zipfile.ZipFile(io.BytesIO(b"".join(whole.streaming_content))) as archive:
        assert archive.read("model.safetensors") == (BUNDLED / "gdino-nano" / "model.safetensors").read_bytes()
    assert client.get(path, headers={"If-None-Match": whole["ETag"]}).status_code == 304
    gone = ModelVersionFactory(workspace=workspace, ref="bundled:of-an-earlier-release")
    assert not client.get(f"/api/v1/models/{gone.id}/").json()["downloadable"]
    assert client.get(f"/api/v1/models/{gone.id}/download/").json()["code"] == "not_stored"


def test_what_something_refers_to_cannot_be_deleted(client, workspace, archive):
    used, free = registered(workspace, archive), ModelVersionFactory(workspace=workspace)
    DriveFactory(workspace=workspace, label_model=used)
    with pytest.raises(Conflict, match="drive"):
        model_delete(used)
    assert client.delete(f"/api/v1/models/{free.id}/").status_code == 204
    assert list(ModelVersion.objects.filter(workspace=workspace)) == [used]
