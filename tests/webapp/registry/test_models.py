"""The model registry: one row for the weights that labelled, whatever they were called."""

import pytest

from tests.factories import ModelVersionFactory, WorkspaceFactory
from webapp.core.errors import DomainError
from webapp.registry.models import ModelVersion
from webapp.registry.services import DEFAULT_REF, model_version_for, weights_seen

pytestmark = pytest.mark.django_db


def test_a_model_is_registered_over_rest(client, workspace):
    body = {"name": "Nano", "ref": "yolox-onnx:nano.onnx", "notes": "first"}
    made = client.post("/api/v1/models/", body, format="json")
    assert (made.status_code, made.json()["family"], made.json()["sha256"]) == (201, "yolox", "")
    shown = client.get(f"/api/v1/models/{made.json()['id']}/").json()
    assert made.json().items() <= shown.items()
    assert "nothing about its making is recorded" in shown["card"]
    again = client.post("/api/v1/models/", body, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "name_taken")


def test_a_bundled_model_says_that_this_project_made_it(client, workspace):
    bundled = ModelVersionFactory(workspace=workspace, ref="bundled:gdino-nano")
    card = client.get(f"/api/v1/models/{bundled.id}/").json()["card"]
    assert "It comes with Headway" in card
    assert "came from outside" not in card


def test_a_model_of_rendered_scenes_alone_says_so_and_one_from_outside_does_not(client, workspace):
    rendered = ModelVersionFactory(workspace=workspace, method="none")
    child = ModelVersionFactory(workspace=workspace, method="cld", parent=rendered)
    outside = ModelVersionFactory(workspace=workspace)
    cards = [client.get(f"/api/v1/models/{model.id}/").json()["card"] for model in (rendered, child, outside)]
    assert ["rendered scenes alone" in card for card in cards] == [True, True, False]


def test_what_a_worker_measured_cannot_be_claimed(client):
    body = {"name": "a", "ref": "b", "sha256": "c" * 64, "metrics": {"AP": 1.0}}
    assert client.post("/api/v1/models/", body, format="json").json()["sha256"] == ""
    assert ModelVersion.objects.get().metrics == {}


def test_the_newest_come_first_and_only_ones_own(client, workspace):
    made = [ModelVersionFactory(workspace=workspace).id for _ in range(3)]
    ModelVersionFactory()
    assert [row["id"] for row in client.get("/api/v1/models/").json()["results"]] == made[::-1]
    rows = client.get("/api/v1/models/?fields=id,name").json()["results"]
    assert all(set(row) == {"id", "name"} for row in rows)


def test_a_reference_is_registered_once_and_found_by_id():
    workspace = WorkspaceFactory()
    made = model_version_for(workspace, DEFAULT_REF)
    assert (made.name, made.family) == ("gdino-mini", "grounding-dino")
    assert model_version_for(workspace, DEFAULT_REF) == made == model_version_for(workspace, str(made.id))


@pytest.mark.parametrize("ref", ["987654321", "9" * 30])
def test_an_id_of_nothing_is_named(ref):
    with pytest.raises(DomainError) as error:
        model_version_for(WorkspaceFactory(), ref)
    assert error.value.code == "unknown_model"


def test_an_id_of_another_workspace_is_unknown():
    with pytest.raises(DomainError):
        model_version_for(WorkspaceFactory(), str(ModelVersionFactory().id))


def test_other_weights_behind_the_same_reference_are_another_version():
    model = ModelVersionFactory(name="mine")
    first = weights_seen(model, "a" * 64)
    assert (first.id, first.sha256) == (model.id, "a" * 64)
    other = weights_seen(first, "b" * 64)
    assert (other.id != model.id, other.ref, other.name) == (True, model.ref, "mine (bbbbbbbb)")
    assert weights_seen(first, "b" * 64) == other
