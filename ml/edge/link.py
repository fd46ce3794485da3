"""The device's side of the wire: JSON over HTTP(S) with the device's token, nothing but the standard library."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_S = 15.0
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300


class FleetLink:
    """Speaks for one device. The token never leaves for anything but the given server, and only under TLS or on this machine.

    Raises:
        ValueError: the server's address is plain HTTP to another machine.
    """

    def __init__(self, server: str, token: str, *, insecure: bool = False) -> None:
        parts = urlsplit(server)
        if parts.scheme not in ("http", "https") or (
            parts.scheme == "http" and parts.hostname not in LOOPBACK and not insecure
        ):
            raise ValueError(
                f"'{server}': a device speaks https; plain http is for this machine alone (or --insecure)."
            )
        self._base = server.rstrip("/") + "/api/v1/device/"
        self._token = token

    def call(
        self,
        method: str,
        path: str,
        *,
        body: dict[str, Any] | None = None,
        data: bytes | None = None,
        headers: dict[str, str] | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> Answer:
        """The server's answer, whatever its status.

        Raises:
            OSError: no answer came.
        """
        sent = {"Authorization": f"Device {self._token}", "Accept": "application/json", **(headers or {})}
        if body is not None:
            data, sent["Content-Type"] = (
                json.dumps({**body, "sent_at_ms": time.time() * 1000}).encode(),
                "application/json",
            )
        request = urllib.request.Request(self._base + path, data=data, headers=sent, method=method)  # noqa: S310 - checked above
        try:
            with urllib.request.urlopen(request, timeout=timeout_s) as response:  # noqa: S310
                return Answer(response.status, _json(response.read()), dict(response.headers))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, _json(error.read()), dict(error.headers))

    def download(self, path: str, *, timeout_s: float = 60.0) -> bytes:
        """The bytes of a release.

        Raises:
            OSError: no answer, or none with bytes.
        """
        headers = {"Authorization": f"Device {self._token}"}
        request = urllib.request.Request(self._base + path, headers=headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=timeout_s) as response:  # noqa: S310
            data: bytes = response.read()
            return data


def _json(text: bytes) -> dict[str, Any]:
    try:
        value = json.loads(text or b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {"results": value}
