"""The examples of docs/rest-export.md, run as they stand, and the Python client, against a server with a socket."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from headway import Headway, HeadwayError, WrongDigest
from knox.models import AuthToken

from tests.factories import MembershipFactory
from webapp.core import storage
from webapp.datasets import exports
from webapp.datasets.formats import coco
from webapp.datasets.services import version_create, version_freeze

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture
def member(transactional_db):
    return MembershipFactory()


@pytest.fixture
def version(member, dataset, drives):
    places = list(zip(drives, ("train", "val"), strict=True))
    made = version_create(
        dataset=dataset, drives=places, include_unaudited=False, override_reason="test", created_by=member.user
    )
    return version_freeze(made, lambda done, total: None)


@pytest.fixture
def token(member):
    return AuthToken.objects.create(member.user)[1]


@pytest.fixture
def folder(tmp_path):
    """An empty one: the test's own holds the store."""
    path = tmp_path / "downloads"
    path.mkdir()
    return path


@pytest.fixture
def train(version, live_server, token):
    """The client's version, and the bytes that it should bring."""
    expected = b"".join(coco.stream(version, "train"))
    return Headway(live_server.url, token=token).newest(version.dataset.name), expected


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl")
def test_the_examples_of_the_docs_run(version, live_server, token, folder):
    page = (REPOSITORY / "docs" / "rest-export.md").read_text()
    blocks = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == 5
    setting = {"URL": live_server.url, "HEADWAY_TOKEN": token, "VERSION": str(version.id), "PATH": "/usr/bin:/bin"}
    said = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
        env=setting,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert said.stdout.rstrip().endswith("304")
    assert (folder / "linked.json").read_bytes() == b"".join(coco.stream(version, "train"))


def test_the_client_brings_the_bytes_and_leaves_nothing_beside_them(train, folder):
    version, expected = train
    assert version.download_coco(folder / "train.json", split="train").read_bytes() == expected
    assert [path.name for path in folder.iterdir()] == ["train.json"]


def test_the_client_goes_on_where_it_broke(train, version, folder, monkeypatch):
    found, expected = train
    asked = []
    monkeypatch.setattr(storage, "part", lambda *args, real=storage.part: asked.append(args[1:]) or real(*args))
    exports.export_build(version, "train")
    (folder / "train.json.part").write_bytes(expected[:321])
    (folder / "train.json.part.etag").write_text(exports.etag_of(version, "train"))
    found.download_coco(folder / "train.json", split="train")
    assert (folder / "train.json").read_bytes() == expected
    assert asked[0] == (321, len(expected) - 321)


def test_a_part_of_another_file_is_begun_anew(train, folder):
    version, expected = train
    (folder / "train.json.part").write_bytes(b"something else")
    (folder / "train.json.part.etag").write_text('"another"')
    assert version.download_coco(folder / "train.json", split="train").read_bytes() == expected


def test_bytes_that_are_not_the_servers_are_thrown_away(train, version, folder):
    found, expected = train
    exports.export_build(version, "train")
    (folder / "train.json.part").write_bytes(b"x" * 50)
    (folder / "train.json.part.etag").write_text(exports.etag_of(version, "train"))
    with pytest.raises(WrongDigest):
        found.download_coco(folder / "train.json", split="train")
    assert not list(folder.iterdir())
    assert found.download_coco(folder / "train.json", split="train").read_bytes() == expected


def test_the_client_says_what_the_server_says(train, version, folder):
    with pytest.raises(HeadwayError, match="has no split 'test'") as refused:
        train[0].download_coco(folder / "x.json", split="test")
    assert (refused.value.status, refused.value.code) == (404, "unknown_split")
    with pytest.raises(HeadwayError, match="no frozen version 7"):
        train[0].server.version(version.dataset.name, 7)


def test_a_link_of_the_client_needs_no_token(train, live_server):
    import requests

    assert requests.get(train[0].link("train", lasts_s=60), timeout=10).content == train[1]


def test_the_client_needs_requests_alone():
    names = "import sys, json, headway, headway.command; print(json.dumps([*sys.modules]))"
    said = subprocess.run(
        [sys.executable, "-c", names], cwd=REPOSITORY / "clients/python", capture_output=True, check=True
    )
    loaded = {name.split(".")[0] for name in json.loads(said.stdout)}
    assert "requests" in loaded
    assert not loaded & {"django", "rest_framework", "webapp", "ml", "numpy", "pyarrow", "orjson"}
