"""How fast the audit desk is, in headless Chromium against a server of its own: `python bench/desk.py [--json]`.

Every figure is from the input's own time stamp to the task after the frame that shows the change, as the page measures it.
  swap      another frame whose picture was prefetched            cold     one whose picture was not; preview = its thumbnail
  decide    a box decided, the next one selected and zoomed to    drag_fps frames a second while a box is dragged
The link is slowed to 10 Mbit/s and 100 ms. Needs the built page (`make setup`).
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, Route, sync_playwright

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from bench.desk_footage import make_footage  # noqa: E402

LATENCY_MS, MBIT = 100, 10
SWAPS, COLD, DECISIONS = 60, 20, 60
PREFETCHED = 8
IMAGES = "**/frames/*/image"

Measures = dict[str, list[dict[str, Any]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--boxes", type=int, default=200)
    parser.add_argument("--frames", type=int, default=32)
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="headway-bench-") as home, _served(Path(home), options) as (url, password):
        figures = _measure(url, password)
    figures["boxes"] = options.boxes
    for name, value in figures.items():
        print(f"{name:<18} {value:>8}")
    if options.json:
        print(json.dumps(figures))


@contextmanager
def _served(home: Path, options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """The product's web process on synthetic footage."""
    port = _free_port()
    os.environ.update(
        {"HEADWAY_HOME": str(home), "PORT": str(port), "DJANGO_SETTINGS_MODULE": "webapp.config.settings"}
    )
    password = make_footage(home / "footage", frames=options.frames, boxes=options.boxes)
    command = ["webapp.config.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "8"]
    gunicorn = Path(sys.executable).with_name("gunicorn")
    server = subprocess.Popen(
        [str(gunicorn), *command, "--log-level", "error"], cwd=REPOSITORY, stdout=subprocess.DEVNULL
    )
    try:
        url = f"http://localhost:{port}"
        _wait_for(f"{url}/health/live")
        yield url, password
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)


def _measure(url: str, password: str) -> dict[str, float]:
    with sync_playwright() as playwright:
        executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        _log_in(page, url, password)
        link = page.context.new_cdp_session(page)
        bytes_a_second = MBIT * 1_000_000 / 8
        conditions = {"offline": False, "latency": LATENCY_MS}
        speed = {"downloadThroughput": bytes_a_second, "uploadThroughput": bytes_a_second}
        link.send("Network.enable")
        link.send("Network.emulateNetworkConditions", {**conditions, **speed})
        figures = {**_cold(page, url), **_warm(page, url), "drag_fps": _drag(page)}
        browser.close()
    return {name: round(value, 1) for name, value in figures.items()}


def _warm(page: Page, url: str) -> dict[str, float]:
    """Forth and back over frames whose pictures are decoded, then decisions on one frame."""
    _open(page, url)
    while (
        page.evaluate("performance.getEntriesByType('resource').filter(e => /image$/.test(e.name)).length") < PREFETCHED
    ):
        page.wait_for_timeout(200)
    page.wait_for_timeout(1_500)
    for step in range(SWAPS):
        _press(page, "f" if step % 10 < 5 else "d", 250)
    for _ in range(DECISIONS):
        _press(page, "Enter", 160)
    found = _measures(page)
    swaps = [entry for entry in found["swap"] if entry["prefetched"]]
    return {
        **_spread("swap", [entry["ms"] for entry in swaps]),
        "swap_work_p95_ms": float(np.percentile([entry["work_ms"] for entry in swaps], 95)),
        **_spread("decide", [entry["ms"] for entry in found["decide"]]),
        "swaps": len(swaps),
    }


def _cold(page: Page, url: str) -> dict[str, float]:
    """Pictures are let through only when their frame is on the stage, one for each step. Skipping claims new ones."""
    allowed = [1]

    def gate(route: Route) -> None:
        if allowed[0] > 0:
            allowed[0] -= 1
            route.continue_()
        else:
            route.abort()

    page.route(IMAGES, gate)
    _open(page, url)
    page.wait_for_timeout(2_000)
    for _ in range(COLD):
        allowed[0] = 1
        _press(page, "s", 2_000)
    found = _measures(page)
    page.unroute(IMAGES)
    cold = [entry["ms"] for entry in found["swap"] if not entry["prefetched"]][1:]
    return {
        **_spread("cold", cold),
        **_spread("preview", [entry["ms"] for entry in found["preview"]][1:]),
        "cold_swaps": len(cold),
    }


def _drag(page: Page) -> float:
    """Drag the selected box in circles for two seconds and count the frames that the page could draw."""
    _press(page, "Home", 300)
    _press(page, "n", 100)
    stage = page.get_by_test_id("stage").bounding_box()
    assert stage
    left, top = stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + 90, top + 70, steps=3)
    page.mouse.up()
    page.wait_for_timeout(800)
    page.mouse.move(left + 45, top + 35)
    page.mouse.down()
    page.evaluate(
        "window.requestAnimationFrame(function count(t) { (count.times ??= []).push(t); window.benchTimes = count.times; requestAnimationFrame(count) })"
    )
    until = time.monotonic() + 2
    turn = 0.0
    while time.monotonic() < until:
        turn += 0.2
        page.mouse.move(left + 45 + 60 * np.cos(turn), top + 35 + 40 * np.sin(turn))
    times = np.array(page.evaluate("window.benchTimes"))
    page.mouse.up()
    return float(1000 / np.mean(np.diff(times)))


def _open(page: Page, url: str) -> None:
    page.goto(f"{url}/audit/desk")
    page.wait_for_selector("[data-phase=ready]", timeout=60_000)
    page.wait_for_timeout(500)


def _press(page: Page, key: str, wait_ms: int) -> None:
    page.keyboard.press(key)
    page.wait_for_timeout(wait_ms)


def _measures(page: Page) -> Measures:
    entries = page.evaluate(
        "performance.getEntriesByType('measure').map(e => ({name: e.name, ms: e.duration, prefetched: false, ...e.detail}))"
    )
    return {
        name: [entry for entry in entries if entry["name"] == f"headway:{name}"]
        for name in ("swap", "preview", "decide")
    }


def _spread(name: str, values: list[float]) -> dict[str, float]:
    if not values:
        raise RuntimeError(f"The page measured no {name}; is it the built page of this checkout?")
    return {f"{name}_{rank}_ms": float(np.percentile(values, q)) for rank, q in (("p50", 50), ("p95", 95))}


def _log_in(page: Page, url: str, password: str) -> None:
    page.goto(f"{url}/login")
    page.get_by_label("Email").fill("owner@headway.local")
    page.get_by_label("Password", exact=False).first.fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)


def _wait_for(url: str) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"{url} did not answer within 30 s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
