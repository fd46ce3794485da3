"""A model measured from its page: figures, confusion, errors, and the way from its worst frame to the desk."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import REPOSITORY
from tests.e2e.conftest import Product, log_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
SLOW_MS = 180_000  # the demo drive may be pre-labelled first, by the same worker
DRIVE, DATASET = "rendered with truth", "measured"


class Visitor:
    """The owner, logged in, with the REST interface at hand."""

    def __init__(self, page: Page, product: Product) -> None:
        self.page, self.url = page, product.url
        log_in(page, product)

    def get(self, path: str) -> Any:
        response = self.page.request.get(f"{self.url}/api/v1/{path}")
        assert response.ok, response.text()
        return response.json()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        cookies = {cookie["name"]: cookie["value"] for cookie in self.page.context.cookies()}
        headers = {"X-CSRFToken": cookies["csrftoken"], "Referer": self.url}
        response = self.page.request.post(f"{self.url}/api/v1/{path}", data=body, headers=headers)
        assert response.ok, response.text()
        return response.json()


def run(product: Product, *arguments: str) -> str:
    """A command of the product on the home of the running one."""
    environment = {**os.environ, "HEADWAY_HOME": str(product.home)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, *arguments], cwd=REPOSITORY, env=environment, check=True, capture_output=True, text=True
    ).stdout


@pytest.fixture(scope="module")
def drive(product: Product, tmp_path_factory: pytest.TempPathFactory) -> int:
    """Four rendered frames with their exact truth, as a drive."""
    folder: Path = tmp_path_factory.mktemp("rendered")
    size = ("--width", "640", "--height", "360", "--fps", "4", "--seconds", "1")
    run(product, "-m", "ml.synth", "--seed", "11", "--out", str(folder), "--frames", *size)
    imported = run(product, "manage.py", "import_dataset", "--format", "coco", str(folder), "--drive", DRIVE)
    summary = json.loads(imported.splitlines()[-1])
    assert summary["frames"] == 4
    return int(summary["drive"])


@pytest.fixture
def visitor(page: Page, product: Product) -> Visitor:
    return Visitor(page, product)


def freeze(visitor: Visitor, drive: int) -> None:
    [taxonomy] = [d["taxonomy"]["id"] for d in visitor.get("drives/")["results"] if d["id"] == drive]
    dataset = visitor.post("datasets/", {"name": DATASET, "taxonomy": taxonomy})
    places = [{"drive": drive, "split": "test"}]
    wanted = {"drives": places, "include_unaudited": True, "override_reason": "The truth is rendered."}
    version = visitor.post(f"datasets/{dataset['id']}/versions/", wanted)
    deadline = time.monotonic() + SLOW_MS / 1000
    while visitor.get(f"dataset-versions/{version['id']}/")["state"] != "frozen":
        assert time.monotonic() < deadline, "the version was not frozen in time"
        visitor.page.wait_for_timeout(250)


def evaluate(visitor: Visitor) -> int:
    """From the list of models over the model's page to the figures; gives the evaluation's id."""
    page = visitor.page
    page.goto(f"{visitor.url}/models")
    page.get_by_role("link", name="gdino-nano", exact=True).first.click()
    page.get_by_role("button", name="Evaluate").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Version")).to_have_value(f"{DATASET} v1")
    expect(dialog.get_by_label("Split")).to_have_value("test · 4 frames")
    dialog.get_by_role("button", name="Start evaluation").click()
    expect(page).to_have_url(re.compile(r"/models/evaluations/\d+"))
    expect(page.get_by_text("mean over IoU 0.50 to 0.95")).to_be_visible(timeout=SLOW_MS)
    return int(page.url.rsplit("/", 1)[-1])


def test_a_model_is_measured_and_its_worst_frame_opens_in_the_desk(visitor: Visitor, drive: int) -> None:
    page = visitor.page
    freeze(visitor, drive)
    id = evaluate(visitor)
    report = visitor.get(f"evaluations/{id}/report/")
    assert report["frames"] == 4
    expect(page.get_by_text(f"{report['figures']['AP']:.3f}", exact=True).first).to_be_visible()

    page.get_by_role("tab", name="Confusion").click()
    page.get_by_role("switch", name="Shares of each row").click()  # counts instead
    matrix = report["confusion"]["matrix"]
    car = report["confusion"]["labels"].index("car")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="car", exact=True))
    missed = row.get_by_role("link", name=f"car predicted as background: {matrix[car][-1]}")
    missed.click()  # leads to the errors it counts

    expect(page).to_have_url(re.compile(r"part=errors&kind=missed&category=car"))
    behind = [e for e in report["errors"] if e["kind"] == "missed" and "car" in (e["category"], e["predicted"])]
    expect(page.get_by_text(f"{len(behind)} error", exact=False).first).to_be_visible()
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")

    page.get_by_role("tab", name="Worst frames").click()
    worst = report["worst_frames"][0]
    page.get_by_role("link", name=worst["file_name"]).click()
    expect(page).to_have_url(re.compile(rf"/audit/desk\?frame={worst['frame']}\b"))
    expect(page.get_by_test_id("desk")).to_have_attribute("data-phase", "ready")
