"""Who asks too often is told to wait, as a problem document that says for how long."""

import uuid

import pytest
from django.core.cache.backends.locmem import LocMemCache

from webapp.core import throttling
from webapp.core.throttling import AnonRateThrottle, RefusedThrottle, UserRateThrottle

pytestmark = pytest.mark.django_db
GUESS = "/api/v1/invitation/?token=guess"  # what somebody without a login may try


@pytest.fixture
def three_a_minute(monkeypatch):
    for throttle in (UserRateThrottle, AnonRateThrottle, RefusedThrottle):
        monkeypatch.setattr(throttle, "THROTTLE_RATES", {"user": "3/min", "anon": "3/min", "refused": "3/min"})
    # Not what other tests, here and in another process, have counted of the same address and numbers.
    monkeypatch.setattr(throttling.CountedInBlocks, "blocks", throttling._Blocks())
    monkeypatch.setattr(throttling.CountedInBlocks, "cache", LocMemCache(str(uuid.uuid4()), {}))
    monkeypatch.setattr(throttling.CountedInBlocks, "timer", lambda _: 6000.0)  # however slow the machine is


@pytest.mark.parametrize(("who", "path"), [("client", "/api/v1/me/"), ("api_client", GUESS)])
def test_too_many_requests_are_429_with_retry_after(who, path, request, three_a_minute):
    asking = request.getfixturevalue(who)
    answers = [asking.get(path) for _ in range(5)]
    assert 429 not in [answer.status_code for answer in answers[:3]]
    refused = answers[-1]
    assert (refused.status_code, refused.headers["Content-Type"]) == (429, "application/problem+json")
    assert (
        int(refused.headers["Retry-After"]) == 67
    )  # the minute, the part that it counts to the end, and the second begun


@pytest.mark.parametrize("shown", [{}, {"HTTP_AUTHORIZATION": f"Token {'0' * 64}"}])
def test_who_shows_no_login_or_a_wrong_one_is_counted_by_address_and_holds_nobody_up(
    shown, api_client, client, three_a_minute
):
    answers = [api_client.get("/api/v1/me/", **shown) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429, 429]
    assert int(answers[-1].headers["Retry-After"]) == 67
    assert client.get("/api/v1/me/").status_code == 200, "a login from the same address"
    assert api_client.get("/api/v1/me/", REMOTE_ADDR="198.51.100.7", **shown).status_code == 401
