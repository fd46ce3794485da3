"""What can go wrong, with the server's own words."""

from __future__ import annotations

import requests


class HeadwayError(Exception):
    """The server refused. `code` is stable; the text is for people."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail


class WrongDigest(HeadwayError):
    """The bytes that came are not those that the server sent; the part was thrown away."""


def raise_for(response: requests.Response) -> None:
    """Raises: HeadwayError when the answer is no success; it reads a problem document (RFC 9457)."""
    if response.ok:
        return
    try:
        problem = response.json()
        raise HeadwayError(response.status_code, problem["code"], problem["detail"])
    except (ValueError, KeyError, TypeError):
        raise HeadwayError(response.status_code, "http_error", f"{response.status_code} {response.reason}") from None
