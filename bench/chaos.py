"""Nothing acknowledged is lost: `python bench/chaos.py [--minutes 10] [--seed 0] [--json]`.

A product of its own as `make run` starts it, people who decide quickly and ask again where no answer came, pre-labellings, and something that
breaks every few seconds: a web process, the whole web server, the process that works on a job, the whole worker or the reaper killed with
SIGKILL, every message of the broker gone, the database held by somebody else for seconds. Then it is left alone, and counted:
  lost        operations that the server acknowledged and whose event is not in the database
  doubled     labels, frames or events that are there twice
  unfinished  jobs that neither ended nor failed with a reason, and have not moved for three minutes
"""

import argparse
import contextlib
import json
import random
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.load import Product, answers, people_start, running
from bench.load_others import keep_jobs
from bench.load_people import Browser, Heard

PAUSE_S = (1.0, 6.0)
HELD_S = (0.5, 4.0)
STUCK_AFTER_S = 180
OPEN = "SELECT id, state, attempts, done, checkpoint FROM jobs_job WHERE state IN ('queued', 'running')"
DOUBLED = (
    "SELECT count(*) FROM (SELECT 1 FROM labels_box WHERE \"index\" IS NOT NULL AND trial_id IS NULL GROUP BY frame_id, model_version_id, \"index\" HAVING count(*) > 1)",
    "SELECT count(*) FROM (SELECT 1 FROM labels_boxevent WHERE client_id IS NOT NULL GROUP BY client_id HAVING count(*) > 1)",
    "SELECT count(*) FROM (SELECT 1 FROM labels_boxevent WHERE undo_of_id IS NOT NULL GROUP BY undo_of_id HAVING count(*) > 1)",
    "SELECT count(*) FROM (SELECT 1 FROM footage_frame GROUP BY drive_id, name HAVING count(*) > 1)",
)  # fmt: skip


@dataclass
class Faults:
    """What can break, drawn by a seed."""

    product: Product
    rng: random.Random

    def one(self) -> str:
        name = self.rng.choice(list(self.known()))
        self.known()[name]()
        return name

    def known(self) -> dict[str, Callable[[], None]]:
        return {
            "a web process": lambda: self._kill("gunicorn", leader=False),
            "the web server": lambda: self._kill("gunicorn", leader=True),
            "a process that works": lambda: self._kill("label@", leader=False),
            "the worker": lambda: self._kill("label@", leader=True),
            "the reaper": lambda: self._kill("reap_jobs", leader=True),
            "the broker's messages": self._forget,
            "a held database": self._hold,
        }

    def _kill(self, word: str, *, leader: bool) -> None:
        found = [
            each for each in psutil.Process(self.product.process.pid).children(recursive=True) if _says(each, word)
        ]
        with contextlib.suppress(psutil.NoSuchProcess, IndexError):
            pids = {each.pid for each in found}
            chosen = [each for each in found if (each.ppid() not in pids) == leader]
            self.rng.choice(chosen).kill()

    def _forget(self) -> None:
        for message in (self.product.home / "broker").rglob("*.msg"):
            message.unlink(missing_ok=True)

    def _hold(self) -> None:
        with contextlib.closing(sqlite3.connect(self.product.home / "headway.sqlite3", timeout=30)) as held:
            held.execute("BEGIN IMMEDIATE")
            time.sleep(self.rng.uniform(*HELD_S))
            held.rollback()


def chaos(*, minutes: float, people: int, seed: int, pace_s: float = 0.3) -> dict[str, Any]:
    """On a home of its own; the figures."""
    frames = int(people * (minutes * 60 / pace_s / 12 + 4))
    with (
        tempfile.TemporaryDirectory(prefix="headway-chaos-") as folder,
        running(Path(folder), people, frames) as product,
    ):
        return broken(product, minutes=minutes, seed=seed, pace_s=pace_s)


def broken(product: Product, *, minutes: float, seed: int, pace_s: float = 0.3) -> dict[str, Any]:
    """Breaks a running product for so long, leaves it alone until its jobs have ended, and counts."""
    heard, faults = Heard(), Faults(product, random.Random(seed))
    until = time.monotonic() + minutes * 60
    lead = Browser(product.port, product.work["sessions"][0], heard, patient=True)
    jobs = threading.Thread(target=keep_jobs, args=(lead, product.work["pictures"], 2), kwargs={"until": until})
    jobs.start()
    threads = [*people_start(product, heard, until, pace_s=pace_s, patient=True), jobs]
    done: Counter[str] = Counter()
    while time.monotonic() < until:
        time.sleep(faults.rng.uniform(*PAUSE_S))
        done[faults.one()] += 1
    answers(product.port)
    for thread in threads:
        thread.join(timeout=120)
    return {
        "minutes": minutes,
        "people": len(product.work["sessions"]),
        "seed": seed,
        "faults": sum(done.values()),
        "broken": dict(done),
        "acknowledged": len(heard.acknowledged),
        "refused": len(heard.errors),
        "first_refused": heard.errors[:3],
        "settled_s": _settle(product),
        **counted(product, heard.acknowledged),
    }


def counted(product: Product, acknowledged: list[str]) -> dict[str, Any]:
    """What the database says in the end."""
    with contextlib.closing(sqlite3.connect(product.home / "headway.sqlite3", timeout=30)) as database:
        known = {
            row[0].replace("-", "")
            for row in database.execute("SELECT client_id FROM labels_boxevent WHERE client_id IS NOT NULL")
        }
        jobs = dict(database.execute("SELECT state, count(*) FROM jobs_job GROUP BY state"))
        silent = database.execute(
            "SELECT count(*) FROM jobs_job WHERE state = 'failed' AND error_code = ''"
        ).fetchone()[0]
        return {
            "lost": sum(id.replace("-", "") not in known for id in acknowledged),
            "doubled": sum(database.execute(query).fetchone()[0] for query in DOUBLED),
            "unfinished": jobs.get("queued", 0) + jobs.get("running", 0) + silent,
            "jobs": jobs,
            "intact": database.execute("PRAGMA integrity_check").fetchone()[0],
        }


def _settle(product: Product) -> int:
    """Seconds until no job is open, or until those that are have not moved for three minutes: a busy machine is slow, not stuck."""
    began = moved = time.monotonic()
    seen: Any = None
    with contextlib.closing(sqlite3.connect(product.home / "headway.sqlite3", timeout=30)) as database:
        while time.monotonic() - moved < STUCK_AFTER_S:
            stands = database.execute(OPEN).fetchall()
            if not stands:
                break
            if stands != seen:
                seen, moved = stands, time.monotonic()
            time.sleep(0.5)
    return round(time.monotonic() - began)


def _says(process: psutil.Process, word: str) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return any(word in argument for argument in process.cmdline())
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--people", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    options = parser.parse_args()
    figures = chaos(minutes=options.minutes, people=options.people, seed=options.seed)
    for name, value in figures.items():
        print(f"{name:16} {value}")
    if options.json:
        print(json.dumps(figures))
    sys.exit(bool(figures["lost"] or figures["doubled"] or figures["unfinished"]))


if __name__ == "__main__":
    main()
