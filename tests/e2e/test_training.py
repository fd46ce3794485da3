"""A run from its page: estimated, launched, watched, stopped, resumed, and the model that it makes; its clone compared with it."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
SLOW_MS = 180_000
TINY = {
    "iterations": 40,
    "batch": 1,
    "warm_up": 2,
    "width": 128,
    "height": 96,
    "threads": 1,
    "checkpoint_every": 10,
    "validate_every": 20,
    "validate_frames": 1,
}


def test_a_run_from_its_estimate_to_its_model(training: Page) -> None:
    page = training
    page.get_by_role("link", name="New run").first.click()
    expect(page.get_by_role("heading", name="Schedule")).to_be_visible(timeout=SLOW_MS)
    for name, value in TINY.items():
        page.get_by_label(name, exact=True).fill(str(value))
    page.get_by_role("button", name="Estimate").click()
    expect(page.get_by_text("Training time", exact=True)).to_be_visible(timeout=SLOW_MS)
    page.get_by_role("button", name="Launch").click()
    page.wait_for_url(re.compile(r"/training/\d+$"))
    expect(page.get_by_role("img", name=re.compile("^Loss: loss"))).to_be_visible(timeout=SLOW_MS)
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Resume").click(timeout=SLOW_MS)
    expect(page.get_by_text("goes on at iteration")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_role("img", name=re.compile("^Validation AP"))).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_text("succeeded")).to_be_visible(timeout=SLOW_MS)
    page.get_by_role("link", name="labels only 1").click()
    expect(page.get_by_role("heading", name="Model card")).to_be_visible()
    expect(page.get_by_text("validation while it trained")).to_be_visible()
    expect(page.get_by_role("button", name="Promote to serving")).to_be_enabled()


def test_a_clone_differs_in_what_was_changed(training: Page) -> None:
    page = training
    page.get_by_role("link", name="labels only 1").first.click()
    page.get_by_role("link", name="Clone with changes").click()
    expect(page.get_by_label("Name")).to_have_value("labels only 1 copy")
    expect(page.get_by_label("iterations", exact=True)).to_have_value(str(TINY["iterations"]))
    page.get_by_label("Seed").fill("5")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/training/\d+$"))
    page.get_by_role("link", name="labels only 1", exact=True).click()  # in the set-up: what it was cloned from
    expect(page.get_by_role("heading", name="Compare runs")).to_be_visible()
    row = page.get_by_role("row", name=re.compile("^seed"))
    expect(row).to_have_text(re.compile("seed05"))
    expect(page.get_by_role("row", name=re.compile("^iterations"))).to_have_count(0)
