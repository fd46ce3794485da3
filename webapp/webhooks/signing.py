"""The signature of what is sent: HMAC-SHA256 over time and body, so that neither is changed and an old one is not sent again."""

import hashlib
import hmac

TOLERANCE_S = 300


def signature(secret: str, body: bytes, *, at: int) -> str:
    """`t=<unix time>,v1=<hex>`, the value of `Headway-Signature`."""
    return f"t={at},v1={_digest(secret, body, at)}"


def signature_holds(header: str, secret: str, body: bytes, *, now: int) -> bool:
    """What a receiver checks: the digest, and that it is no older than five minutes."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    if not parts.get("t", "").isdecimal():
        return False
    at = int(parts["t"])
    return abs(now - at) <= TOLERANCE_S and hmac.compare_digest(parts.get("v1", ""), _digest(secret, body, at))


def _digest(secret: str, body: bytes, at: int) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
