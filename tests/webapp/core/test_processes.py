"""What dies unasked is started again; what is asked to end, ends with everything it started."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from webapp.core.processes import MAX_QUICK_DEATHS

SCRIPT = """
from webapp.core.processes import KeepingManager
manager = KeepingManager()
manager.add_process("steady", "exec {python} -c \\"import os, time; open(r'{folder}/' + str(os.getpid()), 'w'); time.sleep(600)\\"")
manager.loop()
"""
FAILING = """
from webapp.core import processes
processes.RESTART_PAUSE_S = 0.01
manager = processes.KeepingManager()
manager.add_process("failing", "exec {python} -c \\"import os; open(r'{folder}/' + str(os.getpid()), 'w'); raise SystemExit(3)\\"")
manager.loop()
raise SystemExit(manager.returncode)
"""


@pytest.fixture
def kept(tmp_path):
    """A manager with one process that writes its pid as a file name; stopped at the end whatever happens."""
    script = SCRIPT.format(python=sys.executable, folder=tmp_path)
    running = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, start_new_session=True)
    yield running, tmp_path
    if running.poll() is None:
        running.terminate()
        running.wait(timeout=20)


def pids(folder: Path, count: int, within_s: float = 20) -> list[int]:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        found = sorted((int(p.name) for p in folder.iterdir()), key=lambda pid: (folder / str(pid)).stat().st_mtime)
        if len(found) >= count:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{count} starts expected, saw {found}")


def test_a_killed_process_is_started_again(kept):
    _, folder = kept
    [first] = pids(folder, 1)
    os.kill(first, signal.SIGKILL)
    assert len(set(pids(folder, 2))) == 2


def test_a_termination_is_meant_and_final(kept):
    running, folder = kept
    [first] = pids(folder, 1)
    running.send_signal(signal.SIGINT)
    running.wait(timeout=20)
    assert not Path(f"/proc/{first}").exists()
    assert pids(folder, 1) == [first]


def test_a_process_that_is_killed_time_and_again_is_started_each_time(kept):
    _, folder = kept
    for already in range(MAX_QUICK_DEATHS + 1):
        os.kill(pids(folder, already + 1)[-1], signal.SIGKILL)
    assert len(pids(folder, MAX_QUICK_DEATHS + 2)) == MAX_QUICK_DEATHS + 2


def test_a_process_that_fails_at_once_ends_the_product(tmp_path):
    script = FAILING.format(python=sys.executable, folder=tmp_path)
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60, check=False)
    assert ended.returncode == 3
    assert len(list(tmp_path.iterdir())) == MAX_QUICK_DEATHS
