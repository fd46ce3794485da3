"""Who asks too often is told to wait, as a problem document that says for how long."""

import uuid

import pytest
from django.core.cache.backends.locmem import LocMemCache

from webapp.core import throttling
from webapp.core.throttling import AnonRateThrottle, UserRateThrottle

pytestmark = pytest.mark.django_db
GUESS = "/api/v1/invitation/?token=guess"  # what somebody without a login may try


@pytest.mark.parametrize(
    ("throttle", "who", "path"), [(UserRateThrottle, "client", "/api/v1/me/"), (AnonRateThrottle, "api_client", GUESS)]
)
def test_too_many_requests_are_429_with_retry_after(throttle, who, path, request, monkeypatch):
    monkeypatch.setattr(throttle, "THROTTLE_RATES", {"user": "3/min", "anon": "3/min"})
    # Not what other tests, here and in another process, have counted of the same address and numbers.
    monkeypatch.setattr(throttling.CountedInBlocks, "blocks", throttling._Blocks())
    monkeypatch.setattr(throttling.CountedInBlocks, "cache", LocMemCache(str(uuid.uuid4()), {}))
    monkeypatch.setattr(throttling.CountedInBlocks, "timer", lambda _: 6000.0)  # however slow the machine is
    asking = request.getfixturevalue(who)
    answers = [asking.get(path) for _ in range(5)]
    assert 429 not in [answer.status_code for answer in answers[:3]]
    refused = answers[-1]
    assert (refused.status_code, refused.headers["Content-Type"]) == (429, "application/problem+json")
    assert (
        int(refused.headers["Retry-After"]) == 67
    )  # the minute, the part that it counts to the end, and the second begun
