"""A device sees its own rows alone, and only while its token lives."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from tests.factories import CommandFactory
from tests.webapp.fleet.conftest import Speaker, picture
from webapp.fleet.models import Alarm, DeviceToken, Uplink
from webapp.fleet.services import device_register
from webapp.fleet.tokens import digest_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_only_the_hash_of_a_token_is_kept(speaker):
    assert DeviceToken.objects.get().digest == digest_of(speaker.token)
    assert speaker.token not in str(list(DeviceToken.objects.values()))


@pytest.mark.parametrize("token", ["", "wrong", "hwd_" + "A" * 43])
def test_an_unknown_token_is_nobody(db, token):
    http = APIClient(headers={"Authorization": f"Device {token}"})
    assert http.get("/api/v1/device/commands/").status_code == 401


def test_a_revoked_token_is_refused_and_what_came_stays(speaker, client):
    speaker.send(1, picture())
    assert client.post(f"/api/v1/devices/{speaker.device.id}/revoke/").json() == {"revoked": 1}
    assert speaker.send(2, picture(2)).status_code == 401
    assert Uplink.objects.count() == 1


def test_a_rotated_token_lives_for_a_day_beside_its_successor(speaker, client):
    fresh = client.post(f"/api/v1/devices/{speaker.device.id}/token/").json()["token"]
    assert speaker.beat().status_code == 200
    assert Speaker(speaker.device, fresh).beat().status_code == 200
    DeviceToken.objects.filter(expires_at__isnull=False).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert speaker.beat().status_code == 401
    assert Speaker(speaker.device, fresh).beat().status_code == 200


def test_a_device_that_lies_about_its_name_is_refused(speaker, another):
    another.send(1, picture(1))
    speaker.device.name = another.device.name
    for answer in (speaker.begin(2, picture(2)), speaker.part(1, b"x", 0), speaker.alarm(3)):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_this_device")
    assert (Uplink.objects.count(), Alarm.objects.count()) == (1, 0)


def test_the_same_name_in_another_workspace_shares_nothing(speaker, stranger):
    namesake = Speaker(
        *device_register(workspace=stranger.handler._force_user.memberships.get().workspace, name="car-1")
    )
    assert speaker.alarm(1).status_code == 201
    assert namesake.alarm(1).status_code == 201
    assert Alarm.objects.count() == 2


def test_anothers_order_cannot_be_seen_or_answered(speaker, another):
    made = CommandFactory(device=another.device)
    assert speaker.orders() == []
    for order in ({"id": str(made.id)}, {"id": str(uuid.uuid4())}):
        assert speaker.ack(order, "succeeded").status_code == 404
    made.refresh_from_db()
    assert made.state == "queued"


@pytest.mark.parametrize("path", ["me/", "drives/", "devices/", "fleet-alarms/", "frames/1/image"])
def test_a_devices_token_opens_nothing_of_the_page(speaker, path):
    assert speaker.http.get(f"/api/v1/{path}").status_code == 401


def test_a_heartbeat_is_what_the_page_shows(speaker, client):
    speaker.beat(model_version="1.2", frames=10, lat=48.1, lon=11.5, scene={"blocked": 1.0}, waiting=700)
    row = client.get("/api/v1/devices/").json()["results"][0]
    assert (row["presence"], row["model_version"], row["lat"]) == ("online", "1.2", 48.1)
    assert row["warnings"] == ["blind", "backlog"]


@pytest.mark.parametrize("said", [{"lat": 91, "lon": 0}, {"frames": -1}, {"lat": 5}, {"boot": 2**40}])
def test_a_heartbeat_out_of_range_is_refused(speaker, said):
    assert speaker.beat(**said).status_code == 400
