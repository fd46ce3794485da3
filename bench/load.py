"""How the desk does under load: `python bench/load.py [--people 100] [--minutes 3] [--json]`.

A product of its own, as `make run` starts it (web, workers, trainer, reaper; SQLite), and against it people at a person's pace (claim, picture,
a decision in two seconds, an undo now and then, presence), uploads in pieces, and pre-labellings that never end. All of it shares the machine,
these people too. The first seconds, in which everybody opens the desk at once, are not counted. Memory of the processes is looked at ten times, or each
minute of a longer run (`--minutes 60`).
"""

import argparse
import contextlib
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from bench.load_others import keep_jobs, upload  # noqa: E402
from bench.load_people import Browser, Heard, annotate  # noqa: E402

DESK = ("claim", "picture", "decision", "heartbeat")  # what a person waits for
TARGET_MS = 100
WARM_UP_S = 15


@dataclass
class Product:
    """A running product with work in it."""

    port: int
    home: Path
    process: "subprocess.Popen[bytes]"
    work: dict[str, Any]

    def memory_mb(self) -> dict[str, int]:
        """Resident, of each process of the Procfile with its children."""
        found = {}
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                tree = [child, *child.children(recursive=True)]
                found[_named(tree)] = sum(each.memory_info().rss for each in tree[1:]) // 2**20
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--uploads", type=int, default=10)
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--pace", type=float, default=2.0, help="seconds a decision")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    options = parser.parse_args()
    frames = int(options.people * (options.minutes * 60 / options.pace / 12 + 4))
    with (
        tempfile.TemporaryDirectory(prefix="headway-load-") as folder,
        running(Path(folder), options.people, frames) as product,
    ):
        figures = _measured(product, options)
    for name, value in figures.items():
        print(f"{name:24} {value}")
    if options.json:
        print(json.dumps(figures))


def _measured(product: Product, options: argparse.Namespace) -> dict[str, Any]:
    heard, load, memory = Heard(), [], []
    until = time.monotonic() + WARM_UP_S + options.minutes * 60
    threads = people_start(product, heard, until, pace_s=options.pace) + _others(product, heard, until, options)
    time.sleep(WARM_UP_S)
    with heard.lock:
        heard.times.clear()
    while time.monotonic() < until:
        load.append(os.getloadavg()[0])
        memory.append(product.memory_mb())
        time.sleep(min(60, max(1, options.minutes * 6)))
    for thread in threads:
        thread.join(timeout=90)
    return {
        "people": options.people,
        "uploads": options.uploads,
        "jobs": options.jobs,
        "minutes": options.minutes,
        "requests": sum(map(len, heard.times.values())),
        **_spreads(heard),
        "p95_ms": p95([second for name in DESK for second in heard.times[name]]),
        "errors": len(heard.errors),
        "first_errors": heard.errors[:3],
        "load_average": round(statistics.mean(load), 1),
        "memory_mb": {name: [each.get(name) for each in memory] for name in memory[0]},
    }


def people_start(
    product: Product, heard: Heard, until: float, *, pace_s: float, patient: bool = False
) -> list[threading.Thread]:
    """A thread a session; `patient` people ask again what failed."""
    threads = []
    for number, session in enumerate(product.work["sessions"]):
        browser = Browser(product.port, session, heard, patient=patient)
        rest = {"until": until, "pace_s": pace_s, "rng": random.Random(number)}
        threads.append(
            threading.Thread(target=annotate, args=(browser, product.work["drive"]), kwargs=rest, daemon=True)
        )
    for thread in threads:
        thread.start()
    return threads


def _others(product: Product, heard: Heard, until: float, options: argparse.Namespace) -> list[threading.Thread]:
    lead = product.work["sessions"][0]
    drives = Browser(product.port, lead, heard)
    into = drives.ask("drives", "POST", "drives/", {"name": f"uploads {uuid.uuid4()}"})["id"]
    threads = []
    for _ in range(options.uploads):
        arguments = (Browser(product.port, lead, heard), into, Path(product.work["video"]))
        pace = {"until": until, "bytes_s": 512 * 1024, "padding": 20 * 2**20}
        threads.append(threading.Thread(target=upload, args=arguments, kwargs=pace, daemon=True))
    if options.jobs:
        arguments_of_jobs = (Browser(product.port, lead, heard), product.work["pictures"], options.jobs)
        threads.append(threading.Thread(target=keep_jobs, args=arguments_of_jobs, kwargs={"until": until}, daemon=True))
    for thread in threads:
        thread.start()
    return threads


def _spreads(heard: Heard) -> dict[str, str]:
    return {
        f"{name}_ms": f"p50 {1000 * statistics.median(times):.0f}, p95 {p95(times)}, most {1000 * max(times):.0f} ({len(times)})"
        for name, times in sorted(heard.times.items())
        if times
    }


def p95(times: list[float]) -> int:
    """In milliseconds."""
    return round(1000 * sorted(times)[int(0.95 * len(times))]) if times else 0


@contextlib.contextmanager
def running(home: Path, people: int, frames: int) -> Iterator[Product]:
    """The product on an empty home that gets work first."""
    environment = _environment(home)
    for command in ("manage.py migrate -v 0", "manage.py collectstatic --no-input -v 0"):
        subprocess.run([sys.executable, *command.split()], cwd=REPOSITORY, env=environment, check=True)
    command = f"-m bench.load_footage --people {people} --frames {frames}"
    told = subprocess.run(
        [sys.executable, *command.split()], cwd=REPOSITORY, env=environment, check=True, capture_output=True, text=True
    )
    with served(home, json.loads(told.stdout.splitlines()[-1])) as product:
        yield product


@contextlib.contextmanager
def served(home: Path, work: dict[str, Any]) -> Iterator[Product]:
    """The processes of the Procfile on a home that has work; all of them are gone at the end."""
    port = free_port()
    with (home / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=REPOSITORY,
            env={**_environment(home), "PORT": str(port)},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        answers(port)
        yield Product(port, home, process, work)
    finally:
        stop(process)


def _environment(home: Path) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"  # the Procfile's `gunicorn` and `celery`
    ours = {"HEADWAY_HOME": str(home), "DJANGO_SETTINGS_MODULE": "webapp.config.settings", "PATH": path}
    return {**os.environ, **ours}


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Ctrl-C, and by force what is left after half a minute."""
    tree = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=30)
    for left in [*tree, *([psutil.Process(process.pid)] if process.poll() is None else [])]:
        with contextlib.suppress(psutil.NoSuchProcess):
            left.kill()


def answers(port: int, within_s: float = 90) -> None:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=2).close()
            return
        time.sleep(0.3)
    raise TimeoutError(f"no answer within {within_s:.0f} s")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _named(tree: list[psutil.Process]) -> str:
    """web, worker, trainer or reaper, by what its commands say."""
    said = " ".join(word for process in tree for word in process.cmdline())
    known = {"gunicorn": "web", "label@": "worker", "train@": "trainer", "reap_jobs": "reaper"}
    return next((name for word, name in known.items() if word in said), "other")


if __name__ == "__main__":
    main()
