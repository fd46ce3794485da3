"""`deploy/nginx.conf` as it stands, before a server with a socket: who may see a picture gets it from nginx, whole and in part."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator

import pytest
import requests
from knox.models import AuthToken

from bench.load import free_port
from tests.conftest import REPOSITORY
from tests.factories import ClipFactory, DriveFactory, FrameFactory, MembershipFactory
from tests.scale.servers import object_store
from webapp.config.object_store import object_store as settings_of
from webapp.core import storage

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx: apt-get install nginx-light"),
]
PICTURE = bytes(range(256)) * 40
# What the image's own nginx.conf has around it.
AROUND = """
daemon off; master_process off; pid {home}/nginx.pid; error_log {home}/error.log;
events {{}}
http {{
    access_log off; default_type application/octet-stream;
    client_body_temp_path {home}/b; proxy_temp_path {home}/p; fastcgi_temp_path {home}/f; uwsgi_temp_path {home}/u; scgi_temp_path {home}/s;
    {conf}
}}
"""


@pytest.fixture(params=["folder", "object store"])
def store(request, settings, monkeypatch, tmp_path) -> Iterator[str]:
    """Where `objects:8333` is."""
    if request.param == "folder":
        yield "127.0.0.1:9"
        return
    with object_store() as named:
        for name, value in named.items():
            monkeypatch.setenv(name, value)
        made = settings_of(named["STORAGE_URL"], endpoint=named["AWS_ENDPOINT_URL"])
        settings.STORAGES = {**settings.STORAGES, "default": made}
        from django.core.management import call_command

        call_command("make_bucket")
        yield named["AWS_ENDPOINT_URL"].removeprefix("http://")


@pytest.fixture
def front(store, settings, live_server, tmp_path) -> Iterator[str]:
    """nginx's address."""
    settings.NGINX_SENDS_FILES = True
    port = free_port()
    conf = (REPOSITORY / "deploy" / "nginx.conf").read_text()
    here = {
        "web:8000": live_server.url.removeprefix("http://"),
        "listen 8080": f"listen 127.0.0.1:{port}",
        "/state/media/": f"{settings.MEDIA_ROOT}/",
        "objects:8333": store,
    }
    for deployed, ours in here.items():
        assert deployed in conf
        conf = conf.replace(deployed, ours)
    home = tmp_path / "nginx"
    home.mkdir()
    file = home / "nginx.conf"
    file.write_text(AROUND.format(home=home, conf=conf))
    command = ["nginx", "-e", str(home / "error.log"), "-c", str(file)]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    running = subprocess.Popen(command)
    try:
        _answers(f"http://127.0.0.1:{port}/_health")
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(timeout=60)


def _answers(url: str) -> None:
    for _ in range(600):
        try:
            assert requests.get(url, timeout=20).text == "ok"
            return
        except requests.ConnectionError:
            time.sleep(0.05)
    raise AssertionError(f"{url} does not answer")


@pytest.mark.django_db(transaction=True)
def test_nginx_sends_a_picture_to_who_may_see_it_and_to_nobody_else(front):
    member = MembershipFactory()
    drive = DriveFactory(workspace=member.workspace)
    key = storage.put_bytes(PICTURE, ".jpg")
    frame = FrameFactory(clip=ClipFactory(drive=drive), image_key=key)
    url = f"{front}/api/v1/frames/{frame.id}/image"
    mine = {"Authorization": f"Token {AuthToken.objects.create(member.user)[1]}"}
    theirs = {"Authorization": f"Token {AuthToken.objects.create(MembershipFactory().user)[1]}"}

    whole = requests.get(url, headers=mine, timeout=20)
    assert (whole.status_code, whole.content) == (200, PICTURE)
    assert whole.headers["Content-Type"] == "image/jpeg"
    assert whole.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "X-Accel-Redirect" not in whole.headers
    part = requests.get(url, headers={**mine, "Range": "bytes=300-399"}, timeout=20)
    assert (part.status_code, part.content) == (206, PICTURE[300:400])
    assert part.headers["Content-Range"] == f"bytes 300-399/{len(PICTURE)}"
    seen = {**mine, "If-None-Match": whole.headers["ETag"]}
    assert requests.get(url, headers=seen, timeout=20).status_code == 304
    head = requests.head(url, headers=mine, timeout=20)
    assert (head.status_code, int(head.headers["Content-Length"]), head.content) == (200, len(PICTURE), b"")

    assert requests.get(url, headers=theirs, timeout=20).status_code == 404
    assert requests.get(url, timeout=20).status_code == 401
    for inside in (f"_store/{key}", f"_objects/headway/{key}"):
        assert requests.get(f"{front}/{inside}", headers=mine, timeout=20).status_code == 404
    assert not re.search("error", requests.get(f"{front}/health/live", timeout=20).text)
