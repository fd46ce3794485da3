"""The whole loop on PostgreSQL, Redis and an object store, with a web process and a worker a queue: the Procfile's own commands.

No reaper runs, which would ring again for a message that got lost on its way.
"""

import contextlib
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import psutil
import psycopg
import pytest
import requests
from honcho.environ import parse_procfile
from PIL import Image

from bench.load import answers, free_port
from tests.conftest import REPOSITORY
from tests.scale.servers import SECRET, servers
from webapp.core.storage import key_of

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]
TINY = REPOSITORY / "fixtures" / "drives" / "tiny.mp4"
COMMANDS = parse_procfile((REPOSITORY / "Procfile").read_text()).processes
QUEUES = ("default", "ingest", "prelabel")
JOB_WITHIN_S = 240
# One process for what a deployment does in four commands: loading Django costs seconds.
SET_UP = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("make_bucket")
from webapp.dashboards.bootstrap import bootstrap
from knox.models import AuthToken
print(AuthToken.objects.create(bootstrap()[0])[1])
"""


@dataclass
class Deployment:
    """Its address, what tells its processes from each other, and its servers."""

    url: str
    token: str
    home: Path
    environment: dict[str, str]
    processes: dict[str, "subprocess.Popen[bytes]"]

    def ask(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Token {self.token}", **options.pop("headers", {})}
        answer = requests.request(
            method, f"{self.url}/api/v1/{path}", json=body, headers=headers, timeout=60, **options
        )
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def until(self, path: str, field: str, wanted: str) -> dict[str, Any]:
        deadline = time.monotonic() + JOB_WITHIN_S
        while (found := self.ask("GET", path).json())[field] != wanted:
            assert found[field] != "failed", found
            assert time.monotonic() < deadline, found
            time.sleep(0.3)
        return dict(found)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(host=self.environment["PGHOST"], user="postgres", dbname="postgres") as connection:
            return connection.execute(query).fetchall()

    def bucket(self, name: str = "headway") -> Any:
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
        store = boto3.resource(
            "s3",
            endpoint_url=self.environment["AWS_ENDPOINT_URL"],
            region_name="us-east-1",
            **{each.lower(): self.environment[each] for each in names},
        )
        return store.Bucket(name)

    def objects(self, bucket: str = "headway") -> dict[str, bytes]:
        return {each.key: each.get()["Body"].read() for each in self.bucket(bucket).objects.all()}

    def manage(self, *command: str, **variables: str) -> str:
        """What an operator's command tells, in the environment of the web process but for these."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=REPOSITORY,
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def deployment(tmp_path_factory) -> Iterator[Deployment]:
    home = tmp_path_factory.mktemp("state")
    with contextlib.ExitStack() as running:
        folder = running.enter_context(_folder_for_postgres())
        named = running.enter_context(servers(folder))
        ours = {
            "HEADWAY_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "webapp.config.settings",
            "SECRET_KEY": SECRET,
            "PORT": str(free_port()),
            "OMP_NUM_THREADS": "1",
            "WORKER_CONCURRENCY": "1",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",  # the Procfile's `python` and `celery`
        }
        environment = {**os.environ, **named, **ours}
        told = subprocess.run(
            [sys.executable, "-c", SET_UP], cwd=REPOSITORY, env=environment, check=True, capture_output=True, text=True
        )
        processes: dict[str, subprocess.Popen[bytes]] = {}
        running.callback(_stop, processes)
        for name, extra in {"web": {}, **{queue: {"WORKER_QUEUES": queue} for queue in QUEUES}}.items():
            processes[name] = subprocess.Popen(
                COMMANDS.get(name, COMMANDS["worker"]),
                shell=True,
                cwd=REPOSITORY,
                env={**environment, **extra},
                start_new_session=True,
            )
        answers(int(ours["PORT"]))
        yield Deployment(f"http://127.0.0.1:{ours['PORT']}", told.stdout.split()[-1], home, environment, processes)


@contextlib.contextmanager
def _folder_for_postgres() -> Iterator[Path]:
    """Not pytest's: as root PostgreSQL runs as another user, who may not look into that."""
    with tempfile.TemporaryDirectory(prefix="headway-scale-") as folder:
        yield Path(folder)


def _stop(processes: dict[str, "subprocess.Popen[bytes]"]) -> None:
    for process in processes.values():
        process.terminate()
    for process in processes.values():
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=60)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def test_the_whole_loop_runs_on_servers_and_a_worker_a_queue(deployment):
    drive = deployment.ask("POST", "drives/", {"name": "scaled out"}).json()["id"]
    _uploaded(deployment, TINY, drive)
    clip = deployment.ask("GET", f"clips/?drive={drive}").json()["results"][0]["id"]
    deployment.until(f"clips/{clip}/", "state", "ready")
    asked = {"kind": "prelabel_frames", "params": {"drive": drive, "model": "bundled:gdino-nano"}}
    job = deployment.ask("POST", "jobs/", asked).json()["id"]
    found = deployment.until(f"jobs/{job}/", "state", "succeeded")
    assert found["result"]["frames"] == found["total"] > 0
    frames = [_audited(deployment, drive) for _ in range(found["total"])]
    version = _frozen(deployment, drive)
    coco = _exported(deployment, version)
    assert sorted(image["file_name"] for image in coco["images"]) == sorted(
        f"scaled_out/{frame['name']}" for frame in frames
    )
    assert {annotation["audited"] for annotation in coco["annotations"]} == {True}

    _each_queue_did_its_own_jobs(deployment)
    _files_are_in_the_object_store_alone(deployment)


def test_what_servers_hold_is_backed_up_while_they_run_and_comes_back_by_digest(deployment, tmp_path):
    """Into another bucket, and into the embedded product."""
    picture = b"a picture of its own"
    deployment.bucket().put_object(Key=key_of(picture, ".jpg"), Body=picture)
    folder = str(tmp_path / "backup")
    assert f"{len(deployment.objects())} files" in deployment.manage("backup", folder)

    other = {"HEADWAY_HOME": str(tmp_path / "other"), "PGHOST": "", "STORAGE_URL": "s3://other"}
    deployment.manage("make_bucket", **other)
    assert "are what was backed up" in deployment.manage("restore", folder, **other)
    assert deployment.objects("other") == deployment.objects()

    embedded = {"HEADWAY_HOME": str(tmp_path / "embedded"), "PGHOST": "", "STORAGE_URL": ""}
    assert "are what was backed up" in deployment.manage("restore", folder, **embedded)
    assert (tmp_path / "embedded" / "media" / key_of(picture, ".jpg")).read_bytes() == picture

    deployment.bucket("other").put_object(Key=key_of(picture, ".jpg"), Body=b"damaged on its way ..")
    assert "are what was backed up" in deployment.manage("restore", "--replace", folder, **other), "it made room"
    assert deployment.objects("other") == deployment.objects()


def _uploaded(deployment: Deployment, file: Path, drive: int) -> None:
    """Tus, in two pieces."""
    content = file.read_bytes()
    said = ",".join(
        f"{k} {b64encode(v.encode()).decode()}" for k, v in {"filename": file.name, "drive": str(drive)}.items()
    )
    tus = {"Tus-Resumable": "1.0.0"}
    made = deployment.ask(
        "POST", "uploads/", headers={**tus, "Upload-Length": str(len(content)), "Upload-Metadata": said}
    )
    where = made.headers["Location"].split("/api/v1/")[1]
    half = len(content) // 2
    for start, piece in ((0, content[:half]), (half, content[half:])):
        headers = {**tus, "Upload-Offset": str(start), "Content-Type": "application/offset+octet-stream"}
        deployment.ask("PATCH", where, data=piece, headers=headers)


def _audited(deployment: Deployment, drive: int) -> dict[str, Any]:
    """One frame, looked at and decided; the picture is a JPEG, whole and in part."""
    [frame] = deployment.ask("POST", "audit/claim/", {"drive": drive, "count": 1}).json()["frames"]
    path = f"frames/{frame['id']}/image"
    picture = deployment.ask("GET", path).content
    assert Image.open(io.BytesIO(picture)).size == (frame["width"], frame["height"])
    part = deployment.ask("GET", path, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, picture[100:200])
    decision = {"id": f"6f1f2a52-6c0c-4b6e-9a3f-{frame['id']:012d}", "kind": "finish", "accept_rest": True}
    headers = {"If-Match": f'"{frame["version"]}"'}
    deployment.ask("POST", f"frames/{frame['id']}/operations/", {"operations": [decision]}, headers=headers)
    return dict(frame)


def _frozen(deployment: Deployment, drive: int) -> int:
    taxonomy = deployment.ask("GET", f"drives/{drive}/").json()["taxonomy"]["id"]
    dataset = deployment.ask("POST", "datasets/", {"name": "scaled out", "taxonomy": taxonomy}).json()["id"]
    asked = {"drives": [{"drive": drive, "split": "train"}], "override_reason": "the test of the scaled-out product"}
    version = deployment.ask("POST", f"datasets/{dataset}/versions/", asked).json()["id"]
    deployment.until(f"dataset-versions/{version}/", "state", "frozen")
    return int(version)


def _exported(deployment: Deployment, version: int) -> dict[str, Any]:
    """The file while it is made, then the kept one, whole and in part: the same bytes."""
    path = f"dataset-versions/{version}/coco/?split=train"
    plain = {"Accept-Encoding": "identity"}
    first, kept = (deployment.ask("GET", path, headers=plain) for _ in range(2))
    assert kept.content == first.content
    assert kept.headers["X-Content-SHA256"] == hashlib.sha256(first.content).hexdigest()
    part = deployment.ask("GET", path, headers={**plain, "Range": "bytes=10-1009"})
    assert (part.status_code, part.content) == (206, first.content[10:1010])
    return dict(json.loads(first.content))


def _each_queue_did_its_own_jobs(deployment: Deployment) -> None:
    """A job's row names the process that did it, which belongs to the worker of that queue."""
    from webapp.jobs.services import QUEUES as QUEUE_OF

    jobs = deployment.rows("SELECT kind, state, worker, attempts FROM jobs_job")
    assert {kind for kind, *_ in jobs} >= {"extract_frames", "prelabel_frames", "freeze_version"}
    for kind, state, worker, attempts in jobs:
        leader = deployment.processes[QUEUE_OF.get(kind, "default")].pid
        parents = {each.pid for each in psutil.Process(int(worker.rsplit(":", 1)[1])).parents()}
        assert leader in parents, f"{kind} was done by another queue's worker"
        assert (state, attempts) == ("succeeded", 1)


def _files_are_in_the_object_store_alone(deployment: Deployment) -> None:
    """Under their digests, and none in the folder that the embedded product uses."""
    stored = deployment.objects()
    for key, content in stored.items():
        assert key.rsplit("/", 1)[1].split(".")[0] == hashlib.sha256(content).hexdigest()
    keys = {key for row in deployment.rows("SELECT image_key, thumbnail_key FROM footage_frame") for key in row}
    assert keys
    assert keys <= stored.keys()
    assert not (deployment.home / "media").exists()
    assert not list(deployment.home.rglob("*.msg")), "no message went by the folder"
