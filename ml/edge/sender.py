"""From the spool to the server, whenever there is a network. Alarms go first; a broken upload goes on where it stopped."""

from __future__ import annotations

import hashlib
import logging
import random
import threading

from ml.edge.link import Answer, FleetLink
from ml.edge.spool import Item, Spool, pause_s

logger = logging.getLogger(__name__)
CHUNK = 256 * 1024
FOR_GOOD = {400, 404, 410, 413, 415, 422}  # asking again would bring the same answer
REFUSED_PAUSE_S = 60.0  # the token was revoked: everything is kept


class Sender:
    """Sends one item at a time; `run` is a thread's body."""

    def __init__(self, spool: Spool, link: FleetLink) -> None:
        self.spool, self.link = spool, link
        self.sent = self.failed = self.bytes = 0
        self._rng = random.Random()

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            if not self.send_one():
                stop.wait(0.5)

    def send_one(self) -> bool:
        """Try the most urgent item; False when there was none to try."""
        item = self.spool.next()
        if item is None:
            return False
        try:
            answer = self._deliver(item)
        except OSError as error:
            logger.info("no network: %s", error)
            self._later(item, pause_s(item.attempts, self._rng.random()))
            return True
        self._settle(item, answer)
        return True

    def _settle(self, item: Item, answer: Answer) -> None:
        if answer.good:
            self.spool.done(item.key)
            self.sent += 1
        elif answer.status in FOR_GOOD:
            self.spool.reject(item.key, str(answer.body.get("code", answer.status)))
        else:
            refused = answer.status in (401, 403)
            self._later(item, REFUSED_PAUSE_S if refused else pause_s(item.attempts, self._rng.random()))

    def _later(self, item: Item, seconds: float) -> None:
        self.failed += 1
        self.spool.again(item.key, seconds)

    def _deliver(self, item: Item) -> Answer:
        if item.kind != "frame":
            return self.link.call("POST", f"{item.kind}s/", body={"key": item.key, "at_ms": item.at_ms, **item.body})
        stated = {"size": len(item.data), "sha256": hashlib.sha256(item.data).hexdigest()}
        about = {**item.body, "key": item.key, "at_ms": item.at_ms, **stated}
        answer = self.link.call("POST", "uplinks/", body=about)
        while answer.good and answer.body.get("state") == "open":
            answer = self._append(item, int(answer.body["offset"]))
        return answer

    def _append(self, item: Item, offset: int) -> Answer:
        """The next part, from where the server says that it stands."""
        part = item.data[offset : offset + CHUNK]
        headers = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}
        answer = self.link.call("PATCH", f"uplinks/{item.key}/", data=part, headers=headers)
        self.bytes += len(part) if answer.good else 0
        return answer
