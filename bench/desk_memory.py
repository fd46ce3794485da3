"""Memory of the desk over a long sitting: frames without end, each shown, decided and saved, sampled after a collection of garbage.

Nobody is attached to the page while it works: a debugger has the browser keep what it says of every request, and leaves scripts of
its own in the page at every visit. The page tells by its title how far it is and what its heap holds.
"""

import json
import os
import re
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, Playwright

from bench.desk_measures import Figures, open_desk, wait_for_pictures

STEP = 250
WARM_UP = 2  # steps
EDGE = 4  # samples that are averaged at either end
LEAST = 10 * 8  # frames: a shorter sitting says nothing
STEP_S = 900  # at most


@dataclass(frozen=True)
class Sample:
    """Megabytes after a collection: the page's heap, and what its processes hold for themselves, decoded pictures included."""

    frames: int
    heap: float
    private: float


@contextmanager
def browsing(executable: str, port: int) -> Iterator[None]:
    """A browser that goes on while nobody is attached."""
    with tempfile.TemporaryDirectory(prefix="headway-bench-", ignore_cleanup_errors=True) as profile:
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1920,1080", "--no-first-run"]
        memory = ["--js-flags=--expose-gc", "--enable-precise-memory-info"]
        links = [f"--remote-debugging-port={port}", f"--user-data-dir={profile}", "about:blank"]
        chromium = subprocess.Popen([executable, *flags, *memory, *links], stderr=subprocess.DEVNULL)
        try:
            _until(lambda: _title(port) is not None, 60)
            yield
        finally:
            chromium.terminate()
            chromium.wait(timeout=20)


def memory(playwright: Playwright, port: int, login: Callable[[Page], None], url: str, frames: int) -> Figures:
    """Growth in per cent between the first samples after the warm-up and the last."""
    if frames < LEAST:
        raise SystemExit(f"--memory needs {LEAST} frames or more.")
    step = min(STEP, frames // 8)
    samples = []
    for sample in _samples(port, _begun(playwright, port, login, url, frames, step), frames, step):
        samples.append(sample)
        print(
            f"  {sample.frames:>6} frames: heap {sample.heap:6.1f} MB, processes {sample.private:6.1f} MB", flush=True
        )
    settled = samples[WARM_UP - 1 :]
    first, last = settled[:EDGE], settled[-EDGE:]
    return {
        "memory_frames": frames,
        "heap_mb": _mean([one.heap for one in last]),
        "heap_growth_pct": _growth([one.heap for one in first], [one.heap for one in last]),
        "process_mb": _mean([one.private for one in last]),
        "process_growth_pct": _growth([one.private for one in first], [one.private for one in last]),
    }


def _begun(
    playwright: Playwright, port: int, login: Callable[[Page], None], url: str, frames: int, step: int
) -> list[int]:
    """Start the sitting and leave it alone; the processes that hold it."""
    browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
    page = browser.contexts[0].pages[0]
    login(page)
    open_desk(page, url)
    wait_for_pictures(page)
    page.evaluate("bench.endless = true")
    page.evaluate("([frames, step]) => setTimeout(() => bench.sitting(frames, step), 500)", [frames, step])
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    browser.close()  # the connection; the page stays
    return [process["id"] for process in processes if process["type"] in ("renderer", "GPU")]


def _samples(port: int, pids: list[int], frames: int, step: int) -> Iterator[Sample]:
    for done in range(step, frames + 1, step):
        _until(partial(_is_at, port, done), STEP_S)
        heap = int((_title(port) or "").split()[1])
        yield Sample(done, heap / 1e6, sum(_private_mb(pid) for pid in pids))


def _is_at(port: int, done: int) -> bool:
    return (_title(port) or "").startswith(f"{done} ")


def _title(port: int) -> str | None:
    """Of the page, asked of the browser; None while it does not answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=10) as answer:
            return next(str(target["title"]) for target in json.load(answer) if target["type"] == "page")
    except (OSError, StopIteration):
        return None


def _until(holds: Callable[[], bool], timeout_s: float) -> None:
    deadline = time.monotonic() + timeout_s
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError("The browser did not get there.")
        time.sleep(0.5)


def _private_mb(pid: int) -> float:
    """Proportional, so that memory shared between two of them counts once."""
    rollup = Path(f"/proc/{pid}/smaps_rollup")
    if not os.access(rollup, os.R_OK):
        return 0.0
    found = re.search(r"^Pss:\s+(\d+) kB", rollup.read_text(), re.MULTILINE)
    return int(found[1]) / 1e3 if found else 0.0


def _growth(first: list[float], last: list[float]) -> float:
    return 100 * (_mean(last) / _mean(first) - 1)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
