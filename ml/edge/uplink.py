"""What goes up: alarms first, then what a campaign asks for, key frames, doubt, and one frame in a hundred by chance - within a budget.

The chance sample is what makes the rest measurable: it alone says how much the triggers miss. Key frames are evenly apart, so that the
platform can label what lies between them (ml/between.py).
"""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ml.data.hashing import hamming
from ml.edge.campaign import Campaign
from ml.edge.doubt import Doubt

ALARM, CAMPAIGN, DOUBT, CHANCE = 3, 2, 1, 0  # priorities: what is thrown away last comes first
KEY = DOUBT
SAME_PICTURE = 6  # differing bits of 64
REMEMBERED = 32
HOUR_MS, DAY_MS = 3_600_000.0, 86_400_000.0


@dataclass(frozen=True, slots=True)
class Budget:
    """What the fleet may cost. `share` is the aim: the part of all frames that doubt may send. `key_every_ms` apart go key frames; 0 is none."""

    bytes_per_hour: int = 50_000_000
    bytes_per_day: int = 500_000_000
    share: float = 0.1
    chance: float = 0.01
    min_interval_ms: float = 2000.0
    key_every_ms: float = 0.0

    def changed(self, asked: dict[str, float]) -> Budget:
        """With some of it replaced.

        Raises:
            ValueError: an unknown name or a value out of range.
        """
        limits = {
            "bytes_per_hour": 10**12,
            "bytes_per_day": 10**13,
            "share": 1.0,
            "chance": 1.0,
            "min_interval_ms": 10**7,
            "key_every_ms": 10**7,
        }
        for name, value in asked.items():
            if name not in limits:
                raise ValueError(f"'{name}' is no part of the budget; known: {', '.join(limits)}")
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= limits[name]:
                raise ValueError(f"{name} must lie in 0 to {limits[name]:g}, not {value!r}")
        return replace(self, **asked)  # type: ignore[arg-type]  # numbers, checked above


@dataclass(frozen=True, slots=True)
class Uplink:
    """A frame that is to go up, and why."""

    priority: int
    trigger: str
    doubt: float
    sentences: tuple[str, ...] = ()
    campaign: str = ""


class ByteBudget:
    """Two token buckets, of an hour and of a day, that fill evenly: nothing is saved up beyond them."""

    def __init__(self, budget: Budget) -> None:
        self._limits = [(float(budget.bytes_per_hour), HOUR_MS), (float(budget.bytes_per_day), DAY_MS)]
        self._left = [limit for limit, _ in self._limits]
        self._at_ms: float | None = None

    def take(self, size: int, time_ms: float) -> bool:
        """Whether `size` bytes may go now; if so they are spent."""
        elapsed = max(0.0, time_ms - self._at_ms) if self._at_ms is not None else 0.0
        self._at_ms = time_ms
        self._left = [
            min(limit, left + limit * elapsed / period)
            for left, (limit, period) in zip(self._left, self._limits, strict=True)
        ]
        if any(left < size for left in self._left):
            return False
        self._left = [left - size for left in self._left]
        return True


class UplinkPolicy:
    """Decides frame by frame. The doubt that is enough follows the frames seen lately, so that `share` of them go."""

    def __init__(self, budget: Budget | None = None, campaigns: Sequence[Campaign] = (), seed: int = 0) -> None:
        self.budget = budget or Budget()
        self.bytes = ByteBudget(self.budget)
        self.campaigns = list(campaigns)
        self._rng = random.Random(seed)
        self._doubts: deque[float] = deque(maxlen=600)
        self._last_ms: dict[str, float] = {}
        self._key_ms: float | None = None
        self._pictures: deque[int] = deque(maxlen=REMEMBERED)
        self._sent: Counter[tuple[str, int]] = Counter()

    def set_budget(self, budget: Budget) -> None:
        self.budget, self.bytes = budget, ByteBudget(budget)

    def wanted(
        self,
        time_ms: float,
        doubt: Doubt,
        *,
        alarms: Sequence[str] = (),
        scene: Sequence[str] = (),
        boxes: Sequence[tuple[str, float]] = (),
    ) -> Uplink | None:
        """Why this frame should go up, before its size is known; None when it should not."""
        enough = self._enough()
        self._doubts.append(doubt.value)
        by_chance = self._rng.random() < self.budget.chance
        key = self._key_due(time_ms)
        if alarms:
            return Uplink(ALARM, f"alarm:{alarms[0]}", doubt.value)
        for campaign in self.campaigns:
            if (
                self._campaign_open(campaign, time_ms)
                and campaign.matches(scene, boxes)
                and self._rested(f"campaign:{campaign.id}", time_ms)
            ):
                return Uplink(CAMPAIGN, "campaign", doubt.value, campaign=campaign.id)
        if key:
            return Uplink(KEY, "key", doubt.value)
        if doubt.value >= enough and self._rested(doubt.trigger, time_ms):
            return Uplink(DOUBT, doubt.trigger, doubt.value, tuple(sentence for _, sentence in doubt.signals.values()))
        return Uplink(CHANCE, "random", doubt.value) if by_chance else None

    def accepted(self, uplink: Uplink, size: int, phash: int, time_ms: float) -> bool:
        """Whether the encoded frame may go: alarms always, others when the budget has room and no like picture went lately."""
        if uplink.priority < ALARM:
            # A key frame keeps its step on a road that looks alike all the time.
            same = 1 if uplink.trigger == "key" else SAME_PICTURE
            if any(hamming(phash, known) < same for known in self._pictures):
                return False
            if not self.bytes.take(size, time_ms):
                return False
        else:
            self.bytes.take(size, time_ms)
        self._pictures.append(phash)
        self._last_ms[f"campaign:{uplink.campaign}" if uplink.campaign else uplink.trigger] = time_ms
        if uplink.campaign:
            self._sent[uplink.campaign, int(time_ms // DAY_MS)] += 1
        return True

    def _enough(self) -> float:
        """The doubt that the best `share` of the latest frames reach; a little history first."""
        if len(self._doubts) < 20:
            return 0.5
        ranked = sorted(self._doubts, reverse=True)
        return (
            max(ranked[min(len(ranked) - 1, int(self.budget.share * len(ranked)))], 0.05) if self.budget.share else 2.0
        )

    def _key_due(self, time_ms: float) -> bool:
        """On a grid of its own, kept also where another reason takes the frame or the budget refuses it."""
        step = self.budget.key_every_ms
        if not step or (self._key_ms is not None and time_ms < self._key_ms + step):
            return False
        behind = self._key_ms is None or time_ms >= self._key_ms + 2 * step
        self._key_ms = time_ms if behind else self._key_ms + step  # type: ignore[operator]
        return True

    def _rested(self, trigger: str, time_ms: float) -> bool:
        return time_ms - self._last_ms.get(trigger, -1e12) >= self.budget.min_interval_ms

    def _campaign_open(self, campaign: Campaign, time_ms: float) -> bool:
        today = self._sent[campaign.id, int(time_ms // DAY_MS)]
        total = sum(count for (known, _), count in self._sent.items() if known == campaign.id)
        return today < campaign.per_day and total < campaign.total
