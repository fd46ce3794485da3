"""A worker killed with SIGKILL in mid-pre-label: the job goes on by itself within 30 s, and nothing tells that it was disturbed.

Real processes of the Procfile in a home of their own: worker and reaper, kept by `KeepingManager` as `make run` keeps them.
"""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from ml.models.shipped import bundled_names
from tests.conftest import REPOSITORY
from tests.media import HEIGHT, WIDTH, write_video

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]
PATIENCE_S = 240  # as much as a busy machine may take: nothing here is measured
KEEP = """
from honcho.environ import parse_procfile
from webapp.config.env import REPOSITORY
from webapp.core.processes import KeepingManager
manager = KeepingManager()
for name, command in parse_procfile((REPOSITORY / "Procfile").read_text()).processes.items():
    if name != "web":
        manager.add_process(name, command, cwd=str(REPOSITORY))
manager.loop()
"""
SET_UP = """
from webapp.accounts.models import Workspace
from webapp.taxonomy.services import preset_install
preset_install(Workspace.objects.create(name="Faults", slug="faults"), "gdda13")
"""
BOXES = """
SELECT clip.filename, frame."index", frame.state, frame.risk, box."index", category.name, box.x, box.y, box.width, box.height,
       box.score, box.probs, box.state, box.risk, box.severity, box.signals, box.cipo, track.number
FROM labels_box box JOIN footage_frame frame ON frame.id = box.frame_id JOIN footage_clip clip ON clip.id = frame.clip_id
JOIN taxonomy_category category ON category.id = box.category_id LEFT JOIN labels_track track ON track.id = box.track_id
WHERE frame.drive_id = ? ORDER BY clip.filename, frame."index", box."index"
"""


class Home:
    """An installation in a folder, seen through its database file and its command line."""

    def __init__(self, folder: Path) -> None:
        ours = {
            "HEADWAY_HOME": str(folder),
            "OMP_NUM_THREADS": "1",
            "DJANGO_SETTINGS_MODULE": "webapp.config.settings",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",  # the Procfile's `python` and `celery`
        }
        elsewhere = ("DATABASE_URL", "PGHOST", "CELERY_BROKER_URL", "CACHE_URL", "STORAGE_URL")
        self.environment = {**{k: v for k, v in os.environ.items() if k not in elsewhere}, **ours}
        self.database = folder / "headway.sqlite3"

    def manage(self, *arguments: object) -> str:
        command = [sys.executable, "manage.py", *map(str, arguments)]
        ended = subprocess.run(
            command, cwd=REPOSITORY, env=self.environment, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def command(self, *arguments: object) -> dict:
        """The JSON line that a command prints last."""
        return json.loads(self.manage(*arguments).splitlines()[-1])

    def rows(self, query: str, *parameters: object) -> list[sqlite3.Row]:
        with contextlib.closing(sqlite3.connect(self.database, timeout=20)) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(query, parameters).fetchall()

    def job(self, id: str) -> sqlite3.Row:
        return self.rows("SELECT * FROM jobs_job WHERE id = ?", id.replace("-", ""))[0]

    def boxes(self, drive: int) -> list[tuple]:
        return [tuple(row) for row in self.rows(BOXES, drive)]


def wait_until(true: Callable[[], bool], *, within_s: float, what: str) -> None:
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline, f"{what} did not happen within {within_s:.0f} s"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def shared() -> Path:
    return Path(os.environ.get("HEADWAY_SHARED", REPOSITORY.parent / "shared")) / "data"


@pytest.fixture(scope="module")
def model(shared) -> str:
    """The official YOLOX where it is at hand, else the bundled model."""
    weights = shared / "weights" / "yolox_nano_coco.onnx"
    if weights.is_file():
        return f"yolox-onnx:{weights}"
    if not bundled_names():
        pytest.skip("neither the shared weights nor a bundled model is here")
    return f"bundled:{bundled_names()[0]}"


@pytest.fixture(scope="module")
def video(shared, tmp_path_factory) -> Path:
    """Real footage where it is at hand, else two hundred noisy pictures."""
    real = shared / "video" / "highway_white_right.mp4"
    if real.is_file():
        return real
    noise = np.random.default_rng(2).integers(0, 255, (200, HEIGHT, WIDTH, 3), dtype=np.uint8)
    return write_video(tmp_path_factory.mktemp("video") / "noise.mp4", noise)


@pytest.fixture(scope="module")
def home(tmp_path_factory, video) -> Home:
    """An installation with its footage ingested: two drives of one video."""
    made = Home(tmp_path_factory.mktemp("home"))
    made.manage("migrate", "-v", "0")
    made.manage("shell", "-c", SET_UP)
    return made


def footage(home: Home, name: str, video: Path) -> int:
    return int(home.command("ingest", video, "--drive", name, "--every", 1)["drive"])


@pytest.fixture(scope="module")
def undisturbed(home, video, model) -> list[tuple]:
    drive = footage(home, "undisturbed", video)
    home.command("prelabel", "--drive", "undisturbed", "--model", model)
    return home.boxes(drive)


@pytest.fixture
def kept(home) -> Iterator[subprocess.Popen]:
    """Worker and reaper, running; stopped at the end whatever happens."""
    running = subprocess.Popen(
        [sys.executable, "-c", KEEP], cwd=REPOSITORY, env=home.environment, start_new_session=True
    )
    yield running
    running.terminate()
    try:
        running.wait(timeout=60)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)


@pytest.mark.parametrize("victim", ["the process that works", "the whole worker"])
def test_a_killed_prelabel_goes_on_by_itself_and_equals_an_undisturbed_one(
    home, kept, video, model, undisturbed, victim
):
    drive = footage(home, victim, video)
    id = home.command("prelabel", "--drive", victim, "--model", model, "--background")["job"]
    wait_until(lambda: home.job(id)["done"] >= 16, within_s=PATIENCE_S, what="the first chunks")
    job = home.job(id)
    assert job["state"] == "running"
    worker = psutil.Process(int(job["worker"].rsplit(":", 1)[1]))
    (worker if victim == "the process that works" else worker.parent()).kill()

    wait_until(lambda: home.job(id)["attempts"] == 2, within_s=PATIENCE_S, what="another attempt")
    assert home.job(id)["done"] < job["total"], "it was killed in the middle"
    wait_until(lambda: home.job(id)["state"] == "succeeded", within_s=PATIENCE_S, what="the end")
    ended = home.job(id)
    assert (ended["attempts"], ended["done"]) == (2, job["total"])
    assert undisturbed, "there is something to compare"
    assert home.boxes(drive) == undisturbed
    assert json.loads(ended["result"])["boxes"] == len(undisturbed)
    assert [
        line["level"] for line in home.rows("SELECT level FROM jobs_joblog WHERE job_id = ?", id.replace("-", ""))
    ] == ["warning"]
