"""What hundreds of waiting devices leave of the desk: `python bench/polls.py [--devices 300] [--seconds 60] [--json]`.

Gunicorn as in the Procfile on a home of its own. Every device asks for orders as the agent does (waits 25 s, comes again when it is told
to). Meanwhile a person's list of devices is asked for, without and with the devices; then each of some devices is sent an order, and the
time until it asks and gets it is taken. Both sides share this machine's processors.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shlex
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from ml.edge.commander import Commander
from ml.edge.link import FleetLink
from ml.edge.spool import Spool

REPOSITORY = Path(__file__).resolve().parents[1]
ORDERED = 20


class Counting(FleetLink):
    """Counts what the devices ask."""

    asked: Counter[str] = Counter()

    def call(self, method, path, **rest):  # type: ignore[no-untyped-def]
        try:
            answer = super().call(method, path, **rest)
        except OSError:
            self.asked["lost"] += 1
            raise
        self.asked[f"{method} {answer.status}"] += 1
        return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(HEADWAY_HOME=home, PORT=str(_free_port()), DJANGO_SETTINGS_MODULE="webapp.config.settings")
        person, tokens = _world(options.devices)
        url = f"http://127.0.0.1:{os.environ['PORT']}"
        server = subprocess.Popen(_web_command(), cwd=REPOSITORY, env=os.environ, stdout=subprocess.DEVNULL)
        try:
            figures = _measured(url, person, tokens, Path(home), options.seconds)
        finally:
            server.terminate()
            server.wait(timeout=30)
    print(json.dumps(figures, indent=None if options.json else 2))


def _world(devices: int) -> tuple[str, list[str]]:
    """An owner's API token and each device's."""
    import django

    django.setup()
    from django.core.management import call_command
    from knox.models import AuthToken

    from webapp.accounts.models import User
    from webapp.fleet.services import device_register

    call_command("migrate", verbosity=0)
    call_command("bootstrap", stdout=io.StringIO())
    owner = User.objects.get()
    workspace = owner.memberships.get().workspace
    tokens = [device_register(workspace=workspace, name=f"car-{number}")[1] for number in range(devices)]
    return AuthToken.objects.create(user=owner)[1], tokens


def _measured(url: str, person: str, tokens: list[str], home: Path, seconds: float) -> dict[str, object]:
    _wait_for(f"{url}/health/live")
    _desk(url, person, 5.0)  # warm
    alone, stop, heard = _desk(url, person, seconds / 3), threading.Event(), _start(url, tokens, home)
    threads = heard.pop("threads")
    time.sleep(5)
    Counting.asked.clear()
    started = time.monotonic()
    beside = _desk(url, person, seconds)
    asked = dict(Counting.asked)
    rate = sum(asked.values()) / (time.monotonic() - started)
    waits = _orders(url, person, heard["at"])
    stop.set()
    return {
        "devices": len(threads), "seconds": seconds, "polls_a_second": round(rate, 1), "answers": asked,
        "desk_alone_ms": _spread(alone), "desk_beside_ms": _spread(beside), "order_heard_after_s": _spread(waits),
    }  # fmt: skip


def _start(url: str, tokens: list[str], home: Path) -> dict[str, object]:
    """Every device's own agent part that asks for orders; `at` tells when each heard of one."""
    at: dict[int, float] = {}
    threads = []
    for number, token in enumerate(tokens):
        spool = Spool(home / "devices" / f"{number}.db", f"car-{number}")
        hear = {"ping": lambda _, number=number: at.setdefault(number, time.monotonic()) and {}}
        commander = Commander(spool, Counting(url, token), hear)
        threads.append(threading.Thread(target=commander.run, args=(threading.Event(),), daemon=True))
        threads[-1].start()
        time.sleep(0.01)
    return {"at": at, "threads": threads}


def _desk(url: str, token: str, seconds: float) -> list[float]:
    """Milliseconds of each of a person's questions, one after another."""
    found, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        started = time.monotonic()
        _get(f"{url}/api/v1/fleet-alarms/?page_size=100", token)
        found.append((time.monotonic() - started) * 1000)
        time.sleep(0.1)
    return found


def _orders(url: str, token: str, at: dict[int, float]) -> list[float]:
    """Seconds from an order to the device's hearing of it."""
    rows = {row["name"]: row["id"] for row in _get(f"{url}/api/v1/devices/?page_size=500", token)["results"]}
    numbers = [int(name.removeprefix("car-")) for name in list(rows)[:: max(1, len(rows) // ORDERED)]]
    sent = {}
    for number in numbers:
        _get(f"{url}/api/v1/devices/{rows[f'car-{number}']}/commands/", token, {"kind": "ping"})
        sent[number] = time.monotonic()
    until = time.monotonic() + 90
    while time.monotonic() < until and not at.keys() >= sent.keys():
        time.sleep(0.1)
    return [at[number] - sent[number] if number in at else 90.0 for number in numbers]


def _get(url: str, token: str, body: dict[str, object] | None = None):  # type: ignore[no-untyped-def]
    headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode() if body else None, headers)
    with urllib.request.urlopen(request, timeout=120) as response:
        return json.loads(response.read())


def _spread(values: list[float]) -> dict[str, float]:
    p50, p95 = np.percentile(values, [50, 95])
    return {"n": len(values), "p50": round(p50, 1), "p95": round(p95, 1), "max": round(max(values), 1)}


def _web_command() -> list[str]:
    line = next(one for one in (REPOSITORY / "Procfile").read_text().splitlines() if one.startswith("web:"))
    words = shlex.split(line.removeprefix("web: exec ").replace("$PORT", os.environ["PORT"]))
    return [str(Path(sys.executable).with_name(words[0])), *words[1:]]


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("the server does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
