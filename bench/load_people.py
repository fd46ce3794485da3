"""People at the desk, as HTTP sees them: each in a thread of their own, at a person's pace, with one connection and a clock on every request."""

import http.client
import json
import random
import threading
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

CSRF = "c" * 32
HEARTBEAT_S = 30.0
UNDO_SHARE = 0.1


@dataclass
class Heard:
    """What all people met together."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, name: str, seconds: float, error: str = "") -> None:
        with self.lock:
            self.times[name].append(seconds)
            if error:
                self.errors.append(f"{name}: {error}")


class Browser:
    """One person's connection: their session, and every request timed under a name."""

    def __init__(self, port: int, session: str, heard: Heard, *, patient: bool = False) -> None:
        self.port, self.heard, self.patient = port, heard, patient
        self.headers = {"Cookie": f"sessionid={session}; csrftoken={CSRF}", "X-CSRFToken": CSRF}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, name: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer's JSON or bytes. A patient person asks again where the network failed or the server did, as the page does."""
        sent = json.dumps(body).encode() if isinstance(body, dict) else body
        told = {**self.headers, **({"Content-Type": "application/json"} if isinstance(body, dict) else {}), **headers}
        while True:
            began = time.perf_counter()
            try:
                answer = self.sent(method, path, sent, told)
                status, content = answer.status, answer.read()
            except (OSError, http.client.HTTPException) as broken:
                self.connection.close()
                status, content = 0, repr(broken).encode()
            error = "" if 200 <= status < 300 else f"{status} {content[:160]!r}"
            if self.patient and (status == 0 or status >= 500):
                time.sleep(0.3)
                continue
            self.heard.note(name, time.perf_counter() - began, error)
            if error:
                return None
            return json.loads(content) if answer.headers.get_content_type() == "application/json" else content

    def sent(self, method: str, path: str, body: Any, headers: dict[str, str]) -> http.client.HTTPResponse:
        """On a connection that lay idle and was closed meanwhile, once more on a new one, as browsers do."""
        reused = self.connection.sock is not None
        try:
            self.connection.request(method, f"/api/v1/{path}", body=body, headers=headers)
            return self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.connection.close()
            if not reused:
                raise
        self.connection.request(method, f"/api/v1/{path}", body=body, headers=headers)
        return self.connection.getresponse()


def annotate(browser: Browser, drive: int, *, until: float, pace_s: float, rng: random.Random) -> None:
    """Claim, look, decide box by box with an undo now and then, finish; the next frame, until the time is up."""
    time.sleep(rng.uniform(0, 2 * pace_s))
    beat = time.monotonic()
    while time.monotonic() < until:
        claimed = browser.ask("claim", "POST", "audit/claim/", {"drive": drive, "count": 3})
        frames = claimed["frames"] if claimed else []
        if not frames:
            time.sleep(pace_s)
        for frame in frames:
            browser.ask("picture", "GET", f"frames/{frame['id']}/image")
            sitting = Sitting(browser, frame)
            for box in [box for box in frame["boxes"] if box["state"] == "pending"]:
                if time.monotonic() >= until:
                    return
                if time.monotonic() - beat > HEARTBEAT_S:
                    beat = time.monotonic()
                    held = [each["id"] for each in frames]
                    browser.ask("heartbeat", "POST", "audit/heartbeat/", {"frames": held, "at": frame["id"]})
                time.sleep(rng.uniform(0.5, 1.5) * pace_s)
                done = sitting.send({"kind": rng.choice(["accept", "accept", "reject"]), "box": box["client_id"]})
                if rng.random() < UNDO_SHARE:
                    time.sleep(pace_s / 2)
                    sitting.send({"kind": "undo", "operation": done})
            sitting.send({"kind": "finish", "accept_rest": True})


class Sitting:
    """One frame at the desk, with the version that the person saw last."""

    def __init__(self, browser: Browser, frame: dict[str, Any]) -> None:
        self.browser, self.id, self.version = browser, frame["id"], frame["version"]

    def send(self, operation: dict[str, Any]) -> str:
        """The operation's id, written down as acknowledged once the server said so."""
        id = str(uuid.uuid4())
        body = {"operations": [{"id": id, "seconds": 2.0, **operation}]}
        answer = self.browser.ask(
            "decision", "POST", f"frames/{self.id}/operations/", body, **{"If-Match": f'"{self.version}"'}
        )
        if answer:
            self.version = answer["version"]
            with self.browser.heard.lock:
                self.browser.heard.acknowledged.append(id)
        return id
