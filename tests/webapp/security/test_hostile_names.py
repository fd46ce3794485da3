"""Names that try to get out of where they are written: of a zip, a header, a letter, a spreadsheet, a label file."""

import io
import zipfile
from pathlib import PurePosixPath

import pytest
from django.core import mail

from tests.factories import ModelVersionFactory
from tests.webapp.datasets.conftest import dataset, drives  # noqa: F401 - fixtures
from tests.webapp.exchange.test_exports import WRITING, exported, version  # noqa: F401 - a fixture
from webapp.control.invitations import letter_send
from webapp.control.models import Invitation
from webapp.core.spreadsheet import as_text
from webapp.dashboards.digest import digest_send
from webapp.registry import downloads
from webapp.taxonomy.models import Category

pytestmark = pytest.mark.django_db
EVIL = "../../../tmp/evil\"><script>alert(1)</script>\r\nSet-Cookie: owned=1\n=cmd|' /C calc'!A0"


@pytest.mark.parametrize("name", WRITING)
def test_an_export_writes_nothing_outside_its_folder(client, version, name):  # noqa: F811
    Category.objects.filter(id__in=version.dataset.taxonomy.categories.values("id"), name="car").update(name=EVIL[:80])
    version.categories = [{**row, "name": EVIL[:80]} if row["name"] == "car" else row for row in version.categories]
    version.save()
    with zipfile.ZipFile(io.BytesIO(exported(client, version, name))) as archive:
        for member in archive.namelist():
            path = PurePosixPath(member)
            assert not path.is_absolute()
            assert ".." not in path.parts
            assert "\\" not in member
            assert "<script" not in member


def test_downloads_are_named_without_a_line_break_a_quote_or_a_path(client, version, workspace, monkeypatch):  # noqa: F811
    type(version.dataset).objects.filter(id=version.dataset_id).update(name=EVIL[:120])
    model = ModelVersionFactory(workspace=workspace, name=EVIL[:120], ref="stored:none")
    monkeypatch.setattr(downloads, "archive_of", lambda _: (io.BytesIO(b"PK"), "0" * 64))
    answers = [
        client.get(f"/api/v1/dataset-versions/{version.id}/coco/"),
        client.get(f"/api/v1/dataset-versions/{version.id}/images/"),
        client.get(f"/api/v1/models/{model.id}/download/"),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    for answer in answers:
        told = answer.headers.get("Content-Disposition", "")
        assert "/" not in told
        assert "\n" not in told
        assert told.count('"') in (0, 2)
        assert "Set-Cookie" not in answer.headers


def test_a_workspaces_name_adds_no_header_to_a_letter(workspace, member, settings):
    settings.MAIL_IS_SENT = True
    workspace.name = "Fleet\r\nBcc: everybody@example.org\n\n<script>"
    workspace.save()
    invitation = Invitation(
        workspace=workspace,
        email="new@example.org",
        role="lead",
        invited_by=member.user,
        expires_at=workspace.created_at,
    )
    assert letter_send(invitation, "https://example.org/invitation")
    digest_send(workspace)
    for letter in mail.outbox:
        sent = letter.message()
        assert sent["Bcc"] is None
        assert sent.get_content_type() == "text/plain", "so that no markup of a name is ever run"
        assert "\n" not in letter.subject
        assert "\r" not in letter.subject


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(begins):
    assert as_text(f"{begins}cmd") == f"'{begins}cmd"
    assert as_text(f"a{begins}b") == f"a{begins}b"
