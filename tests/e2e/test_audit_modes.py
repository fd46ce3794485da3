"""Other ways through an audit as a person meets them: a whole track by one key, and a frame that no model has labelled."""

import os
import subprocess
import sys
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import REPOSITORY
from tests.e2e.conftest import Product, log_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
SLOW_MS = 180_000  # the demo drive is pre-labelled by a shared two-core machine
COPIED = """
from webapp.footage.models import Frame
frame = Frame.objects.select_related("clip__drive").first()
drive, clip = frame.clip.drive, frame.clip
drive.pk, drive.name, drive.label_model = None, "from nothing", None
drive.save()
clip.pk, clip.drive, clip.upload = None, drive, None
clip.save()
frame.pk, frame.drive, frame.clip, frame.state, frame.version = None, drive, clip, "new", 1
frame.save()
print(drive.id)
"""
AXE = REPOSITORY / "frontend/node_modules/axe-core/axe.min.js"


def api(page: Page, product: Product, path: str) -> Any:
    response = page.request.get(f"{product.url}/api/v1/{path}")
    assert response.ok, response.text()
    return response.json()


def labelled_drive(page: Page, product: Product) -> int:
    """The demo drive, once its tracks are there."""
    for _ in range(SLOW_MS // 1_000):
        busy = any(job["state"] in ("queued", "running") for job in api(page, product, "jobs/")["results"])
        for drive in api(page, product, "audit/summary/")["drives"]:
            if not busy and len(api(page, product, f"tracks/?drive={drive['id']}")["results"]) > 1:
                return int(drive["id"])
        page.wait_for_timeout(1_000)
    raise AssertionError("no drive had tracks in time")


def saved(page: Page) -> None:
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-phase", "saved")


def states(page: Page, product: Product, track: int) -> set[str]:
    frames = api(page, product, f"tracks/{track}/")["frames"]
    return {box["state"] for frame in frames for box in frame["boxes"]}


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())  # not a script tag: the Content-Security-Policy forbids it
    found = page.evaluate("async () => (await axe.run('main')).violations.map(v => `${v.id}: ${v.nodes[0].html}`)")
    return list(found)


def test_a_track_is_accepted_by_one_key_and_taken_back(page: Page, product: Product) -> None:
    log_in(page, product)
    drive = labelled_drive(page, product)
    page.goto(f"{product.url}/audit/track?drive={drive}")
    film = page.get_by_test_id("track")
    expect(film).to_be_focused()
    track = int(film.get_attribute("data-track") or 0)
    assert states(page, product, track) & {"pending", "missed_candidate"}
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(film).not_to_have_attribute("data-track", str(track))
    saved(page)
    assert not states(page, product, track) & {"pending", "missed_candidate"}
    page.keyboard.press("Control+z")
    expect(film).to_have_attribute("data-track", str(track))
    saved(page)
    assert states(page, product, track) & {"pending", "missed_candidate"}


def test_a_frame_without_a_model_is_drawn_on_and_finished(page: Page, product: Product) -> None:
    log_in(page, product)
    labelled_drive(page, product)
    drive = blank_frame(product)
    page.goto(f"{product.url}/audit?drive={drive}")
    page.get_by_role("link", name="Annotate from nothing (1 frame)").first.click()
    expect(page.get_by_test_id("desk")).to_have_attribute("data-phase", "ready")
    stage = page.get_by_test_id("stage").bounding_box()
    assert stage
    page.keyboard.press("2")
    x, y = stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2
    page.mouse.move(x - 60, y - 40)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=4)
    page.mouse.up()
    saved(page)
    page.keyboard.press("Shift+Enter")
    expect(page.get_by_test_id("desk")).to_have_attribute("data-phase", "empty")
    # The desk goes on before the server has answered.
    finished = f"{product.url}/api/v1/frames/?drive={drive}&state=audited"
    deadline = time.monotonic() + 30
    while not page.request.get(finished).json()["results"]:
        assert time.monotonic() < deadline, "the finished frame did not reach the server"
        page.wait_for_timeout(200)
    [frame] = api(page, product, f"frames/?drive={drive}")["results"]
    detail = api(page, product, f"frames/{frame['id']}/")
    assert (detail["state"], [box["source"] for box in detail["boxes"]]) == ("audited", ["human"])


def blank_frame(product: Product) -> int:
    """A new frame on a drive of its own, put there by hand: what is uploaded is pre-labelled before anybody could draw on it."""
    environment = {**os.environ, "HEADWAY_HOME": str(product.home)}
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", COPIED]
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1])
