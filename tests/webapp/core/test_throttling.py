"""The limit on requests: never more than it, whoever counts."""

from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.cache.backends.locmem import LocMemCache

from webapp.core import throttling


class Process:
    """One of several that share a cache; the clock is set by hand."""

    now = 1_000_000.0

    def __init__(self, cache: LocMemCache, rate: str) -> None:
        class Throttle(throttling.UserRateThrottle):
            blocks = throttling._Blocks()

        self.kind: Any = Throttle
        Throttle.cache, Throttle.rate, Throttle.timer = cache, rate, staticmethod(lambda: Process.now)

    def asks(self) -> Any:
        """None where it is let through, else the seconds to wait."""
        throttle = self.kind()
        user = SimpleNamespace(is_authenticated=True, pk=7)
        return None if throttle.allow_request(SimpleNamespace(user=user), None) else throttle.wait()


@pytest.fixture
def cache() -> LocMemCache:
    made = LocMemCache("throttling", {})
    made.clear()
    return made


@pytest.mark.parametrize("rate", ["60/min", "1200/min"])
def test_processes_together_let_no_more_through_in_any_minute(cache: LocMemCache, rate: str) -> None:
    """Three of them, asked in turns without a pause, for three minutes."""
    limit = int(rate.split("/")[0])
    processes = [Process(cache, rate) for _ in range(3)]
    let_through = []
    for turn in range(3 * 60 * 10 * 5):
        Process.now = 1_000_003.7 + turn / 50
        if processes[turn % 3].asks() is None:
            let_through.append(Process.now)
    most = max(
        sum(1 for t in let_through[i : i + limit + 1] if t < let_through[i] + 60) for i in range(len(let_through))
    )
    assert limit * 0.9 < most <= limit


def test_the_wait_is_long_enough_and_no_longer_than_needed(cache: LocMemCache) -> None:
    process = Process(cache, "60/min")
    Process.now = 1_000_000.0
    while (wait := process.asks()) is None:
        pass
    Process.now += wait - 0.1
    assert process.asks() is not None
    Process.now += 0.2
    assert process.asks() is None


def test_of_a_hundred_requests_of_one_person_few_write(cache: LocMemCache, monkeypatch: pytest.MonkeyPatch) -> None:
    written = Mock(wraps=cache.set)
    monkeypatch.setattr(cache, "set", written)
    process = Process(cache, "6000/min")
    Process.now = 1_000_000.0
    assert [process.asks() for _ in range(100)] == [None] * 100
    assert written.call_count == 2
