"""Commands from the cloud: asked for by long poll, acknowledged, run at most once each - whatever comes twice, late or after a restart."""

from __future__ import annotations

import contextlib
import json
import logging
import random
import threading
import time
from collections.abc import Callable
from typing import Any

from ml.edge.link import FleetLink
from ml.edge.spool import Spool, pause_s

logger = logging.getLogger(__name__)
WAIT_S = 25
SOON_S, LATEST_S = 1.0, 300.0
Handler = Callable[[dict[str, Any]], dict[str, Any]]


class CommandFailed(Exception):
    """The command could not be done; the reason goes to the fleet page."""


class Commander:
    """`handlers` by kind: arguments in, result out, or CommandFailed or ValueError."""

    def __init__(self, spool: Spool, link: FleetLink, handlers: dict[str, Handler]) -> None:
        self.spool, self.link, self.handlers = spool, link, handlers
        self.clock_ahead_ms = self.again_s = 0.0

    def run(self, stop: threading.Event) -> None:
        failures = 0
        while not stop.is_set():
            try:
                asked = time.monotonic()
                came = self.poll(WAIT_S)
                failures = 0
                # A server that cannot hold the question says when to come again; one that only answers at once must not be flooded.
                at_once = not came and time.monotonic() - asked < SOON_S
                stop.wait(max(self.again_s, SOON_S if at_once else 0.0))
            except OSError as error:
                logger.info("no commands: %s", error)
                failures += 1
                stop.wait(pause_s(failures, random.random()))

    def poll(self, wait_s: int) -> int:
        """Ask once and do what came; how many.

        Raises:
            OSError: no answer, or a refusal.
        """
        answer = self.link.call("GET", f"commands/?wait={wait_s}", timeout_s=wait_s + 15)
        if not answer.good:
            raise OSError(f"the server answered {answer.status}")
        self.clock_ahead_ms = time.time() * 1000 - float(answer.body.get("server_ms", time.time() * 1000))
        self.again_s = min(LATEST_S, float(answer.body.get("again_s", 0.0)))
        for command in answer.body["results"]:
            self.obey(command)
        return len(answer.body["results"])

    def obey(self, command: dict[str, Any]) -> dict[str, Any]:
        """Run a command unless it is known or too old, and tell the server. The outcome is on the disk before it is told."""
        known = self.spool.fact(f"command:{command['id']}")
        if known is None:
            outcome = self._outcome(command)
            self.spool.remember(f"command:{command['id']}", json.dumps(outcome))
        else:
            # Begun and not ended: the power went while it ran. Once is once; the fleet may order it anew.
            outcome = json.loads(known) or {"state": "failed", "result": {"reason": "interrupted"}}
        self.link.call("POST", f"commands/{command['id']}/ack/", body=outcome)
        return outcome

    def _outcome(self, command: dict[str, Any]) -> dict[str, Any]:
        # By the server's clock: the device's may be wrong by years after a power cut.
        if time.time() * 1000 - self.clock_ahead_ms > float(command["expires_ms"]):
            return {"state": "expired", "result": {}}
        handler = self.handlers.get(command["kind"])
        if handler is None:
            return {"state": "rejected", "result": {"reason": f"unknown command '{command['kind']}'"}}
        self.spool.remember(f"command:{command['id']}", "null")
        with contextlib.suppress(OSError):  # the fleet only learns later that it arrived
            self.link.call("POST", f"commands/{command['id']}/ack/", body={"state": "running", "result": {}})
        try:
            return {"state": "succeeded", "result": handler(dict(command["args"]))}
        except ValueError as error:
            return {"state": "rejected", "result": {"reason": str(error)}}
        except CommandFailed as error:
            return {"state": "failed", "result": {"reason": str(error)}}
