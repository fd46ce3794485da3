"""Keys of one's own as a person meets them: set once, used by every page at once, and there again in another browser."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.e2e.conftest import Product, log_in
from tests.e2e.test_category_grid import open_grid

GONE = re.compile("rejected|dismissed")  # by what the riskiest crop is: a label, or a candidate for one
pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def open_settings(page: Page) -> Locator:
    page.keyboard.press("F2")
    settings = page.get_by_role("dialog", name="Your keys")
    expect(settings).to_be_visible()
    return settings


def find(settings: Locator, words: str) -> None:
    settings.get_by_placeholder("Find a command or a key").fill(words)


def switch_single_keys(page: Page) -> None:
    page.get_by_role("switch", name="Shortcuts of a single character").press("Space")


def kept(page: Page) -> None:
    expect(page.get_by_test_id("keys-saved")).to_have_text("Saved for you, on every machine.")


def test_keys_are_set_used_carried_along_and_set_back(
    page: Page, browser: Browser, product: Product, tmp_path: Path
) -> None:
    open_grid(page, product)
    page.goto(f"{product.url}/audit/desk")
    expect(page.get_by_test_id("desk")).to_have_attribute("data-phase", "ready")

    offer = page.get_by_test_id("key-offer")
    offer.get_by_role("button", name="CVAT").click()
    expect(offer).to_have_count(0)
    expect(page.locator("footer")).to_contain_text("Ctrl+1–9 relabel")

    settings = open_settings(page)
    find(settings, "reject and next")
    settings.get_by_role("button", name="Add a key: Reject and next").click()
    page.keyboard.press("n")
    expect(settings.get_by_role("alert")).to_contain_text("Where N also means “Draw a box”, that acts instead.")
    settings.get_by_role("button", name="Take it from there").click()
    expect(settings.get_by_role("alert")).to_have_count(0)
    kept(page)
    with page.expect_download() as download:
        settings.get_by_role("button", name="Export").click()
    exported = json.loads(download.value.path().read_text())
    assert exported["keys"] == {"reject": ["Delete", "Backspace", "x", "n"], "draw-box": []}
    page.keyboard.press("Escape")
    expect(settings).to_have_count(0)

    elsewhere = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    crops = open_grid(elsewhere, product)
    elsewhere.keyboard.press("n")
    expect(elsewhere.locator("#crop-0")).to_have_attribute("data-state", GONE)
    elsewhere.keyboard.press("Control+z")
    expect(elsewhere.locator("#crop-0")).to_have_attribute("data-state", crops[0]["box"]["state"])
    elsewhere.context.close()

    settings = open_settings(page)
    settings.get_by_role("button", name="Undo my changes").click()
    kept(page)
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({**exported, "profile": "default"}))
    settings.locator("input[type=file]").set_input_files(file)
    kept(page)
    find(settings, "draw a box")
    expect(settings.locator("[data-row=draw-box] kbd")).to_have_count(0)
    settings.get_by_role("button", name="As in the profile: Draw a box").click()
    expect(settings.locator("[data-row=draw-box] kbd")).to_have_text("N")
    settings.get_by_role("button", name="Undo my changes").click()
    kept(page)


def test_single_characters_are_switched_off_in_one_place(page: Page, product: Product) -> None:
    log_in(page, product)
    page.goto(f"{product.url}/audit/desk")
    expect(page.get_by_test_id("desk")).to_have_attribute("data-phase", "ready")
    open_settings(page)
    switch_single_keys(page)
    kept(page)
    page.keyboard.press("Escape")
    expect(page.locator("footer")).to_contain_text("Del reject")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("F1")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    # Waited for, or the next test's browser finds them switched off.
    with page.expect_response(lambda answer: answer.url.endswith("/me/keys/") and answer.request.method == "PUT"):
        switch_single_keys(page)
    expect(page.locator("footer")).to_contain_text("X reject")


def test_a_new_browser_takes_no_key_before_it_knows_whose_they_are(page: Page, product: Product) -> None:
    log_in(page, product)
    held: list[Route] = []
    page.route("**/api/v1/me/keys/", lambda route: held.append(route))
    with page.expect_response("**/api/v1/audit/claim/"):
        page.goto(f"{product.url}/audit/desk")
    expect(page.get_by_label("Opening the desk")).to_be_visible()
    expect(page.get_by_test_id("desk")).to_have_count(0)
    held[0].continue_()
    expect(page.get_by_test_id("desk")).to_have_attribute("data-phase", "ready")
