"""Devices on bad lines: the agent's own spool, sender and commander against the server's own API, in one process.

Requests and answers vanish, come twice and late, uploads break off half-way, clocks are hours wrong and the power goes. `play` has some of them
revoked and some that lie, and `losses` counts what must not be: what is lost, what is twice, and what one has of another's.
"""

import contextlib
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import orjson
from rest_framework.test import APIClient

from ml.edge.commander import Commander
from ml.edge.link import Answer
from ml.edge.sender import Sender
from ml.edge.spool import Spool
from webapp.fleet.commands import AGAIN_AFTER, command_issue
from webapp.fleet.models import Alarm, Command, Device, Sighting, Uplink
from webapp.fleet.services import device_register
from webapp.fleet.tokens import tokens_revoke
from webapp.footage.models import Frame

CLOCKS_MS = (0.0, -7_200_000.0, 90_000.0, 40 * 86_400_000.0)
ALARM = {"kind": "fcw", "level": 2, "gap_m": 20.0, "seconds": 2.4, "speed_kmh": 70.0}
SEEN = {"width": 640, "height": 360}


class BadLine:
    """A `FleetLink` over which anything may happen; `quality` 1 is a good line."""

    def __init__(self, token: str, rng: random.Random, ahead_ms: float) -> None:
        self.http = APIClient(headers={"Authorization": f"Device {token}"})
        self.rng, self.ahead_ms, self.quality = rng, ahead_ms, 0.5
        self.happened: Counter[str] = Counter()
        self._late: tuple[str, str, dict | None] | None = None

    def call(self, method, path, *, body=None, data=None, headers=None, **_):
        if self._happens("request lost"):
            raise OSError("the request was lost")
        if data and self._happens("half sent"):
            data = data[: len(data) // 2]  # the line breaks half-way; what came counts
        answer = self._ask(method, path, body, data, headers)
        if self._happens("repeated"):
            answer = self._ask(method, path, body, data, headers)
        if body is not None and self._happens("late"):
            self._say_what_was_late()  # an old message arrives after a newer one
            self._late = (method, path, body)
        if self._happens("answer lost"):
            raise OSError("the answer was lost")
        return answer

    def _say_what_was_late(self) -> None:
        if self._late:
            method, path, body = self._late
            self._ask(method, path, body, None, None)

    def _happens(self, what: str) -> bool:
        happened = self.rng.random() > self.quality
        self.happened[what] += happened
        return happened

    def _ask(self, method, path, body, data, headers) -> Answer:
        self.happened["requests"] += 1
        url = f"/api/v1/device/{path}"
        if body is not None:
            stamped = {**body, "sent_at_ms": time.time() * 1000 + self.ahead_ms}
            response = getattr(self.http, method.lower())(url, stamped, format="json")
        elif data is not None:
            response = self.http.patch(url, data=data, content_type=headers["Content-Type"], headers=headers)
        else:
            response = self.http.get(url)
        return Answer(response.status_code, orjson.loads(response.content or b"{}"), {})


class Simulated:
    """One device: its store, its clock, its line, and what it did of its orders."""

    def __init__(self, device: Device, token: str, folder: Path, seed: int) -> None:
        self.row, self.rng = device, random.Random(seed)
        self.ahead_ms = self.rng.choice(CLOCKS_MS)
        self.line = BadLine(token, self.rng, self.ahead_ms)
        self.path = folder / f"{device.name}.db"
        self.spool = Spool(self.path, device.name)
        self.sender = Sender(self.spool, self.line)
        self.ran: list[dict] = []
        self.commander = Commander(self.spool, self.line, {"ping": lambda args: self.ran.append(args) or {}})
        self.keys: set[str] = set()
        self.refused: list[int] = []  # what the server answered to its lies

    def speak(self, pictures: Sequence[bytes], *, alarms: int) -> None:
        now_ms = time.time() * 1000 + self.ahead_ms
        for _ in range(alarms):
            self.keys.add(self.spool.put("alarm", ALARM, at_ms=now_ms, priority=4))
        seen = {**SEEN, "frames": [{"at_ms": now_ms - 500, "boxes": [["car", 0.6, 10.0, 20.0, 30.0, 40.0]]}]}
        self.keys.add(self.spool.put("sighting", seen, at_ms=now_ms, priority=1))
        for data in pictures:
            body = {"trigger": "unsure", "doubt": 0.8, "speed_kmh": 70.0}
            self.keys.add(
                self.spool.put("frame", body, at_ms=now_ms - 60_000, priority=self.rng.randint(0, 3), data=data)
            )

    def work(self, rounds: int) -> None:
        for _ in range(rounds):
            self.sender.send_one()
            if self.rng.random() < 0.4:
                with contextlib.suppress(OSError):
                    self.commander.poll(0)
            if self.rng.random() < 0.1:  # the power goes; what was put is still there
                self.spool.close()
                self.spool = Spool(self.path, self.row.name)
                self.sender.spool = self.commander.spool = self.spool

    def drain(self, limit: int = 400) -> None:
        """A good line at last: everything that waits goes up."""
        self.line.quality = 1.0
        for _ in range(limit):
            if not self.sender.send_one():
                break
        for _ in range(2):
            self.commander.poll(0)

    def lie(self, other: str) -> None:
        """Speak for another in every way that a device can speak."""
        self.line.quality = 1.0
        now = {"at_ms": time.time() * 1000, "key": f"{other}:1:1"}
        for path, body in (
            ("alarms/", ALARM),
            ("sightings/", {**SEEN, "frames": [{"at_ms": now["at_ms"], "boxes": []}]}),
            ("uplinks/", {"size": 9, "sha256": "0" * 64, "trigger": "unsure"}),
        ):
            self.refused.append(self.line.call("POST", path, body={**body, **now}).status)
        headers = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
        self.refused.append(self.line.call("PATCH", f"uplinks/{other}:1:1/", data=b"x", headers=headers).status)
        for order in Command.objects.filter(device__name=other).exclude(device=self.row):
            said = {"state": "succeeded", "result": {"by": "a liar"}}
            self.refused.append(self.line.call("POST", f"commands/{order.id}/ack/", body=said).status)


def fleet_of(workspace, count: int, folder: Path) -> list[Simulated]:
    made = (device_register(workspace=workspace, name=f"car-{number}") for number in range(count))
    return [Simulated(device, token, folder, number) for number, (device, token) in enumerate(made)]


@dataclass
class Played:
    """What was said, and who stayed honest."""

    honest: list[Simulated]
    revoked: list[Simulated]
    liars: list[Simulated]
    orders: dict[int, Command]
    brought: dict[int, int] = field(default_factory=dict)  # of a revoked device, when it was revoked

    @property
    def everyone(self) -> list[Simulated]:
        return self.honest + self.revoked + self.liars

    def happened(self) -> Counter[str]:
        return sum((one.line.happened for one in self.everyone), Counter[str]())


@contextlib.contextmanager
def no_pauses() -> Iterator[None]:
    with (
        mock.patch("ml.edge.sender.pause_s", return_value=0.0),
        mock.patch("ml.edge.sender.REFUSED_PAUSE_S", 0.0),
        mock.patch("webapp.fleet.commands.AGAIN_AFTER", AGAIN_AFTER * 0),
    ):
        yield


def play(devices: Sequence[Simulated], pictures: Sequence[bytes], *, alarms: int, turns: int = 3) -> Played:
    """One of ten is revoked half-way, one of ten lies; all the rest is on bad lines for `turns`, then on good ones."""
    tenth = max(1, len(devices) // 10)
    revoked, liars, honest = list(devices[:tenth]), list(devices[tenth : 2 * tenth]), list(devices[2 * tenth :])
    orders = {one.row.id: command_issue(one.row, "ping", {"n": one.row.id}, by=None) for one in devices}
    played = Played(honest, revoked, liars, orders)
    with no_pauses():
        for one in devices:
            one.speak(pictures, alarms=alarms)
        for turn in range(turns):
            if turn == 1:
                for one in revoked:
                    tokens_revoke(one.row)
                    played.brought[one.row.id] = arrived(one)
            for one in random.Random(turn).sample(list(devices), len(devices)):
                one.work(4)
        for one, other in zip(liars, honest, strict=False):
            one.lie(other.row.name)
        for one in honest:
            one.drain()
            for order in one.ran[:1]:  # a replayed order: delivered again as if its answer had been lost
                Command.objects.filter(id=played.orders[order["n"]].id).update(state=Command.State.DELIVERED)
                one.commander.poll(0)
    return played


def arrived(one: Simulated) -> int:
    return len(_keys_of(one))


def _keys_of(one: Simulated) -> list[str]:
    device = one.row
    rows = (Uplink.objects.filter(frame__isnull=False), Alarm.objects.all(), Sighting.objects.all())
    return [key.split("/", 1)[1] for found in rows for key in found.filter(device=device).values_list("key", flat=True)]


def losses(played: Played) -> dict[str, int]:
    """All of them 0, or something is wrong."""
    found: Counter[str] = Counter(
        dict.fromkeys(("lost", "twice", "of another", "orders not run once", "after revoking"), 0)
    )
    brought = Frame.objects.filter(uplink__device__in=[one.row for one in played.everyone]).count()
    found["twice"] += Frame.objects.count() - brought
    for one in played.everyone:
        keys = _keys_of(one)
        found["twice"] += len(keys) - len(set(keys))
        found["of another"] += sum(key.split(":")[0] != one.row.name for key in keys)
    for one in played.honest:
        found["lost"] += len(one.keys - set(_keys_of(one))) + one.spool.waiting()
        found["orders not run once"] += one.ran != [{"n": one.row.id}]
        found["orders not run once"] += Command.objects.get(device=one.row).state != Command.State.SUCCEEDED
    for one in played.revoked:
        found["after revoking"] += arrived(one) - played.brought[one.row.id]
        found["lost"] += max(0, len(one.keys) - arrived(one) - one.spool.waiting())
    for one in played.liars:
        found["of another"] += sum(status < 400 for status in one.refused)
    return dict(found)
