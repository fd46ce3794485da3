"""Memory of the desk over a long sitting: frames without end, each shown, decided and sent, sampled after a collection of garbage."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page

from bench.desk_measures import Figures, open_desk, wait_for_pictures, wait_until

STEP = 250
WARM_UP = 2  # steps
EDGE = 4  # samples that are averaged at either end
SAVED = "document.querySelector('[data-testid=save-state]').dataset.phase === 'saved'"
LEAST = 10 * 8  # frames: a shorter sitting says nothing


@dataclass(frozen=True)
class Sample:
    """Megabytes after a collection: the page's heap, and what its processes hold for themselves, decoded pictures included."""

    frames: int
    heap: float
    private: float


def memory(page: Page, browser: Browser, link: CDPSession, url: str, frames: int) -> Figures:
    """Growth in per cent between the first samples after the warm-up and the last."""
    if frames < LEAST:
        raise SystemExit(f"--memory needs {LEAST} frames or more.")
    open_desk(page, url)
    wait_for_pictures(page)
    page.evaluate("bench.endless = true")
    samples = []
    step = min(STEP, frames // 8)
    for done in range(step, frames + 1, step):
        page.evaluate("count => bench.audit(count)", step)
        wait_until(page, SAVED)  # what still waits to be sent is no leak
        samples.append(_sample(browser, link, done))
        print(
            f"  {done:>6} frames: heap {samples[-1].heap:6.1f} MB, processes {samples[-1].private:6.1f} MB", flush=True
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


def _sample(browser: Browser, link: CDPSession, frames: int) -> Sample:
    link.send("HeapProfiler.collectGarbage")
    metrics = {one["name"]: one["value"] for one in link.send("Performance.getMetrics")["metrics"]}
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    pids = [process["id"] for process in processes if process["type"] in ("renderer", "GPU")]
    return Sample(frames, metrics["JSHeapUsedSize"] / 1e6, sum(_private_mb(pid) for pid in pids))


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
