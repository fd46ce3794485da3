"""How many requests one person, address or device may make: counted by all processes together, without a write for each request.

A process takes a hundredth of the limit at a time from the count that all share, and gives it out by itself. What it does not use is lost, so that
together they let no more through than one count of every request would (but for two that take in the same instant, as with DRF's own count); that one
keeps the time of each request, and wrote 3 ms of it into a file every time.
"""

import threading
from typing import TYPE_CHECKING, Any

from rest_framework import throttling
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which imports this file for its defaults

PARTS = 10  # of the period: what was taken in one is forgotten with it
BLOCKS = 100  # of the limit; limits under it are counted one by one
MOST_KNOWN = 10_000  # whose blocks a process holds


class _Blocks:
    """What this process took and has not given out yet, by key: the part of time it is for, and how many are left."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.left: dict[str, tuple[int, int]] = {}

    def spent(self, key: str, part: int) -> bool:
        """Whether there was one left."""
        with self.lock:
            its_part, left = self.left.get(key, (part, 0))
            if its_part != part or not left:
                return False
            self.left[key] = part, left - 1
            return True

    def put(self, key: str, part: int, count: int) -> None:
        with self.lock:
            if len(self.left) >= MOST_KNOWN:
                self.left.clear()
            self.left[key] = part, count


class CountedInBlocks(throttling.SimpleRateThrottle):
    duration: float
    num_requests: int
    blocks = _Blocks()
    taken: dict[int, int]  # part of time -> how many all processes took in it

    def allow_request(self, request: Request, view: "APIView") -> bool:
        key = self.get_cache_key(request, view)
        if self.rate is None or key is None:
            return True
        step = self.duration / PARTS
        part = int(self.timer() // step)
        if self.blocks.spent(key, part):
            return True
        # The oldest part is only half behind us, and counts whole.
        self.taken = {each: n for each, n in self._known(key).items() if each >= part - PARTS}
        block = min(max(1, self.num_requests // BLOCKS), self.num_requests - sum(self.taken.values()))
        if block <= 0:
            return False
        self.taken[part] = self.taken.get(part, 0) + block
        self.cache.set(key, self.taken, self.duration + step)
        self.blocks.put(key, part, block - 1)
        return True

    def wait(self) -> float:
        """Seconds until the first of what was taken is forgotten."""
        step = self.duration / PARTS
        seconds: float = (min(self.taken) + PARTS + 1) * step - self.timer()
        return seconds

    def _known(self, key: str) -> dict[int, int]:
        known: Any = self.cache.get(key)
        return known if isinstance(known, dict) else {}  # a list is DRF's own count of before an update


class UserRateThrottle(CountedInBlocks, throttling.UserRateThrottle):
    """A person, by any of their sessions and tokens."""


class AnonRateThrottle(CountedInBlocks, throttling.AnonRateThrottle):
    """An address that has no login, where none is needed."""


class RefusedThrottle(CountedInBlocks, throttling.AnonRateThrottle):
    """An address that was answered 401. Whoever logs in from it is not held up, as many people may share one."""

    scope = "refused"
