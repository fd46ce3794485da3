from datetime import timedelta
from threading import BoundedSemaphore

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import CommandFactory
from webapp.fleet import commands
from webapp.fleet.commands import AGAIN_AFTER, command_issue
from webapp.fleet.models import Command
from webapp.fleet.upkeep import fleet_tick

pytestmark = pytest.mark.django_db


def order(speaker, kind="ping", **args):
    return command_issue(speaker.device, kind, args, by=None)


def test_an_order_is_delivered_once_until_it_was_not_answered_for_a_while(speaker):
    made = order(speaker)
    assert [one["id"] for one in speaker.orders()] == [str(made.id)]
    assert speaker.orders() == []
    Command.objects.update(delivered_at=timezone.now() - AGAIN_AFTER - timedelta(seconds=1))
    assert len(speaker.orders()) == 1
    made.refresh_from_db()
    assert made.deliveries == 2


def test_its_end_is_said_once_and_a_repeated_end_changes_nothing(speaker):
    order(speaker)
    [due] = speaker.orders()
    for state, status in [("running", 200), ("succeeded", 200), ("succeeded", 200), ("running", 200), ("failed", 409)]:
        assert speaker.ack(due, state, n=1).status_code == status
    assert Command.objects.get().state == "succeeded"


def test_an_expired_order_is_not_delivered(speaker):
    CommandFactory(device=speaker.device, expires_at=timezone.now() - timedelta(seconds=1))
    assert speaker.orders() == []
    assert Command.objects.get().state == "expired"


def test_the_upkeep_expires_orders_of_devices_that_never_come(speaker):
    CommandFactory(device=speaker.device, expires_at=timezone.now() - timedelta(seconds=1))
    assert fleet_tick()["expired_commands"] == 1


def test_an_order_that_a_device_would_refuse_is_refused_here(client, speaker):
    url = f"/api/v1/devices/{speaker.device.id}/commands/"
    answer = client.post(url, {"kind": "set_thresholds", "args": {"fcw_s": 0.2}})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert client.post(url, {"kind": "set_thresholds", "args": {"fcw_s": 3.5}}).status_code == 201


def test_an_order_that_nobody_began_is_taken_back(client, speaker):
    made = order(speaker)
    assert client.post(f"/api/v1/fleet-commands/{made.id}/cancel/").json()["state"] == "cancelled"
    assert speaker.orders() == []
    assert client.post(f"/api/v1/fleet-commands/{made.id}/cancel/").json()["code"] == "command_ended"


def test_an_order_whose_end_was_never_heard_of_is_asked_about_again(speaker):
    order(speaker)
    [due] = speaker.orders()
    speaker.ack(due, "running")
    Command.objects.update(delivered_at=timezone.now() - AGAIN_AFTER)
    assert [one["id"] for one in speaker.orders()] == [due["id"]]
    assert Command.objects.get().state == "running"


def test_who_finds_no_room_to_wait_is_told_when_to_come_again(speaker, monkeypatch):
    monkeypatch.setattr(commands, "WAITING_ROOM", BoundedSemaphore(1))
    commands.WAITING_ROOM.acquire()
    answer = speaker.http.get("/api/v1/device/commands/?wait=25")
    low, high = commands.AGAIN_S
    assert low <= answer.json()["again_s"] <= high
    assert int(answer["Retry-After"]) >= low
    order(speaker)
    assert speaker.http.get("/api/v1/device/commands/?wait=25").json()["again_s"] == 0


def test_a_question_that_brings_nothing_writes_nothing(speaker):
    with CaptureQueriesContext(connection) as asked:
        speaker.orders()
    assert not [one["sql"] for one in asked if one["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]


def test_a_clip_is_asked_for_by_the_clock_of_the_device(speaker):
    """Ours says when the alarm was; a device that is ten seconds ahead has the pictures under later times."""
    type(speaker.device).objects.update(clock_ahead_ms=10_000)
    order(speaker, "request_clip", at_ms=1_000_000.0, seconds=5)
    order(speaker, "set_budget", bytes_per_day=5_000_000)
    assert [one["args"] for one in speaker.orders()] == [
        {"at_ms": 1_010_000.0, "seconds": 5},
        {"bytes_per_day": 5_000_000},
    ]
