"""What `desk.py` measures at the desk: each function opens it, works by real keys and pointer moves, and returns named figures."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import CDPSession, Page

SWAPS, COLD, DECISIONS, SLOW_FRAMES = 60, 16, 60, 6
PREFETCHED = 6  # at least: a frame that was asked for comes with six claimed ones
DRAG_S = 3.0

Figures = dict[str, float]


def slowed(link: CDPSession, *, latency_ms: float, mbit: float) -> None:
    """The network between page and server from now on; 0 and -1 are the machine's own."""
    bytes_a_second = mbit * 1_000_000 / 8 if mbit > 0 else -1
    speed = {"downloadThroughput": bytes_a_second, "uploadThroughput": bytes_a_second}
    link.send("Network.emulateNetworkConditions", {"offline": False, "latency": latency_ms, **speed})


def opening(page: Page, url: str) -> Figures:
    """From the address to the first frame on the stage, and to the first decision shown; the second visit has the browser's cache."""
    figures: Figures = {}
    for visit in ("first", "again"):
        page.goto("about:blank")
        page.goto(f"{url}/audit/desk")
        wait_until(page, "performance.getEntriesByName('headway:swap').length > 0")
        press(page, "Enter", 600)
        [swap, *_], [decide, *_] = measures(page, "swap"), measures(page, "decide")
        figures[f"open_{visit}_ms"] = swap["start"] + swap["ms"]
        figures[f"first_decision_{visit}_ms"] = decide["ms"]
    return figures


def warm(page: Page, link: CDPSession, url: str) -> Figures:
    """Forth and back over frames whose pictures are decoded, then decisions on one frame."""
    open_desk(page, url)
    wait_for_pictures(page)
    page.evaluate("bench.panels = []")
    work = [_work_ms(page, link, "f" if step % 10 < 5 else "d") for step in range(SWAPS)]
    panels = page.evaluate("bench.panels")
    for _ in range(DECISIONS):
        press(page, "Enter", 160)
    swaps = [entry for entry in measures(page, "swap") if entry["prefetched"]]
    return {
        **spread("swap", [entry["ms"] for entry in swaps]),
        **spread("swap_panels", panels),
        **spread("swap_work", work),
        **spread("swap_own", [entry["ms"] - entry["waited_ms"] for entry in swaps]),
        "swap_draw_p95_ms": percentile([entry["work_ms"] for entry in swaps], 95),
        **spread("decide", [entry["ms"] for entry in measures(page, "decide")]),
        **spread("decide_own", [entry["ms"] - entry["waited_ms"] for entry in measures(page, "decide")]),
        "swaps": len(swaps),
    }


def cold(page: Page, url: str, name: str) -> Figures:
    """Pictures are let through only when their frame is on the stage, one for each step. Skipping claims new ones."""
    page.add_init_script("if (window.bench) bench.pictures = 1")
    open_desk(page, url)
    for _ in range(COLD):
        page.evaluate("bench.pictures = 1")
        press(page, "s", 1_500)
    swaps = [entry["ms"] for entry in measures(page, "swap") if not entry["prefetched"]][1:]
    previews = [entry["ms"] for entry in measures(page, "preview")][1:]
    return {
        **spread(name, swaps),
        **(spread(f"{name}_preview", previews) if previews else {}),
        f"{name}_swaps": len(swaps),
    }


def drag(page: Page, url: str, frame: int) -> Figures:
    """Drag one box in circles over a crowd of others, all in view, and time the frames that the page draws."""
    page.goto(f"{url}/audit/desk?frame={frame}")
    ready(page)
    wait_for_pictures(page)
    press(page, "Home", 300)
    press(page, "n", 100)
    stage = page.get_by_test_id("stage").bounding_box()
    assert stage
    x, y = stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 90, y + 70, steps=3)
    page.mouse.up()
    page.wait_for_timeout(1_500)
    page.mouse.move(x + 45, y + 35)
    page.mouse.down()
    page.evaluate("bench.watch()")
    until = time.monotonic() + DRAG_S
    turn = 0.0
    while time.monotonic() < until:
        turn += 0.2
        page.mouse.move(x + 45 + 60 * math.cos(turn), y + 35 + 40 * math.sin(turn))
    times = np.diff(page.evaluate("bench.times"))
    page.mouse.up()
    return {"drag_fps": 1000 / float(np.mean(times)), **spread("drag_frame", list(times))}


def slow_server(page: Page, url: str, switch: Path) -> Figures:
    """Whole frames decided by one key while every answer takes seconds: what the person waits, and what the server takes."""
    open_desk(page, url)
    wait_for_pictures(page)
    switch.touch()
    try:
        for _ in range(SLOW_FRAMES):
            press(page, "x", 150)
            press(page, "Shift+Enter", 500)
        wait_until(page, "document.querySelector('[data-testid=save-state]').dataset.phase === 'saved'")
    finally:
        switch.unlink()
    answers = page.evaluate(
        "performance.getEntriesByType('resource').filter(e => e.name.endsWith('/operations/')).map(e => e.duration)"
    )
    swaps = [entry["ms"] for entry in measures(page, "swap")][1:]
    return {
        "slow_answer_p50_ms": percentile([took for took in answers if took > 1_000], 50),
        **spread("slow_next", swaps),
        "slow_nexts": len(swaps),
    }


def open_desk(page: Page, url: str) -> None:
    page.goto(f"{url}/audit/desk")
    ready(page)


def ready(page: Page) -> None:
    page.wait_for_selector("[data-phase=ready]", timeout=60_000)
    page.wait_for_timeout(500)


def wait_for_pictures(page: Page) -> None:
    """Until the frames ahead are decoded, and nothing is on its way."""
    counted = "performance.getEntriesByType('resource').filter(e => /image$/.test(e.name)).length"
    wait_until(page, f"{counted} >= {PREFETCHED} && bench.loading === 0")
    page.wait_for_timeout(1_500)


def wait_until(page: Page, condition: str, timeout_s: float = 120) -> None:
    """As `wait_for_function`, which the page's Content-Security-Policy forbids."""
    deadline = time.monotonic() + timeout_s
    while not page.evaluate(condition):
        if time.monotonic() > deadline:
            raise TimeoutError(condition)
        page.wait_for_timeout(100)


def press(page: Page, key: str, wait_ms: int) -> None:
    page.keyboard.press(key)
    page.wait_for_timeout(wait_ms)


def measures(page: Page, name: str) -> list[dict[str, Any]]:
    """The page's own measures: from the input's time stamp to the task after the frame that shows the change."""
    return list(
        page.evaluate(
            "name => performance.getEntriesByName(name)"
            ".map(e => ({start: e.startTime, ms: e.duration, prefetched: false, ...e.detail}))",
            f"headway:{name}",
        )
    )


def spread(name: str, values: list[float]) -> Figures:
    if not values:
        raise RuntimeError(f"The page measured no {name}; is it the built page of this checkout?")
    return {f"{name}_{rank}_ms": percentile(values, q) for rank, q in (("p50", 50), ("p95", 95))}


def percentile(values: list[float], q: float) -> float:
    return float(np.percentile(values, q))


def _work_ms(page: Page, link: CDPSession, key: str) -> float:
    """All that the page's thread did for one key: scripts (React's too), styles and layout."""
    with _counted(link) as spent:
        press(page, key, 250)
    return spent[0]


@contextmanager
def _counted(link: CDPSession) -> Iterator[list[float]]:
    spent: list[float] = []
    before = _thread_ms(link)
    yield spent
    spent.append(_thread_ms(link) - before)


def _thread_ms(link: CDPSession) -> float:
    metrics = {one["name"]: one["value"] for one in link.send("Performance.getMetrics")["metrics"]}
    return 1000 * float(sum(metrics[name] for name in ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")))
