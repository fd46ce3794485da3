"""How fast the audit desk is, in headless Chromium against a server of its own: `python bench/desk.py [--runs 3] [--memory 10000] [--json]`.

Every latency is from the input's own time stamp to the task after the frame that shows the change, as the page measures it.
  open       the address entered to the first frame on the stage       decide     a box decided, the next one selected and zoomed to
  swap       another frame whose picture was prefetched, on the        cold       one whose picture was not; preview = its thumbnail,
             stage; own = without the wait for the screen's                       far_ = over 10 Mbit/s and 100 ms
             next refresh (0 to 16.7 ms); panels = the lists
             around it show it too; work = the page's thread:
             script, style, layout
  drag       a box dragged over a crowd of others                      slow_next  whole frames decided while each answer takes 2 s
  memory     heap and processes over a long sitting, in a run of its own
The machine is rarely idle: the best of several runs is what the page can do, the spread what one gets. Needs the built page (`make setup`).
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

from playwright.sync_api import Browser, Page, sync_playwright

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from bench import desk_measures as measure  # noqa: E402
from bench.desk_footage import bring_up_to_date, make_footage  # noqa: E402
from bench.desk_memory import browsing, memory  # noqa: E402

FAR = {"latency_ms": 100.0, "mbit": 10.0}
PAGE_SCRIPT = Path(__file__).with_name("desk_page.js")
TARGETS = {
    "swap_own_p95_ms": 16,
    "cold_p95_ms": 100,
    "decide_p95_ms": 50,
    "drag_frame_p95_ms": 17,
    "slow_next_p95_ms": 100,
    "open_first_ms": 3_000,
    "open_again_ms": 1_500,
    "far_cold_p95_ms": 600,
    "far_cold_preview_p95_ms": 200,
    "heap_growth_pct": 10,
    "process_growth_pct": 10,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--boxes", type=int, default=200)
    parser.add_argument("--crowd", type=int, default=500, help="boxes of the frame that is dragged on")
    parser.add_argument("--frames", type=int, default=32)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--memory", type=int, default=0, metavar="FRAMES", help="only the memory over so many frames")
    parser.add_argument("--home", type=Path, help="keep the footage there for the next time")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="headway-bench-") as new:
        home = options.home or Path(new)
        password = _footage(home, options)
        with _served(home) as url:
            if options.memory:
                runs = [_long_sitting(url, password, options.memory)]
            else:
                with _chromium() as browser:
                    runs = [_sitting(browser, url, password, home) for _ in range(options.runs)]
    _print(runs)
    if options.json:
        print(json.dumps({"boxes": options.boxes, "crowd": options.crowd, "runs": runs}))


def _print(runs: list[measure.Figures]) -> None:
    print(f"{'':<28}{'target':>8}{'best':>10}" + "".join(f"{f'run {n}':>10}" for n in range(1, len(runs) + 1)))
    for name in runs[0]:
        values = [run[name] for run in runs]
        best = max(values) if name == "drag_fps" else min(values)
        row = "".join(f"{value:>10.1f}" for value in (best, *values))
        print(f"{name:<28}{TARGETS.get(name, ''):>8}{row}")


def _footage(home: Path, options: argparse.Namespace) -> str:
    os.environ.update(
        {
            "HEADWAY_HOME": str(home),
            "PORT": str(_free_port()),
            "DJANGO_SETTINGS_MODULE": "webapp.config.settings",
            "SLOW_WHILE": str(home / "slow"),
        }
    )
    known = home / "password"
    if known.exists():
        bring_up_to_date()
    else:
        footage = home / "footage"
        known.write_text(make_footage(footage, frames=options.frames, boxes=options.boxes, crowd=options.crowd))
    return known.read_text()


@contextmanager
def _served(home: Path) -> Iterator[str]:
    """The product's web process on synthetic footage."""
    port = os.environ["PORT"]
    command = ["webapp.config.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "8"]
    gunicorn = Path(sys.executable).with_name("gunicorn")
    server = subprocess.Popen(
        [str(gunicorn), *command, "--log-level", "error", "--config", str(REPOSITORY / "bench/desk_server.py")],
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
        stderr=(home / "server.log").open("w"),
    )
    try:
        url = f"http://localhost:{port}"
        _wait_for(f"{url}/health/live")
        yield url
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_executable(), args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def _sitting(browser: Browser, url: str, password: str, home: Path) -> measure.Figures:
    """Every measure once, in a browser that is new to the product."""
    page = _page(browser, url, password)
    link = page.context.new_cdp_session(page)
    for domain in ("Network", "Performance"):
        link.send(f"{domain}.enable")
    crowded = page.request.get(f"{url}/api/v1/frames/?page_size=100").json()["results"]
    crowd = max(crowded, key=lambda frame: frame["id"])["id"]
    figures = {
        **measure.opening(page, url),
        **measure.warm(page, link, url),
        **measure.drag(page, url, crowd),
        **measure.slow_server(page, url, home / "slow"),
        **measure.cold(page, url, "cold"),
    }
    measure.slowed(link, **FAR)
    figures |= measure.cold(page, url, "far_cold")
    page.context.close()
    return figures


def _executable() -> str:
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or "chromium"


def _long_sitting(url: str, password: str, frames: int) -> measure.Figures:
    port = _free_port()
    with sync_playwright() as playwright, browsing(_executable(), port):
        return memory(playwright, port, lambda page: _log_in(page, url, password), url, frames)


def _page(browser: Browser, url: str, password: str) -> Page:
    page = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    _log_in(page, url, password)
    return page


def _log_in(page: Page, url: str, password: str) -> None:
    page.goto(f"{url}/login")
    page.get_by_label("Email").fill("owner@headway.local")
    page.get_by_label("Password", exact=False).first.fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)
    page.add_init_script(path=PAGE_SCRIPT)


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
