"""The audit desk as a person meets it: keys only, a network that goes, a page that reloads, two people on one frame."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import Product, log_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
SLOW_MS = 180_000  # the demo drive is pre-labelled by a shared two-core machine
PAUSE_MS = 200  # longer than a bouncing key, shorter than a thought


class Seat:
    """One person at the desk, in a browser of their own."""

    def __init__(self, context: BrowserContext, product: Product) -> None:
        self.context, self.url = context, product.url
        self.page: Page = context.new_page()
        log_in(self.page, product)

    def open(self, frame: int) -> None:
        self.page.goto(f"{self.url}/audit/desk?frame={frame}")
        self.ready()

    def ready(self) -> None:
        expect(self.page.get_by_test_id("desk")).to_have_attribute("data-phase", "ready")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.page.wait_for_timeout(PAUSE_MS)

    def saved(self) -> None:
        self.saving_is("saved")

    def saving_is(self, phase: str) -> None:
        expect(self.page.get_by_test_id("save-state")).to_have_attribute("data-phase", phase)

    def api(self, path: str) -> Any:
        response = self.page.request.get(f"{self.url}/api/v1/{path}")
        assert response.ok, response.text()
        return response.json()

    def states(self, frame: int) -> dict[str, str]:
        """Box -> state, as the server has them."""
        return {box["client_id"]: box["state"] for box in self.api(f"frames/{frame}/")["boxes"]}

    def decided(self, frame: int) -> int:
        return sum(state not in ("pending", "missed_candidate") for state in self.states(frame).values())


@pytest.fixture
def sit_down(browser: Browser, product: Product) -> Iterator[Callable[[], Seat]]:
    contexts: list[BrowserContext] = []

    def seat() -> Seat:
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 720}))
        return Seat(contexts[-1], product)

    yield seat
    for context in contexts:
        context.close()


@pytest.fixture
def seat(sit_down: Callable[[], Seat]) -> Seat:
    return sit_down()


@pytest.fixture
def frame(seat: Seat) -> int:
    """A frame that nobody has touched, with four boxes to decide or more."""
    for _ in range(SLOW_MS // 1_000):
        rows = seat.api("frames/?state=prelabelled&ordering=-risk&page_size=100")["results"]
        for row in rows:
            waiting = [state for state in seat.states(row["id"]).values() if state in ("pending", "missed_candidate")]
            if len(waiting) >= 4:
                return int(row["id"])
        seat.page.wait_for_timeout(1_000)
    raise AssertionError("no frame was pre-labelled with four boxes in time")


def test_a_whole_frame_by_keyboard_and_back(seat: Seat, frame: int) -> None:
    seat.open(frame)
    boxes = len(seat.states(frame))
    seat.press(*["Enter", "x"] * boxes)
    seat.saved()
    assert seat.api(f"frames/{frame}/")["state"] == "audited"
    assert set(seat.states(frame).values()) <= {"accepted", "rejected", "dismissed"}


def test_undo_takes_back_a_finished_frame(seat: Seat, frame: int) -> None:
    before = seat.states(frame)
    seat.open(frame)
    seat.press("Shift+Enter")
    seat.saved()
    assert seat.api(f"frames/{frame}/")["state"] == "audited"
    seat.press("Control+z")
    seat.saved()
    assert seat.states(frame) == before
    assert seat.api(f"frames/{frame}/")["state"] == "reopened"


def test_work_without_a_network_is_kept_and_sent_later(seat: Seat, frame: int) -> None:
    seat.open(frame)
    seat.context.set_offline(True)
    seat.press("Enter", "x", "2")
    seat.saving_is("offline")
    expect(seat.page.get_by_test_id("offline")).to_be_visible()
    seat.context.set_offline(False)
    seat.saved()
    assert seat.decided(frame) == 3


def test_work_without_a_network_survives_a_reload(seat: Seat, frame: int) -> None:
    seat.open(frame)
    seat.context.set_offline(True)
    seat.press("Enter", "x")
    seat.saving_is("offline")
    seat.context.set_offline(False)
    seat.page.reload()
    seat.ready()
    seat.saved()
    assert seat.decided(frame) == 2


def test_two_people_on_one_frame_see_both_versions(sit_down: Callable[[], Seat], seat: Seat, frame: int) -> None:
    other = sit_down()
    seat.open(frame)
    other.open(frame)
    other.press("x")
    other.saved()
    seat.press("Enter")
    seat.saving_is("conflict")
    dialog = seat.page.get_by_role("dialog", name="This frame was changed by somebody else")
    expect(dialog.get_by_role("cell")).to_have_count(2)
    theirs = seat.states(frame)
    assert seat.decided(frame) == 1
    dialog.get_by_role("button", name="Take theirs").click()
    seat.saved()
    assert seat.states(frame) == theirs
    expect(seat.page.get_by_test_id("set-aside")).to_contain_text("1 change was not saved")


def test_mine_on_top_is_a_new_decision_not_an_overwrite(sit_down: Callable[[], Seat], seat: Seat, frame: int) -> None:
    other = sit_down()
    seat.open(frame)
    other.open(frame)
    other.press("Enter")
    other.saved()
    [box] = [box for box, state in seat.states(frame).items() if state == "accepted"]
    seat.press("x")
    seat.saving_is("conflict")
    seat.page.get_by_role("button", name="Apply mine again on top").click()
    seat.saved()
    assert seat.states(frame)[box] == "rejected"
    kinds = [event["kind"] for event in seat.api(f"frames/{frame}/events/")["results"] if event["kind"] != "proposed"]
    assert sorted(kinds) == ["accepted", "rejected"]
