"""The dashboard's pictures to keep: the levels of a single day, days that are plotted, and the ledger, each as PNG with something in it."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Product, log_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
LEVEL, FLOW, LEDGER = "Queue of jobs", "Jobs ended", "AP gained by auditing"
#: What two evaluations of the same data would tell; the tests of the figures hold what is in it.
LINES = [
    {
        "evaluation": 2, "before": 1, "model": "student", "data": "held out", "since": "2026-11-20T08:00:00Z",
        "until": "2026-11-28T08:00:00Z", "decisions": 4210, "hours": 11.4, "ap": 0.41, "gained": 0.021, "low": 0.004,
        "high": 0.037, "per_hour": 0.0018, "cost": 912,
    }
]  # fmt: skip


@pytest.fixture
def dashboard(page: Page, product: Product) -> Page:
    page.route("**/api/v1/ledger/", lambda route: route.fulfill(json={"lines": LINES}))
    log_in(page, product, "/dashboard", "Dashboard")
    return page


@pytest.mark.parametrize("title", [LEVEL, FLOW, LEDGER])
def test_a_picture_can_be_kept(dashboard: Page, tmp_path: Path, title: str) -> None:
    # The figures of the demo drive's jobs come within a minute of its end.
    card = dashboard.get_by_role("region", name=title)
    saver = card.get_by_role("button", name="Save as PNG")
    expect(saver).to_be_visible(timeout=180_000)
    if title == FLOW:
        expect(card.locator("canvas")).to_be_visible()
    with dashboard.expect_download() as download:
        saver.click()
    assert download.value.suggested_filename == f"{title}.png"
    kept = tmp_path / "kept.png"
    download.value.save_as(kept)
    picture = Image.open(kept).convert("RGB")
    assert picture.width > 400
    colours = picture.getcolors(maxcolors=2**20) or []
    ground = max(colours)[0] / (picture.width * picture.height)
    assert 0.5 < ground < 0.995, "letters and figures on the page's ground"
