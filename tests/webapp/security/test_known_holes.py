"""What other tools of this trade were caught with, each tried here: undo without a right, default keys, stored scripts, open files."""

import re
import uuid
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.factories import BoxFactory, MembershipFactory, TaxonomyFactory
from webapp.accounts.models import Membership
from webapp.config import env
from webapp.footage.services import safe_name, suffix_of
from webapp.labels.models import BoxEvent

SCRIPTED = '<img src=x onerror=alert(1)>"; evil="\r\nX-Bad: 1'


@pytest.fixture
def accepted(client_of, member):
    """A box that a member accepted, and the operation that did it."""
    box = BoxFactory(frame__clip__drive__workspace=member.workspace)
    operation = {"id": str(uuid.uuid4()), "kind": "accept", "box": str(box.client_id)}
    assert send(client_of(member), box.frame, operation).status_code == 200
    return box, operation["id"]


def send(client, frame, operation):
    frame.refresh_from_db()
    path = f"/api/v1/frames/{frame.id}/operations/"
    body = {"operations": [operation]}
    return client.post(path, body, format="json", headers={"If-Match": f'"{frame.version}"'})


@pytest.mark.django_db
class TestUndo:
    def undo(self, operation):
        return {"id": str(uuid.uuid4()), "kind": "undo", "operation": operation}

    def test_needs_the_right_to_audit(self, accepted, member, client_of):
        box, operation = accepted
        viewer = MembershipFactory(workspace=member.workspace, role=Membership.Role.VIEWER)
        assert send(client_of(viewer), box.frame, self.undo(operation)).status_code == 403
        assert BoxEvent.objects.filter(kind="undone").count() == 0

    def test_of_anothers_workspace_is_unknown_from_its_own_frame_and_from_mine(self, accepted, client_of):
        box, operation = accepted
        stranger = MembershipFactory()
        mine = BoxFactory(frame__clip__drive__workspace=stranger.workspace).frame
        assert send(client_of(stranger), box.frame, self.undo(operation)).status_code == 404
        assert send(client_of(stranger), mine, self.undo(operation)).status_code in (400, 404, 409)
        box.refresh_from_db()
        assert box.state == "accepted"


def test_each_home_has_a_random_key_that_others_cannot_read(monkeypatch, tmp_path):
    keys = set()
    for name in ("one", "two"):
        monkeypatch.setattr(env, "HOME", tmp_path / name)
        keys.add(env.embedded_secret())
        assert env.embedded_secret() in keys
        assert (tmp_path / name / "secret_key").stat().st_mode & 0o077 == 0
    assert len(keys) == 2
    assert min(map(len, keys)) >= 50


def test_no_password_or_key_is_written_in_what_is_deployed():
    """Whatever the compose file needs, somebody has to set."""
    compose = (REPOSITORY / "docker-compose.yml").read_text()
    settings = re.findall(r"(?:PASSWORD|SECRET_KEY|ACCESS_KEY):\s+(\S+)", compose)
    assert settings
    assert [value for value in settings if not value.strip('"').startswith("${")] == []


@pytest.mark.django_db
class TestNames:
    def test_come_back_as_data_and_never_as_a_page(self, client, workspace):
        body = {"name": SCRIPTED.replace("\r\n", " "), "taxonomy": TaxonomyFactory(workspace=workspace).id}
        made = client.post("/api/v1/drives/", body)
        assert made.status_code == 201
        answer = client.get(f"/api/v1/drives/{made.json()['id']}/")
        assert answer.headers["Content-Type"].startswith("application/json")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"

    def test_of_files_hold_no_path_and_no_markup(self):
        assert re.fullmatch(r"[\w.-]+", safe_name(SCRIPTED))
        assert "/" not in safe_name("../../etc/passwd")
        assert suffix_of('x.<script>"') == suffix_of("x.p/../h") == ""


def test_the_page_writes_no_markup_of_its_own():
    """React escapes what it shows, unless told otherwise."""
    sources = [path for kind in ("*.ts", "*.tsx") for path in Path(REPOSITORY / "frontend/src").rglob(kind)]
    told = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\("
    assert len(sources) > 300
    assert [path.name for path in sources if re.search(told, path.read_text(), re.IGNORECASE)] == []


def test_nothing_loads_a_pickle_or_opens_a_shell():
    """`torch.load` runs code unless it reads weights alone; a shell runs what a name says."""
    told = re.compile(
        r"torch\.load\((?![^)]*weights_only=True)|pickle\.loads?\(|shell=True|os\.system|yaml\.load\(|(?<![.\w])(?:eval|exec)\("
    )
    sources = [path for room in ("ml", "webapp", "workers") for path in (REPOSITORY / room).rglob("*.py")]
    found = {path.name: told.findall(path.read_text()) for path in sources}
    assert {name: hits for name, hits in found.items() if hits} == {}
