"""Methods compared from the page, seed by seed; a distilled run's curves; and what its models find, side by side."""

import csv
import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
SLOW_MS = 400_000
TINY = {
    "Schedule": {"iterations": 10, "batch": 2, "warm_up": 2},
    "Input": {"width": 128, "height": 96},
    "Machine": {"threads": 1},
    "Checkpoints": {"checkpoint_every": 10, "validate_every": 10, "validate_frames": 1},
}


def test_methods_are_compared_over_seeds(training: Page) -> None:
    page = training
    page.get_by_role("link", name="Compare methods").click()
    expect(page.get_by_role("checkbox", name="LD (localisation distillation)")).to_be_disabled(timeout=SLOW_MS)
    expect(page.get_by_text("distributions over the place of each box edge").first).to_be_visible()
    page.get_by_role("checkbox", name="CLD (cross-modal listwise)", exact=True).check()
    seeds = page.get_by_role("combobox", name="Seeds")
    for _ in range(3):
        seeds.press("Backspace")
    seeds.press_sequentially("4 5 ")
    expect(page.get_by_text("4 runs in all")).to_be_visible()
    page.get_by_role("combobox", name="Begin from").click()
    page.get_by_role("option", name=re.compile("gdino-nano")).click()
    for group, values in TINY.items():
        panel = page.get_by_role("button", name=group, exact=True)
        if panel.get_attribute("aria-expanded") != "true":
            panel.click()
        for name, value in values.items():
            page.get_by_label(name, exact=True).fill(str(value))
    page.get_by_role("button", name="Start all").click()
    page.wait_for_url(re.compile(r"/training/comparisons/\d+$"))
    expect(page.get_by_text("4 of 4 runs done")).to_be_visible(timeout=SLOW_MS)
    row = page.get_by_role("row", name=re.compile(r"CLD \(cross-modal")).first
    expect(row).to_contain_text("bootstrap")
    expect(page.get_by_role("heading", name="What the papers claim")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV").click()
    rows = list(csv.DictReader(saved.value.path().read_text().splitlines()))
    assert [row["method"] for row in rows] == ["none", "cld"]


def test_a_distilled_run_shows_its_terms_and_its_models_side_by_side(training: Page) -> None:
    page = training
    page.get_by_role("link", name=re.compile("cld.*seed 4", re.IGNORECASE)).first.click()
    page.get_by_role("radiogroup", name="Terms of the loss").get_by_text("Distillation").click()
    expect(page.get_by_role("img", name=re.compile("^Loss: lists"))).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_role("heading", name="What the method weighed")).to_be_visible()
    page.get_by_role("link", name="Side by side").click()
    page.get_by_role("combobox", name="Frames").click()
    page.get_by_role("option", name=re.compile("rendered")).first.click()
    page.get_by_label("How many").fill("2")
    page.get_by_role("button", name="Predict").click()
    for role in ("Teacher", "Student before", "Student after"):
        expect(page.get_by_role("img", name=re.compile(f"^{role}:"))).to_be_visible(timeout=SLOW_MS)
    first = page.get_by_role("img", name=re.compile("^Teacher:")).get_attribute("aria-label")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("img", name=re.compile("^Teacher:"))).not_to_have_attribute("aria-label", first or "")
