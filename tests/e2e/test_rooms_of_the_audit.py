"""The rooms around the desk, each visited once by an owner: what its keys do, that it can be undone after a reload, and that axe finds nothing."""

import json
import math
import os
import re
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
def rooms(product: Product) -> dict[str, Any]:
    environment = {**os.environ, "HEADWAY_HOME": str(product.home)}
    command = [sys.executable, "-m", "tests.e2e.rooms"]
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
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


def at_the_desk(page: Page) -> None:
    expect(page.get_by_test_id("desk")).to_have_attribute("data-phase", "ready")


def test_the_desk_undoes_after_a_reload(seat: Page, product: Product, rooms: dict[str, Any]) -> None:
    frame = rooms["waiting"]
    before = states(seat, product, frame)
    seat.goto(f"{product.url}/audit/desk?frame={frame}")
    at_the_desk(seat)
    seat.keyboard.press("x")
    saved(seat)
    assert states(seat, product, frame).count("rejected") == before.count("rejected") + 1
    seat.reload()
    at_the_desk(seat)
    seat.keyboard.press("Control+z")
    expect(seat.get_by_test_id("said")).to_contain_text("Undone")
    saved(seat)
    assert states(seat, product, frame) == before


def test_a_lead_returns_a_frame_with_a_comment_pinned_to_a_box(
    seat: Page, product: Product, rooms: dict[str, Any]
) -> None:
    seat.goto(f"{product.url}/audit/review?drive={rooms['drive']}")
    rows = seat.get_by_role("table").get_by_role("row")
    expect(rows).to_have_count(1 + rooms["reviewable"])
    accessible(seat)
    rows.filter(has_text=rooms["audited_name"]).get_by_role("link", name="Look").click()
    at_the_desk(seat)
    seat.keyboard.press("Tab")
    seat.keyboard.press("i")
    seat.get_by_role("dialog").get_by_role("textbox").fill("Too wide at the left.")
    seat.keyboard.press("Control+Enter")
    expect(seat.get_by_test_id("conversations")).to_contain_text("Too wide at the left.")
    [thread] = api(seat, product, f"frames/{rooms['audited']}/threads/")["results"]
    assert thread["box"]
    seat.get_by_test_id("stage").focus()
    seat.keyboard.press("Control+i")
    seat.get_by_role("radio", name="Return").check()
    seat.get_by_role("dialog").get_by_role("textbox").fill("Once more, please.")
    seat.keyboard.press("Control+Enter")
    expect(seat.get_by_role("dialog")).to_have_count(0)
    seat.goto(f"{product.url}/audit/review?stage=returned&drive={rooms['drive']}")
    expect(rows).to_have_count(2)
    expect(rows.last).to_contain_text("returned by Owner to Ann")
    expect(rows.last).to_contain_text("Once more, please.")


def test_missed_objects_are_dismissed_and_brought_back_after_a_reload(
    seat: Page, product: Product, rooms: dict[str, Any]
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


def test_a_track_is_shown_and_left_as_it_is(seat: Page, product: Product, rooms: dict[str, Any]) -> None:
    seat.goto(f"{product.url}/audit/track?drive={rooms['drive']}")
    expect(seat.get_by_role("heading", name="Tracks")).to_be_visible()
    seat.wait_for_timeout(500)
    accessible(seat)


def test_the_team_s_page_names_who_did_what(seat: Page, product: Product, rooms: dict[str, Any]) -> None:
    seat.goto(f"{product.url}/audit/team")
    expect(seat.get_by_role("heading", name="Team", exact=True)).to_be_visible()
    expect(seat.get_by_text("Ann").first).to_be_visible()
    accessible(seat)


def test_two_opinions_are_settled_by_a_key_and_taken_back(seat: Page, product: Product, rooms: dict[str, Any]) -> None:
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


def test_the_fleet_tells_what_a_device_saw(seat: Page, product: Product, rooms: dict[str, Any]) -> None:
    for room in ("devices", "alarms", "campaigns", "releases", "simulator"):
        seat.goto(f"{product.url}/fleet?room={room}")
        expect(seat.get_by_role("tab", selected=True)).to_be_visible()
        accessible(seat)
    seat.goto(f"{product.url}/fleet/{rooms['device']}")
    timeline = seat.get_by_role("region", name="Timeline")
    expect(timeline).to_contain_text("Lane departure, left")
    expect(timeline.get_by_role("region", name="2 frames at even steps, 1 s").get_by_role("link")).to_have_count(2)
    expect(timeline).to_contain_text("2 doubtful frames")
    accessible(seat)
    seat.get_by_role("button", name="Uplink budget").press("Enter")
    expect(seat.get_by_role("textbox", name="Key frame every, s")).to_be_visible()
    accessible(seat)


@pytest.mark.parametrize(
    ("language", "details", "attempt", "found"),
    [
        ("en", "Figures of export", "Try Everything in this browser", r"\d+ box(es)? in [\d.]+ m?s"),
        ("zh", "的数据", "在浏览器中试用 全部", r"\d+ 个框，用时"),
    ],
)
def test_a_packed_network_is_compared_and_tried_on_a_frame(
    seat: Page, product: Product, rooms: dict[str, Any], language: str, details: str, attempt: str, found: str
) -> None:
    seat.evaluate("language => localStorage.setItem('headway.language', language)", language)
    seat.goto(f"{product.url}/models/edge")
    expect(seat.get_by_role("cell", name="rooms-nano")).to_be_visible()
    accessible(seat)
    seat.goto(f"{product.url}/models/{rooms['edge_model']}")
    seat.get_by_role("button", name=details).click()
    expect(seat.get_by_role("cell", name=re.compile("^Sigmoid"))).to_have_count(1)
    accessible(seat)
    seat.get_by_role("button", name=attempt).click()
    dialog = seat.get_by_role("dialog")
    expect(dialog.get_by_text(re.compile(found))).to_be_visible()
    accessible(seat, "[role=dialog]")
    seat.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    seat.evaluate("localStorage.setItem('headway.language', 'en')")


def test_the_proof_follows_the_audit_of_what_was_drawn(seat: Page, product: Product, rooms: dict[str, Any]) -> None:
    """Last: it finishes every frame of the drive. A label of the sample that waits would hold the count."""
    bound = f"drives/{rooms['drive']}/audit-bound/"
    assert api(seat, product, bound)["seen"] == 0
    seat.goto(f"{product.url}/audit/desk?drive={rooms['drive']}")
    desk = seat.get_by_test_id("desk")
    for _ in range(20):
        expect(desk).to_have_attribute("data-phase", re.compile("ready|empty"))
        if desk.get_attribute("data-phase") == "empty":
            break
        seat.keyboard.press("Shift+Enter")
        seat.wait_for_timeout(200)
    saved(seat)
    seat.goto(f"{product.url}/drives/{rooms['drive']}")
    proof = seat.get_by_role("region", name="Audited enough?")
    proved = api(seat, product, bound)
    assert (proved["seen"], proved["wrong"]) == (proved["size"], 0)
    expect(proof).to_contain_text(
        f"At most {math.ceil(proved['upper'] * 1000) / 10} % of the labels in this set are wrong"
    )
    expect(proof).to_contain_text(
        f"about {proved['further']} more random labels expected, of which this sample holds 0"
    )
    proof.get_by_role("button", name="By category, light and size").click()
    expect(proof.get_by_role("table", name="Bound by stratum").get_by_role("row")).to_have_count(
        1 + len(proved["strata"])
    )
    accessible(seat)
