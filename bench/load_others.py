"""What goes on beside the desk: uploads in pieces, as a browser sends them, and jobs one after the other."""

import base64
import os
import time
import uuid
from pathlib import Path

from bench.load_people import Browser

CHUNK = 512 * 1024
TUS = {"Tus-Resumable": "1.0.0"}


def upload(browser: Browser, drive: int, video: Path, *, until: float, bytes_s: float, padding: int) -> None:
    """The same video again and again, each time with other bytes at its end (a free box, which players skip), at so many bytes a second."""
    while time.monotonic() < until:
        content = video.read_bytes() + (padding + 8).to_bytes(4, "big") + b"free" + os.urandom(padding)
        name = base64.b64encode(f"{uuid.uuid4()}.mp4".encode()).decode()
        of = base64.b64encode(str(drive).encode()).decode()
        where = _created(browser, len(content), f"filename {name},drive {of}")
        for offset in range(0, len(content), CHUNK):
            if where is None or time.monotonic() >= until:
                break
            headers = {**TUS, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
            browser.ask("upload", "PATCH", where, content[offset : offset + CHUNK], **headers)
            time.sleep(CHUNK / bytes_s)


def _created(browser: Browser, size: int, metadata: str) -> str | None:
    headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": metadata}
    answer = browser.sent("POST", "uploads/", None, {**browser.headers, **headers})
    said = answer.read()
    if answer.status != 201:
        browser.heard.note("upload", 0.0, f"{answer.status} {said[:160]!r}")
        return None
    return str(answer.headers["Location"]).split("/api/v1/")[1]


def keep_jobs(browser: Browser, drive: int, count: int, *, until: float) -> None:
    """So many pre-labellings asked for at any time; the next when one has ended."""
    while time.monotonic() < until:
        found = browser.ask("jobs", "GET", "jobs/?state=running") or {"results": []}
        waiting = browser.ask("jobs", "GET", "jobs/?state=queued") or {"results": []}
        mine = [job for job in found["results"] + waiting["results"] if job["kind"] == "prelabel_frames"]
        for _ in range(count - len(mine)):
            params = {"drive": drive, "model": "bundled:gdino-nano", "only_new": False}
            browser.ask("jobs", "POST", "jobs/", {"kind": "prelabel_frames", "params": params})
        time.sleep(3)
