"""A new user's first hour, in headless Chromium: upload, watch it being pre-labelled, audit the riskiest, freeze, download COCO."""

import json
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pycocotools.coco import COCO

from tests.conftest import REPOSITORY
from tests.e2e.conftest import Product, log_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
SLOW_MS = 180_000  # jobs on a shared two-core machine
TINY = REPOSITORY / "fixtures" / "drives" / "tiny.mp4"


@pytest.fixture
def desk_page(page: Page, product: Product) -> Page:
    log_in(page, product)
    return page


def make_drive(page: Page, product: Product, name: str) -> None:
    page.goto(f"{product.url}/drives")
    page.get_by_role("button", name="New drive").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=False).first.fill(name)
    dialog.get_by_role("button", name="Create drive").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def upload(page: Page, file: Path) -> None:
    page.locator("input[type=file]").first.set_input_files(str(file))
    expect(page.get_by_text("ready", exact=True).first).to_be_visible(timeout=SLOW_MS)


def api(page: Page, product: Product, path: str):
    response = page.request.get(f"{product.url}/api/v1/{path}")
    assert response.ok, response.text()
    return response.json()


def wait_for_prelabels(page: Page, product: Product, name: str) -> dict:
    """The drive once all its frames have pre-labels and no job of it is left."""
    deadline = time.monotonic() + SLOW_MS / 1000
    while time.monotonic() < deadline:
        [drive] = [d for d in api(page, product, "drives/")["results"] if d["name"] == name]
        if drive["counts"]["frames"] and not drive["counts"]["new"] and not drive["jobs"]:
            return drive
        page.wait_for_timeout(500)
    raise AssertionError(f"{name} was not pre-labelled in time: {drive}")


def audit_by_keyboard(page: Page, product: Product, drive: dict, frames: int) -> None:
    """Accept one box, reject one, and the rest with Shift+Enter, frame after frame; never the mouse."""
    page.goto(f"{product.url}/audit/desk?drive={drive['id']}")
    expect(page.get_by_test_id("desk")).to_have_attribute("data-phase", "ready")
    for done in range(frames):
        for key in ("Enter", "x"):
            page.keyboard.press(key)
            page.wait_for_timeout(150)
        page.keyboard.press("Shift+Enter")
        for _ in range(60):
            if api(page, product, f"drives/{drive['id']}/")["counts"]["audited"] > done:
                break
            page.wait_for_timeout(250)
    assert api(page, product, f"drives/{drive['id']}/")["counts"]["audited"] >= frames


def freeze(page: Page, product: Product, drive: str, dataset: str) -> int:
    page.goto(f"{product.url}/datasets")
    page.get_by_role("button", name="New dataset").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=False).first.fill(dataset)
    dialog.get_by_role("button", name="Create dataset").click()
    page.get_by_role("button", name="New version").first.click()
    row = page.get_by_role("row").filter(has_text=drive)
    row.get_by_text("train", exact=True).click()
    freeze_button = page.get_by_role("button", name="Freeze version")
    freeze_button.click()
    expect(page.get_by_text("may be frozen all the same")).to_be_visible()  # the server's message, by the field
    page.get_by_label("Why it may be frozen").fill("the first look at the loop")
    freeze_button.click()
    expect(page).to_have_url(re.compile(r"/dataset-versions/\d+|/datasets/\d+/versions/\d+|versions"), timeout=SLOW_MS)
    expect(page.get_by_text("Download").first).to_be_visible(timeout=SLOW_MS)
    return api(page, product, "datasets/")["results"][0]["versions"][-1]["id"]


def download_coco(page: Page, tmp_path: Path) -> COCO:
    with page.expect_download() as started:
        page.get_by_role("link", name=re.compile("COCO train")).click()
    file = tmp_path / "coco.json"
    started.value.save_as(file)
    return COCO(str(file))


def walk_the_loop(page: Page, product: Product, file: Path, name: str, tmp_path: Path) -> COCO:
    make_drive(page, product, name)
    upload(page, file)
    drive = wait_for_prelabels(page, product, name)
    audit_by_keyboard(page, product, drive, frames=2)
    freeze(page, product, name, f"data of {name}")
    return download_coco(page, tmp_path)


def test_a_rendered_clip_goes_all_the_way_round(desk_page, product, tmp_path):
    coco = walk_the_loop(desk_page, product, TINY, "tiny", tmp_path)
    assert len(coco.imgs) == 2
    assert coco.anns
    assert {annotation["audited"] for annotation in coco.anns.values()} == {True}


def test_a_real_clip_goes_all_the_way_round(desk_page, product, tmp_path, shared_data):
    clip = shared_data / "video" / "highway_white_right.mp4"
    coco = walk_the_loop(desk_page, product, clip, "highway", tmp_path)
    assert {(image["width"], image["height"]) for image in coco.imgs.values()} == {(960, 540)}


def test_a_bad_file_is_named_and_the_rest_of_the_batch_goes_on(desk_page, product, tmp_path):
    bad = tmp_path / "broken.mp4"
    bad.write_bytes(TINY.read_bytes()[:20_000])
    make_drive(desk_page, product, "mixed")
    desk_page.locator("input[type=file]").first.set_input_files([str(bad), str(TINY)])
    expect(desk_page.get_by_text("ready", exact=True).first).to_be_visible(timeout=SLOW_MS)
    expect(desk_page.get_by_text("failed", exact=True).first).to_be_visible(timeout=SLOW_MS)
    [drive] = [d for d in api(desk_page, product, "drives/")["results"] if d["name"] == "mixed"]
    clips = api(desk_page, product, f"clips/?drive={drive['id']}")["results"]
    assert {clip["filename"]: clip["error_code"] for clip in clips} == {"broken.mp4": "truncated", "tiny.mp4": ""}


def test_the_demo_drive_is_there_and_pre_labelled(desk_page, product):
    drive = wait_for_prelabels(desk_page, product, "Demo drive (rendered)")
    assert drive["label_model"]["name"] == "gdino-mini"
    frames = api(desk_page, product, f"frames/?drive={drive['id']}&ordering=-risk")["results"]
    assert frames[0]["boxes"] > 0
    assert frames == sorted(frames, key=lambda frame: -frame["risk"])


def test_every_room_opens_without_an_error(desk_page, product):
    errors: list[str] = []
    desk_page.on("pageerror", lambda error: errors.append(str(error)))
    for room in ("", "drives", "audit", "datasets", "training", "models", "fleet", "admin"):
        desk_page.goto(f"{product.url}/{room}")
        expect(desk_page.get_by_role("heading").first).to_be_visible()
    assert errors == []


def test_ctrl_c_stops_every_process_and_the_next_start_has_it_all(page, product):
    members = product.members()
    assert len(members) > 4
    product.stop()
    assert [pid for pid in members if Path(f"/proc/{pid}").exists() and not _is_zombie(pid)] == []
    email = product.email
    product.start_again()
    assert product.email == email
    log_in(page, product)
    drives = api(page, product, "drives/?page_size=100")["results"]
    assert "Demo drive (rendered)" in [drive["name"] for drive in drives]


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def test_the_page_of_a_stranger_asks_for_a_login(page, product):
    page.goto(f"{product.url}/drives")
    expect(page.get_by_label("Email")).to_be_visible()
    assert json.loads(page.request.get(f"{product.url}/api/v1/drives/").text())["status"] == 401
