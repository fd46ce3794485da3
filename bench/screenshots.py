"""The pictures of the user guide, taken from a running product: `python bench/screenshots.py --url URL --email OWNER --password ... [--only desk]`.

It needs a fresh home in which the rendered demo drive is pre-labelled (`HEADWAY_HOME=/tmp/guide PORT=8123 make run`, a few minutes), and changes
it as a person would: some frames are audited, a version is frozen, a device is registered. Nothing but rendered footage is ever in a picture.
"""

import argparse
import io
import shutil
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "guide" / "pictures"
SIZE = {"width": 1280, "height": 800}
WIDTH_PX, COLOURS = 960, 160  # small enough for a repository, sharp enough to read a button
AUDITED = 6


class Rest:
    """The product as a script sees it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, f"{url}/api/v1"
        cookies = {cookie.get("name"): cookie.get("value", "") for cookie in page.context.cookies()}
        self.headers = {"X-CSRFToken": cookies.get("csrftoken", ""), "Referer": url}

    def get(self, path: str) -> Any:
        return self._answer(self.page.request.get(f"{self.url}/{path}"))

    def post(self, path: str, body: dict[str, Any], **headers: str) -> Any:
        return self._answer(
            self.page.request.post(f"{self.url}/{path}", data=body, headers={**self.headers, **headers})
        )

    def _answer(self, response: Any) -> Any:
        assert response.ok, f"{response.url} answered {response.status}: {response.text()[:300]}"
        return response.json() if response.text() else None


def staged(rest: Rest) -> dict[str, str]:
    """Brings the home to where there is something to see; the paths of what was made. A second time it changes next to nothing."""
    drive = rest.get("drives/")["results"][0]["id"]
    _soon(lambda: not rest.get(f"frames/?drive={drive}&state=new")["results"], "the drive is pre-labelled")
    audited = len(rest.get(f"frames/?drive={drive}&state=audited")["results"])
    if not audited:
        rest.post(f"drives/{drive}/audit-bound/", {"size": 100})
    for frame in rest.post("audit/claim/", {"count": AUDITED - audited})["frames"] if audited < AUDITED else []:
        _finish(rest, frame)
    version = _version(rest, drive)
    for number, device in enumerate(_devices(rest)):
        _speak(rest, device, number)
    return {"drive": f"/drives/{drive}", "version": f"/datasets/{version['dataset']}/versions/{version['id']}"}


def _finish(rest: Rest, frame: dict[str, Any]) -> None:
    """One label rejected, the others accepted, as a person would who looked."""
    kinds = [{"kind": "reject", "box": frame["boxes"][-1]["client_id"]}] if frame["boxes"] else []
    operations = [
        {"id": str(uuid.uuid4()), "seconds": 3.0, **kind} for kind in [*kinds, {"kind": "finish", "accept_rest": True}]
    ]
    rest.post(f"frames/{frame['id']}/operations/", {"operations": operations}, **{"If-Match": f'"{frame["version"]}"'})


def _version(rest: Rest, drive: int) -> Any:
    found = rest.get("datasets/")["results"]
    dataset = found[0]["id"] if found else rest.post("datasets/", {"name": "demo"})["id"]
    versions = f"datasets/{dataset}/versions/"
    if not rest.get(versions)["results"]:
        places = [{"drive": drive, "split": "train"}]
        rest.post(versions, {"drives": places, "include_unaudited": True, "override_reason": "Pictures of the guide."})
    _soon(lambda: rest.get(versions)["results"][0]["state"] == "frozen", "the version is frozen")
    return {**rest.get(versions)["results"][0], "dataset": dataset}


def _devices(rest: Rest) -> list[dict[str, Any]]:
    if not rest.get("devices/")["results"]:
        for name in ("car-1", "car-2", "car-3"):
            rest.post("devices/", {"name": name, "vehicle": "demo"})
    found: list[dict[str, Any]] = rest.get("devices/")["results"]
    return found


def _speak(rest: Rest, device: dict[str, Any], number: int) -> None:
    """What the device would say; the last one is silent."""
    if number == 2:
        return
    token = rest.post(f"devices/{device['id']}/token/", {})["token"]
    own = {"Authorization": f"Device {token}"}
    now_ms = time.time() * 1000
    place = {"lat": 52.52 + number / 100, "lon": 13.4 - number / 50}
    said = {"sent_at_ms": now_ms, "agent_version": "0.9", "model_version": "nano-lite 3", "boot": 1, "frames": 18_000}
    rest.post("device/heartbeat/", {**said, **place, "waiting": 3 * number, "speed_kmh": 62.0}, **own)
    alarm = {"key": f"{device['name']}:1:{number + 1}", "at_ms": now_ms, "kind": "fcw", "level": 1, "gap_m": 21.0}
    rest.post("device/alarms/", {**alarm, "sent_at_ms": now_ms, "seconds": 2.4, "speed_kmh": 62.0}, **own)


def _soon(true: Callable[[], bool], what: str) -> None:
    for _ in range(600):
        if true():
            return
        time.sleep(1)
    raise TimeoutError(f"ten minutes, and not yet: {what}")


def shots(paths: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Name of the picture -> path of the page, and the scheme."""
    return {
        "home": ("/", "light"),
        "drive": (paths["drive"], "light"),
        "desk": ("/audit/desk", "dark"),
        "grid": ("/audit/grid?category=1", "light"),
        "team": ("/audit/team", "light"),
        "explore": ("/explore", "light"),
        "version": (paths["version"], "light"),
        "launch": ("/training/new", "light"),
        "fleet": ("/fleet", "light"),
        "alarms": ("/fleet?room=alarms", "light"),
        "control": ("/admin/control?room=storage", "light"),
        "taxonomies": ("/admin/taxonomies", "light"),
        "dashboard": ("/dashboard", "light"),
    }


def take(page: Page, url: str, name: str, path: str, scheme: str) -> None:
    page.evaluate("scheme => localStorage.setItem('mantine-color-scheme-value', scheme)", scheme)
    page.goto(url + path)
    page.wait_for_load_state("networkidle")
    page.locator(".mantine-Skeleton-root").first.wait_for(state="detached")
    page.wait_for_timeout(1500)  # pictures decode, plots draw
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    small = picture.resize((WIDTH_PX, picture.height * WIDTH_PX // picture.width), Image.Resampling.LANCZOS)
    small.quantize(COLOURS, method=Image.Quantize.MEDIANCUT).save(PICTURES / f"{name}.png", optimize=True)
    print(f"{name:16} {(PICTURES / f'{name}.png').stat().st_size // 1024} kB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--url", default="http://localhost:8000")
    parser.add_argument("--email", default="owner@headway.local")
    parser.add_argument("--password", required=True)
    parser.add_argument("--only", nargs="*", help="these pictures alone")
    options = parser.parse_args()
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(60_000)
        page.goto(f"{options.url}/login")
        page.get_by_label("Email").fill(options.email)
        page.locator("input[type=password]").fill(options.password)
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("heading", name="Home", exact=True).wait_for()
        for name, (path, scheme) in shots(staged(Rest(page, options.url))).items():
            if not options.only or name in options.only:
                take(page, options.url, name, path, scheme)
        browser.close()


if __name__ == "__main__":
    main()
