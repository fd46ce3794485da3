"""One device as a whole: what runs on the picture, what is kept, what is sent, and what the fleet may change."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ml.data.images import Pixels
from ml.edge.alarms import Alarm, Thresholds
from ml.edge.campaign import Campaign
from ml.edge.commander import Commander
from ml.edge.detector import Finds, load_finder
from ml.edge.link import FleetLink
from ml.edge.mount import Mount, camera_of
from ml.edge.outbox import Outbox
from ml.edge.radar import RadarFeed
from ml.edge.releases import Releases
from ml.edge.ring import FrameRing
from ml.edge.runtime import EdgeRuntime, Moment
from ml.edge.sender import Sender
from ml.edge.signals import Signal
from ml.edge.spool import Spool
from ml.edge.uplink import Budget, UplinkPolicy
from ml.risk.cipo import Lanes

VERSION = "1.0"
HEARTBEAT_S = 30.0


class Device:
    """The picture's way is `see`; the network lives in threads of its own that only read the disk."""

    def __init__(
        self,
        name: str,
        home: Path,
        model: str,
        *,
        link: FleetLink | None = None,
        radar: RadarFeed | None = None,
        spool_bytes: int = 2_000_000_000,
        live: bool = True,
        shadow: str | None = None,
        shadow_every: int = 10,
        warn: Callable[[Alarm], None] = lambda alarm: None,
    ) -> None:
        self.spool = Spool(home / "spool.db", name, max_bytes=spool_bytes)
        self.releases = Releases(self.spool, home / "releases", model)
        self.finder: Finds = self.releases.load()
        self.mount = Mount.from_json(kept) if (kept := self._kept("camera")) else None
        self.thresholds = Thresholds().changed(self._kept("thresholds"))
        campaigns = [Campaign.from_json(one) for one in json.loads(self.spool.fact("campaigns") or "[]")]
        self.policy = UplinkPolicy(Budget().changed(self._kept("budget")), campaigns)
        self.outbox = Outbox(self.spool, FrameRing(home / "ring"), self.policy, live=live)
        self.link, self.radar, self.warn = link, radar, warn
        self.shadow: Finds | None = load_finder(shadow) if shadow else None
        self.shadow_every = shadow_every
        self.runtime: EdgeRuntime | None = None
        self.counts: Counter[str] = Counter()
        self.last = Signal(0)
        self.scene: dict[str, float] = {}
        self._stop, self._news = threading.Event(), threading.Event()
        self._threads: list[threading.Thread] = []

    def see(self, image: Pixels, time_ms: float, at_ms: float, signal: Signal, lanes: Lanes | None = None) -> Moment:
        """One frame; the driver is warned before anything is written or sent.

        Args:
            time_ms: the camera's own time, which only rises. at_ms: the wall clock's.
        """
        camera = camera_of(self.mount, image.shape[1], image.shape[0])
        if self.runtime is None or (self.runtime.camera.width, self.runtime.camera.height) != image.shape[1::-1]:
            self.runtime = EdgeRuntime(
                self.finder, camera, self.radar, self.thresholds, shadow=self.shadow, shadow_every=self.shadow_every
            )
        self.runtime.finder, self.runtime.camera = self.finder, camera
        self.runtime.set_thresholds(self.thresholds)
        moment = self.runtime.step(image, time_ms, signal, lanes, warn=self.warn)
        uplink = self.outbox.offer(image, at_ms, moment)
        self.counts.update({"frames": 1, "alarms": len(moment.alarms), "uplinks": int(uplink is not None)})
        self.last, self.scene = signal, moment.scene.labels
        return moment

    def connect(self) -> None:
        """Start to send, to obey and to report."""
        if self.link is None:
            return
        sender, commander = Sender(self.spool, self.link), Commander(self.spool, self.link, self._handlers())
        for name, body in (("sender", sender.run), ("commander", commander.run), ("heartbeat", self._beat)):
            self._threads.append(threading.Thread(target=body, args=(self._stop,), daemon=True, name=name))
            self._threads[-1].start()

    def close(self, *, drain_s: float = 0.0) -> None:
        """Everything is on the disk; up to `drain_s` for the network to take it."""
        self.outbox.close()
        until = time.monotonic() + drain_s
        while self.link is not None and self.spool.waiting() and time.monotonic() < until:
            time.sleep(0.1)
        self._stop.set()
        self._news.set()
        for thread in self._threads:
            thread.join(timeout=1.0)

    def health(self) -> dict[str, Any]:
        """What a heartbeat says."""
        return {
            "agent_version": VERSION,
            "model_version": self.releases.current["version"],
            "boot": self.spool.boot,
            "waiting": self.spool.waiting(),
            "spool_bytes": self.spool.bytes(),
            "evicted": self.spool.evicted,
            "dropped": self.outbox.dropped,
            "frames": self.counts["frames"],
            "alarms": self.counts["alarms"],
            "errors": self.counts["errors"],
            "scene": self.scene,
            "speed_kmh": self.last.speed_mps * 3.6 if self.last.speed_mps is not None else None,
            "lat": self.last.lat,
            "lon": self.last.lon,
            "settings": {
                "thresholds": asdict(self.thresholds),
                "budget": asdict(self.policy.budget),
                "camera": self.mount.to_json() if self.mount else {},
            },
        }

    def _beat(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                if self.link is not None:
                    self.link.call("POST", "heartbeat/", body=self.health())
            except OSError:
                self.counts["heartbeats_missed"] += 1
            self._news.wait(HEARTBEAT_S)  # what was set is said at once: a form must not show what is over
            self._news.clear()

    def _handlers(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any]]]:
        return {
            "set_thresholds": self._set_thresholds,
            "set_budget": self._set_budget,
            "set_camera": self._set_camera,
            "set_campaigns": self._set_campaigns,
            "request_clip": self._clip,
            "install_release": self._install,
            "roll_back": self._roll_back,
            "ping": lambda _: self.health(),
        }

    def _set_thresholds(self, asked: dict[str, Any]) -> dict[str, Any]:
        self.thresholds = self.thresholds.changed(asked)
        self._keep("thresholds", asked)
        return asked

    def _set_budget(self, asked: dict[str, Any]) -> dict[str, Any]:
        self.policy.set_budget(self.policy.budget.changed(asked))
        self._keep("budget", asked)
        return asked

    def _set_camera(self, asked: dict[str, Any]) -> dict[str, Any]:
        """From the next frame on; nothing asked is the usual camera again."""
        self.mount = Mount.from_json(asked) if asked else None
        self.spool.remember("camera", json.dumps(asked))
        self._news.set()
        return asked

    def _set_campaigns(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The whole list: what is not in it has ended."""
        self.policy.campaigns = [Campaign.from_json(one) for one in asked["campaigns"]]
        self.spool.remember("campaigns", json.dumps(asked["campaigns"]))
        return {"campaigns": len(asked["campaigns"])}

    def _clip(self, asked: dict[str, Any]) -> dict[str, Any]:
        at_ms, seconds = float(asked["at_ms"]), min(60.0, float(asked.get("seconds", 5.0)))
        about = {"clip": str(asked.get("clip", ""))} | ({"alarm": str(asked["alarm"])} if asked.get("alarm") else {})
        frames = self.outbox.clip(at_ms - seconds * 1000, at_ms + seconds * 1000, about)
        return {"frames": frames}

    def _install(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert self.link is not None
        self.finder = self.releases.install(self.link, asked)
        return {"version": self.releases.current["version"]}

    def _roll_back(self, asked: dict[str, Any]) -> dict[str, Any]:
        """`version`, where given, is the one to get away from: a device that never got it keeps what it has."""
        if asked.get("version") not in (None, self.releases.current["version"]):
            return {"version": self.releases.current["version"], "unchanged": True}
        self.finder = self.releases.roll_back()
        return {"version": self.releases.current["version"]}

    def _kept(self, name: str) -> dict[str, Any]:
        kept: dict[str, Any] = json.loads(self.spool.fact(name) or "{}")
        return kept

    def _keep(self, name: str, asked: dict[str, Any]) -> None:
        self.spool.remember(name, json.dumps(self._kept(name) | asked))
        self._news.set()
