"""A device that speaks, and its pictures."""

import hashlib
import time
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from rest_framework.test import APIClient

from tests.factories import ModelVersionFactory, TaxonomyFactory
from webapp.fleet.models import Device
from webapp.fleet.services import device_register


def picture(seed: int = 0, size: tuple[int, int] = (640, 360)) -> bytes:
    """A JPEG of its own for each seed."""
    pixels = np.random.default_rng(seed).integers(0, 255, (36, 64, 3), np.uint8)
    out = BytesIO()
    Image.fromarray(pixels).resize(size).save(out, format="JPEG")
    return out.getvalue()


class Speaker:
    """A device's side of the wire, as `ml.edge.sender` plays it."""

    def __init__(self, device: Device, token: str) -> None:
        self.device, self.token = device, token
        self.http = APIClient(headers={"Authorization": f"Device {token}"})

    def now_ms(self) -> float:
        return time.time() * 1000

    def key(self, number: int, boot: int = 1) -> str:
        return f"{self.device.name}:{boot}:{number}"

    def begin(self, number: int, data: bytes, **said):
        stated = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "trigger": "unsure"}
        times = {"at_ms": self.now_ms(), "sent_at_ms": self.now_ms()}
        return self.http.post("/api/v1/device/uplinks/", {"key": self.key(number), **stated, **times, **said})

    def part(self, number: int, data: bytes, offset: int):
        return self.http.patch(
            f"/api/v1/device/uplinks/{self.key(number)}/",
            data=data,
            content_type="application/offset+octet-stream",
            headers={"Upload-Offset": str(offset)},
        )

    def send(self, number: int, data: bytes, **said):
        answer = self.begin(number, data, **said)
        return self.part(number, data, 0) if answer.json().get("state") == "open" else answer

    def alarm(self, number: int, **said):
        values = {"kind": "fcw", "level": 1, "gap_m": 20.0, "seconds": 2.5, "speed_kmh": 60.0, **said}
        times = {"at_ms": self.now_ms(), "sent_at_ms": self.now_ms()}
        return self.http.post("/api/v1/device/alarms/", {"key": self.key(number), **times, **values})

    def orders(self):
        return self.http.get("/api/v1/device/commands/").json()["results"]

    def ack(self, order, state, **result):
        return self.http.post(
            f"/api/v1/device/commands/{order['id']}/ack/",
            {"state": state, "result": result, "sent_at_ms": self.now_ms()},
        )

    def beat(self, **said):
        return self.http.post("/api/v1/device/heartbeat/", {"sent_at_ms": self.now_ms(), **said})


@pytest.fixture
def speaker(workspace) -> Speaker:
    TaxonomyFactory(workspace=workspace)
    ModelVersionFactory(workspace=workspace)
    return Speaker(*device_register(workspace=workspace, name="car-1"))


@pytest.fixture
def another(speaker) -> Speaker:
    return Speaker(*device_register(workspace=speaker.device.workspace, name="car-2"))
