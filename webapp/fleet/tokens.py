"""Device tokens: shown once, kept as a hash. 256 random bits need no slow hash: there is no guessing them."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from webapp.fleet.models import Device, DeviceToken

OVERLAP = timedelta(hours=24)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def token_issue(device: Device) -> str:
    """A new token; nobody can read it later."""
    token = f"hwd_{secrets.token_urlsafe(32)}"
    DeviceToken.objects.create(device=device, digest=digest_of(token))
    return token


@transaction.atomic
def token_rotate(device: Device, *, overlap: timedelta = OVERLAP) -> str:
    """A successor; those before work on until the device has surely read it."""
    ends = timezone.now() + overlap
    live = DeviceToken.objects.filter(device=device, revoked_at__isnull=True)
    live.filter(expires_at__isnull=True).update(expires_at=ends)
    live.filter(expires_at__gt=ends).update(expires_at=ends)
    return token_issue(device)


def tokens_revoke(device: Device) -> int:
    """From now on none of its tokens works; how many there were. What was sent stays."""
    return DeviceToken.objects.filter(device=device, revoked_at__isnull=True).update(revoked_at=timezone.now())
