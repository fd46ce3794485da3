"""The category grid as a person meets it: crops walked and decided by keys, undone, and kept from overwriting somebody else's work."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import REPOSITORY
from tests.e2e.conftest import Product, log_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
SLOW_MS = 180_000  # the demo drive is pre-labelled by a shared two-core machine
AXE = REPOSITORY / "frontend/node_modules/axe-core/axe.min.js"


def api(page: Page, product: Product, path: str) -> Any:
    response = page.request.get(f"{product.url}/api/v1/{path}")
    assert response.ok, response.text()
    return response.json()


def open_grid(page: Page, product: Product) -> list[dict[str, Any]]:
    """The category with the most crops, on the page; its crops as the server lists them."""
    log_in(page, product)
    for _ in range(SLOW_MS // 1_000):
        if any(job["state"] in ("queued", "running") for job in api(page, product, "jobs/")["results"]):
            page.wait_for_timeout(1_000)  # pre-labelling adds crops, and the drive's risk orders them anew
            continue
        categories = [
            c["id"] for taxonomy in api(page, product, "taxonomies/")["results"] for c in taxonomy["categories"]
        ]
        lists = {id: api(page, product, f"crops/?category={id}")["results"] for id in categories}
        category, crops = max(lists.items(), key=lambda row: len(row[1]))
        if len({crop["frame"]["id"] for crop in crops}) >= 4:
            page.goto(f"{product.url}/audit/grid?category={category}")
            expect(page.get_by_role("gridcell")).to_have_count(len(crops))
            expect(page.get_by_test_id("crops")).to_be_focused()
            return crops
        page.wait_for_timeout(1_000)
    raise AssertionError("no category had crops of four frames in time")


def state(page: Page, product: Product, crop: dict[str, Any]) -> str:
    boxes = api(page, product, f"frames/{crop['frame']['id']}/")["boxes"]
    return next(box["state"] for box in boxes if box["client_id"] == crop["box"]["client_id"])


def saved(page: Page) -> None:
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-phase", "saved")


def test_crops_are_decided_and_undone_by_keys(page: Page, product: Product) -> None:
    crops = open_grid(page, product)
    before = [state(page, product, crop) for crop in crops[:2]]
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    expect(page.locator("#crop-2")).to_have_attribute("aria-selected", "true")
    saved(page)
    assert state(page, product, crops[0]) in ("rejected", "dismissed")
    assert state(page, product, crops[1]) == "accepted"
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(page.get_by_test_id("grid-progress")).to_contain_text("0 of")
    saved(page)
    assert [state(page, product, crop) for crop in crops[:2]] == before


def test_a_change_from_elsewhere_is_told_on_the_crop_and_not_overwritten(page: Page, product: Product) -> None:
    crop = open_grid(page, product)[0]
    decide = """async ([frame, version, box]) => (await fetch(`/api/v1/frames/${frame}/operations/`, {method: 'POST',
        headers: {'Content-Type': 'application/json', 'If-Match': `"${version}"`,
        'X-CSRFToken': document.cookie.match(/csrftoken=([^;]+)/)[1], 'Idempotency-Key': crypto.randomUUID()},
        body: JSON.stringify({operations: [{id: crypto.randomUUID(), kind: 'reject', box}]})})).status"""
    assert page.evaluate(decide, [crop["frame"]["id"], crop["frame"]["version"], crop["box"]["client_id"]]) == 200
    page.keyboard.press("Enter")
    expect(page.locator("#crop-0")).to_have_attribute("data-trouble", "true")
    theirs = state(page, product, crop)
    assert theirs in ("rejected", "dismissed")
    page.keyboard.press("Home")
    expect(page.get_by_test_id("crop-detail").get_by_role("alert")).to_contain_text("somebody else changed this frame")
    page.keyboard.press("Control+Backspace")
    saved(page)
    assert state(page, product, crop) == theirs


def test_nothing_stands_in_the_way_of_a_screen_reader(page: Page, product: Product) -> None:
    open_grid(page, product)
    page.evaluate(AXE.read_text())  # not a script tag: the Content-Security-Policy forbids it
    violations = page.evaluate("async () => (await axe.run('main')).violations.map(v => `${v.id}: ${v.nodes[0].html}`)")
    assert violations == []
