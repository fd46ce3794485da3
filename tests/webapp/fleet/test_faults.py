"""Twenty devices on bad lines: the agent's own spool, sender and commander against the server's own API, in one process.

Requests and answers vanish, come twice, break off half-way, clocks are hours wrong, one device's token is revoked, one lies about its
name, orders are replayed. Afterwards nothing is lost, nothing is there twice, and nobody has another's.
"""

import contextlib
import random
import time

import orjson
import pytest
from rest_framework.test import APIClient

from ml.edge import sender as sending
from ml.edge.commander import Commander
from ml.edge.link import Answer
from ml.edge.sender import Sender
from ml.edge.spool import Spool
from tests.factories import ModelVersionFactory, TaxonomyFactory
from tests.webapp.fleet.conftest import picture
from webapp.fleet.commands import AGAIN_AFTER, command_issue
from webapp.fleet.models import Alarm, Command, Uplink
from webapp.fleet.services import device_register
from webapp.fleet.tokens import tokens_revoke
from webapp.footage.models import Frame

pytestmark = pytest.mark.django_db
DEVICES, FRAMES, ALARMS = 20, 3, 2
PICTURES = [picture(seed) for seed in range(FRAMES)]


class BadLine:
    """A `FleetLink` over which anything may happen; `quality` 1 is a good line."""

    def __init__(self, token: str, rng: random.Random, ahead_ms: float) -> None:
        self.http = APIClient(headers={"Authorization": f"Device {token}"})
        self.rng, self.ahead_ms, self.quality = rng, ahead_ms, 0.5
        self.faults = 0

    def call(self, method, path, *, body=None, data=None, headers=None, **_):
        if self._happens():
            raise OSError("the request was lost")
        if data and self._happens():
            data = data[: len(data) // 2]  # the line breaks half-way; what came counts
        answer = self._ask(method, path, body, data, headers)
        if self._happens():
            answer = self._ask(method, path, body, data, headers)  # a proxy repeats it
        if self._happens():
            raise OSError("the answer was lost")
        return answer

    def _happens(self) -> bool:
        happened = self.rng.random() > self.quality
        self.faults += happened
        return happened

    def _ask(self, method, path, body, data, headers) -> Answer:
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

    def __init__(self, device, token, folder, seed) -> None:
        self.row, self.rng = device, random.Random(seed)
        self.ahead_ms = self.rng.choice([0.0, -7_200_000.0, 90_000.0, 40 * 86_400_000.0])
        self.line = BadLine(token, self.rng, self.ahead_ms)
        self.path = folder / f"{device.name}.db"
        self.spool = Spool(self.path, device.name)
        self.sender = Sender(self.spool, self.line)
        self.ran: list[dict] = []
        self.commander = Commander(self.spool, self.line, {"ping": lambda args: self.ran.append(args) or {}})
        self.keys: set[str] = set()

    def speak(self) -> None:
        now_ms = time.time() * 1000 + self.ahead_ms
        alarm = {"kind": "fcw", "level": 2, "gap_m": 20.0, "seconds": 2.4, "speed_kmh": 70.0}
        for _ in range(ALARMS):
            self.keys.add(self.spool.put("alarm", alarm, at_ms=now_ms, priority=4))
        for data in PICTURES:
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


@pytest.fixture
def fleet(workspace, tmp_path, monkeypatch):
    monkeypatch.setattr(sending, "pause_s", lambda attempts, chance: 0.0)
    monkeypatch.setattr(sending, "REFUSED_PAUSE_S", 0.0)
    monkeypatch.setattr("webapp.fleet.commands.AGAIN_AFTER", AGAIN_AFTER * 0)
    TaxonomyFactory(workspace=workspace)
    ModelVersionFactory(workspace=workspace)
    made = []
    for number in range(DEVICES):
        device, token = device_register(workspace=workspace, name=f"car-{number}")
        made.append(Simulated(device, token, tmp_path, number))
    return made


def drained(devices, limit=400):
    """Good lines at last: everything that waits goes up."""
    for one in devices:
        one.line.quality = 1.0
        for _ in range(limit):
            if not one.sender.send_one():
                break
        for _ in range(3):
            one.commander.poll(0)


def test_nothing_is_lost_nothing_is_twice_and_nobody_has_anothers(fleet, workspace):
    revoked, liar, honest = fleet[0], fleet[1], fleet[2:]
    orders = [command_issue(one.row, "ping", {"n": one.row.id}, by=None) for one in fleet]
    for one in fleet:
        one.speak()
    liar.spool.put("alarm", {"kind": "fcw", "level": 1}, at_ms=0, priority=9)
    lie = liar.spool._db.execute("UPDATE item SET key = 'car-5:1:1' WHERE priority = 9")
    assert lie.rowcount == 1
    for turn in range(3):
        if turn == 1:
            tokens_revoke(revoked.row)
        for one in random.Random(turn).sample(fleet, len(fleet)):
            one.work(4)
    before = Uplink.objects.filter(device=revoked.row, frame__isnull=False).count()
    drained(honest)
    assert sum(one.line.faults for one in fleet) > 150
    for one in honest:
        arrived = {u.key.split("/")[1] for u in Uplink.objects.filter(device=one.row, frame__isnull=False)}
        arrived |= {a.key.split("/")[1] for a in Alarm.objects.filter(device=one.row)}
        assert arrived == one.keys
        assert one.spool.waiting() == 0
        assert one.ran == [{"n": one.row.id}]
    assert Frame.objects.filter(uplink__device__in=[one.row for one in honest]).count() == len(honest) * FRAMES
    _clocks_are_right(honest)
    _orders_ended_once(orders[2:])
    revoked.line.quality = liar.line.quality = 1.0
    _the_revoked_keeps_everything(revoked, before)
    _the_liar_speaks_for_nobody(liar, fleet)


def _clocks_are_right(devices):
    """However wrong a clock was, an alarm is of the last minutes by ours."""
    ages = [time.time() - a.at.timestamp() for a in Alarm.objects.filter(device__in=[one.row for one in devices])]
    assert min(ages) > -1
    assert max(ages) < 600


def _orders_ended_once(orders):
    for order in orders:
        order.refresh_from_db()
        assert order.state == Command.State.SUCCEEDED, (order.state, order.result)


def _the_revoked_keeps_everything(revoked, before):
    """Nothing of it came after the revocation, and what waits still waits on its disk."""
    revoked.sender.send_one()
    assert Uplink.objects.filter(device=revoked.row, frame__isnull=False).count() == before
    told = Alarm.objects.filter(device=revoked.row).count() + before
    assert told + revoked.spool.waiting() >= len(revoked.keys)


def _the_liar_speaks_for_nobody(liar, fleet):
    liar.sender.send_one()
    assert not Alarm.objects.filter(device=liar.row, key__contains="car-5").exists()
    assert Alarm.objects.filter(device=fleet[5].row).count() == ALARMS
