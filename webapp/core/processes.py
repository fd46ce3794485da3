"""Keeps the Procfile's processes alive: honcho starts, labels and stops them; what dies unasked is started again."""

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from multiprocessing.synchronize import Event
from typing import Any

from honcho.manager import Manager
from honcho.process import Process

RESTART_PAUSE_S = 1.0
STABLE_AFTER_S = 20.0
MAX_QUICK_DEATHS = 5


class KeptProcess(Process):
    """A process that is restarted until `stopping` is set, or until it has ended at once five times running.

    One that was killed (by a person, or for want of memory) did not fail by itself: it does not count.
    """

    stopping: Event

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:
        """Start, relay lines, restart. The process group dies with its leader: no orphan goes on working unseen."""
        self._events = events
        if ignore_signals:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        quick_deaths = 0
        while True:
            started = time.monotonic()
            returncode = self._run_once()
            stable = time.monotonic() - started > STABLE_AFTER_S
            quick_deaths = 0 if stable or returncode == -signal.SIGKILL else quick_deaths + 1
            if self.stopping.is_set() or quick_deaths >= MAX_QUICK_DEATHS:
                break
            self._send_message(f"died (rc={returncode}); starting it again\n".encode())
            time.sleep(RESTART_PAUSE_S)
        self._send_message({"returncode": returncode}, type="stop")

    def _run_once(self) -> int:
        child = self._child_ctor(self.cmd, env=self.env, cwd=self.cwd, preexec_fn=_default_signals)
        self._send_message({"pid": child.pid}, type="start")
        # A thread reads: a surviving grandchild may hold the pipe open long after the child is gone.
        threading.Thread(target=self._relay, args=(child.stdout,), daemon=True).start()
        child.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        return int(child.returncode)

    def _relay(self, stdout: Any) -> None:
        for line in iter(stdout.readline, b""):
            self._send_message(line)


class KeepingManager(Manager):
    """honcho's manager, which tells its processes when an end is meant."""

    def __init__(self) -> None:
        super().__init__()
        self._stopping = multiprocessing.Event()
        self._process_ctor = type("Kept", (KeptProcess,), {"stopping": self._stopping})

    def terminate(self) -> None:
        self._stopping.set()
        super().terminate()


def _default_signals() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
