"""The product as a person gets it: `make run` in a home of its own, and headless Chromium in front of it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import REPOSITORY

READY_WITHIN_S = 300
expect.set_options(timeout=60_000)  # trainers and detectors share two cores with the browser


@dataclass
class Product:
    """A running product and its first owner."""

    url: str
    email: str
    password: str
    home: Path
    process: "subprocess.Popen[str]"
    lines: list[str]

    def members(self) -> list[int]:
        """Every process that belongs to this home, found by its environment."""
        wanted = f"HEADWAY_HOME={self.home}".encode()
        return [int(p.parent.name) for p in Path("/proc").glob("[0-9]*/environ") if wanted in _read(p).split(b"\0")]

    def stop(self) -> int:
        """Ctrl-C, as a person in the terminal would."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(timeout=90)

    def start_again(self) -> None:
        """On what it left, at an address of its own."""
        password = self.password
        self.__dict__.update(vars(start_product(self.home, expect_password=False)), password=password)


def start_product(home: Path, *, expect_password: bool = True) -> Product:
    """Run `make run` and wait for the banner that prints the address and, the first time, the login."""
    environment = {**os.environ, "HEADWAY_HOME": str(home), "PORT": str(_free_port()), "JOB_LEASE_S": "8"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    process = subprocess.Popen(
        ["make", "--no-print-directory", "run"],
        cwd=REPOSITORY,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    lines: list[str] = []
    ready = threading.Event()
    threading.Thread(target=_collect, args=(process, lines, ready), daemon=True).start()
    if not ready.wait(READY_WITHIN_S):
        os.killpg(process.pid, signal.SIGKILL)
        pytest.fail("`make run` did not become ready:\n" + "".join(lines[-60:]))
    text = "".join(lines)
    password = re.search(r"password\s+(\S+)", text)
    assert bool(password) == expect_password, text
    found = re.search(r"(http://localhost:\d+)", text)
    assert found
    return Product(found[1], _after("log in as", text), password[1] if password else "", home, process, lines)


def _collect(process: "subprocess.Popen[str]", lines: list[str], ready: threading.Event) -> None:
    assert process.stdout
    for line in process.stdout:
        lines.append(line)
        if "Stop with Ctrl-C" in line:
            ready.set()


def _after(label: str, text: str) -> str:
    found = re.search(rf"{label}\s+(\S+)", text)
    assert found, text
    return found[1]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # the process ended, or is another's
        return b""


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    running = start_product(tmp_path_factory.mktemp("home"))
    yield running
    if running.process.poll() is None:
        running.stop()


def log_in(page: Page, product: Product, then: str = "/", heading: str = "Home") -> None:
    """As the owner; wait for the page that comes `then`. Every later wait has a minute: the machine may be busy."""
    page.set_default_timeout(60_000)
    page.goto(f"{product.url}/login?next={then}")
    page.get_by_label("Email").fill(product.email)
    page.locator("input[type=password]").fill(product.password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()


@pytest.fixture
def training(page: Page, product: Product) -> Page:
    """The training page, before the owner."""
    log_in(page, product, "/training", "Training")
    return page


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Debian's Chromium, or the one that CHROMIUM names."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert executable, "no Chromium: `make test` installs it, or set CHROMIUM"
    quiet = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
    return {"executable_path": executable, "args": ["--no-sandbox", "--disable-gpu", *quiet]}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, object]:
    return {"viewport": {"width": 1440, "height": 900}, "accept_downloads": True}
