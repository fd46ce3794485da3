"""The rooms around the desk, each visited once by an owner: what its keys do, that it can be undone after a reload, and that axe finds nothing."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import REPOSITORY
from tests.e2e.conftest import Product, log_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
AXE = (REPOSITORY / "frontend/node_modules/axe-core/axe.min.js").read_text()


@pytest.fixture(scope="module")
def rooms(product: Product) -> dict[str, int]:
    environment = {**os.environ, "HEADWAY_HOME": str(product.home)}
    command = [sys.executable, "-m", "tests.e2e.rooms"]
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def seat(browser: Browser, product: Product) -> Iterator[Page]:
    """One login for all rooms."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    log_in(page, product)
    yield page
    context.close()


def api(page: Page, product: Product, path: str) -> Any:
    response = page.request.get(f"{product.url}/api/v1/{path}")
    assert response.ok, response.text()
    return response.json()


def accessible(page: Page, part: str = "main") -> None:
    page.evaluate(AXE)  # not a script tag: the Content-Security-Policy forbids it
    run = (
        "async (part) => (await axe.run(part)).violations.map(v => `${v.id}: ${v.nodes.map(n => n.html).join(' | ')}`)"
    )
    assert page.evaluate(run, part) == []


def saved(page: Page) -> None:
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-phase", "saved")


def states(page: Page, product: Product, frame: int) -> list[str]:
    return [box["state"] for box in api(page, product, f"frames/{frame}/")["boxes"]]


def test_the_desk_undoes_after_a_reload(seat: Page, product: Product, rooms: dict[str, int]) -> None:
    frame = rooms["waiting"]
    before = states(seat, product, frame)
    seat.goto(f"{product.url}/audit/desk?frame={frame}")
    desk = seat.get_by_test_id("desk")
    expect(desk).to_have_attribute("data-phase", "ready")
    seat.keyboard.press("x")
    saved(seat)
    assert states(seat, product, frame).count("rejected") == 1
    seat.reload()
    expect(desk).to_have_attribute("data-phase", "ready")
    accessible(seat, "body")
    seat.keyboard.press("Control+z")
    expect(seat.get_by_test_id("said")).to_contain_text("Undone: Rejected")
    saved(seat)
    assert states(seat, product, frame) == before
    seat.keyboard.press("Control+z")
    expect(seat.get_by_test_id("said")).to_contain_text("Nothing is left to undo")


def test_missed_objects_are_dismissed_and_brought_back_after_a_reload(
    seat: Page, product: Product, rooms: dict[str, int]
) -> None:
    drive, cells = rooms["drive"], seat.get_by_role("gridcell")
    seat.goto(f"{product.url}/audit/grid?missed=true&drive={drive}")
    expect(cells).to_have_count(rooms["missed"])
    expect(seat.get_by_test_id("crops")).to_be_focused()
    accessible(seat)
    for _ in range(rooms["missed"]):
        seat.keyboard.press("x")
        seat.wait_for_timeout(200)
    saved(seat)
    seat.reload()
    expect(seat.get_by_role("heading", name="Missed objects")).to_be_visible()
    expect(cells).to_have_count(0)
    accessible(seat)
    seat.get_by_role("button", name="Undo the last decision").click()
    expect(cells).to_have_count(1)
    expect(seat.get_by_test_id("said")).to_contain_text("Undone")
    seat.get_by_test_id("crops").press("Control+z")
    expect(cells).to_have_count(2)
    saved(seat)
    assert len(api(seat, product, f"crops/?missed=true&drive={drive}")["results"]) == rooms["missed"]


def test_a_track_is_shown_and_left_as_it_is(seat: Page, product: Product, rooms: dict[str, int]) -> None:
    seat.goto(f"{product.url}/audit/track?drive={rooms['drive']}")
    expect(seat.get_by_role("heading", name="Tracks")).to_be_visible()
    seat.wait_for_timeout(500)
    accessible(seat)


def test_a_lead_reviews_a_frame_from_the_list(seat: Page, product: Product, rooms: dict[str, int]) -> None:
    frame = rooms["audited"]
    seat.goto(f"{product.url}/audit/review?drive={rooms['drive']}")
    expect(seat.get_by_role("heading", name="Review", exact=True)).to_be_visible()
    expect(seat.get_by_role("row")).to_have_count(3)
    accessible(seat)
    seat.goto(f"{product.url}/audit/desk?frame={frame}")
    expect(seat.get_by_test_id("desk")).to_have_attribute("data-phase", "ready")
    seat.keyboard.press("Control+i")
    dialog = seat.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Accept").click()
    for _ in range(50):
        if api(seat, product, f"frames/{frame}/reviews/")["results"]:
            break
        seat.wait_for_timeout(200)
    assert api(seat, product, "review-summary/")["accepted"] == 1


def test_the_team_s_page_names_who_did_what(seat: Page, product: Product, rooms: dict[str, int]) -> None:
    seat.goto(f"{product.url}/audit/team")
    expect(seat.get_by_role("heading", name="Team", exact=True)).to_be_visible()
    expect(seat.get_by_text("Ann").first).to_be_visible()
    accessible(seat)


def test_two_opinions_are_settled_by_a_key_and_taken_back(seat: Page, product: Product, rooms: dict[str, int]) -> None:
    waiting = len(api(seat, product, "disagreements/")["results"])
    assert waiting >= 1
    seat.goto(f"{product.url}/audit/adjudicate")
    expect(seat.get_by_role("heading", name="Two opinions")).to_be_visible()
    expect(seat.get_by_role("button", name="Ctrl+Z")).to_be_visible()
    accessible(seat)
    seat.keyboard.press("1")
    expect(seat.get_by_role("button", name="Ctrl+Z")).to_be_enabled()
    assert len(api(seat, product, "disagreements/")["results"]) == waiting - 1
    seat.keyboard.press("Control+z")
    expect(seat.get_by_role("button", name="Ctrl+Z")).to_be_disabled()
    assert len(api(seat, product, "disagreements/")["results"]) == waiting


def test_the_proof_is_told_on_the_drive_s_page(seat: Page, product: Product, rooms: dict[str, int]) -> None:
    seat.goto(f"{product.url}/drives/{rooms['drive']}")
    bound = seat.get_by_role("region", name="Audited enough?")
    expect(bound).to_be_visible()
    for title in ("By category, light and size", "Bound of a part", "What auditors overlook"):
        bound.get_by_role("button", name=title).click()
    expect(bound.get_by_text("Nothing bounds it")).to_be_visible()
    accessible(seat)
