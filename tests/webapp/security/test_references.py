"""What a model's reference may lead to: no other host, and nobody else's store."""

import pytest

from tests.factories import DriveFactory, ModelVersionFactory
from webapp.core.errors import DomainError
from webapp.registry.references import reference_check

ADDRESSES = (
    "http://169.254.169.254/latest",
    "https://example.org/model",
    "file:///etc/passwd",
    "http:/internal",
    "ftp:x",
    "hf://a/b",
    "stored:ab/cd/abcd.zip",
)


@pytest.mark.parametrize("ref", ADDRESSES)
def test_an_address_or_an_unknown_scheme_is_no_model(ref):
    with pytest.raises(DomainError, match="no reference"):
        reference_check(ref)


@pytest.mark.parametrize("scheme", ["", "yolox:", "yolox-onnx:"])
def test_the_products_own_files_are_not_named(settings, tmp_path, scheme):
    settings.RUNS_ROOT = tmp_path / "runs"
    (tmp_path / "link").symlink_to(tmp_path / "runs")
    for path in (tmp_path / "runs" / "7", tmp_path / "runs" / "x" / ".." / "7", tmp_path / "link" / "7"):
        with pytest.raises(DomainError, match="own"):
            reference_check(f"{scheme}{path}")


def test_a_path_that_no_file_can_have_is_named():
    with pytest.raises(DomainError):
        reference_check("/a\0b")


@pytest.mark.parametrize("ref", ["bundled:gdino-mini", "openmmlab-community/mm_gd.t", "yolox:a.pth", "/models/mine"])
def test_what_the_guide_names_is_let_through(ref):
    assert reference_check(ref) == ref


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["models/", "jobs/"])
def test_another_workspaces_trained_model_cannot_be_taken_by_its_key(client, workspace, path):
    theirs = ModelVersionFactory(ref="stored:ab/cd/abcd.zip", archive_key="ab/cd/abcd.zip")
    drive = DriveFactory(workspace=workspace)
    bodies = {
        "models/": {"name": "mine now", "ref": theirs.ref},
        "jobs/": {"kind": "prelabel_frames", "params": {"drive": drive.id, "model": theirs.ref}},
    }
    answer = client.post(f"/api/v1/{path}", bodies[path])
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_reference")
