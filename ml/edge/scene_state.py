"""What the camera can see: day or night, glare, rain, fog (ml/edge/fog.py), blur, a blocked lens. From 160 x 90 luma, once or twice a second.

A state holds for a while before it is believed, and a blind camera is said to be blind: it never mutes an alarm in silence. Rain is what
the wipers say: no measure of single pictures that we tried told rendered rain from dry (streaks, their direction, their change).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.edge.fog import fog

WIDTH, HEIGHT = 160, 90
BLOCKS = (9, 16)  # rows, columns of 10 x 10 px
NIGHT_MEDIAN = 33.0  # rendered nights have at most 30, dusks at least 37; headlights raise the mean, hardly the median
GLARE_LUMA, GLARE_SHARE = 248, 0.02
BLUR_SHARE = 0.35  # of the sharpness that is usual on this camera
BLUR_FLOOR = 4.0
BLOCKED_SHARE, BLOCKED_S, BLOCKED_KMH = 0.35, 10.0, 20.0
BELIEVED_AFTER = 3  # looks of five
Luma = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SceneState:
    """`labels` that hold now, each with its confidence in [0, 1] and since when, ms."""

    labels: dict[str, float]
    since_ms: dict[str, float]

    @property
    def degraded(self) -> bool:
        """The driver is to be told that less is seen."""
        return bool(self.labels.keys() & {"glare", "rain", "fog", "blur", "blocked", "frozen"})


class SceneMeter:
    """Looks at pictures in order of time."""

    def __init__(self) -> None:
        self._votes: dict[str, deque[float]] = {}
        self._since: dict[str, float] = {}
        self._sharpness: deque[float] = deque(maxlen=120)
        self._recent: deque[tuple[float, Luma]] = deque(maxlen=24)

    def look(
        self, image: NDArray[np.uint8], time_ms: float, speed_kmh: float | None = None, *, wipers: bool = False
    ) -> SceneState:
        luma = luma_of(image)
        dark, sharp = night(luma), sharpness(luma)
        misty = fog(image, sharpness=sharp, night=dark >= 0.5)
        found = {
            "night": dark,
            "glare": glare(luma),
            "rain": 1.0 if wipers else 0.0,
            "fog": misty,
            "blur": self._blur(sharp, foggy=misty >= 0.5),
            "blocked": self._blocked(luma, time_ms, speed_kmh),
            "frozen": self._frozen(luma, speed_kmh),
        }
        for label, confidence in found.items():
            self._votes.setdefault(label, deque(maxlen=5)).append(confidence)
        self._recent.append((time_ms, luma))
        return self._believed(time_ms)

    def _believed(self, time_ms: float) -> SceneState:
        labels = {}
        for label, votes in self._votes.items():
            if sum(vote >= 0.5 for vote in votes) >= BELIEVED_AFTER:
                labels[label] = round(float(np.mean(votes)), 3)
                self._since.setdefault(label, time_ms)
            else:
                self._since.pop(label, None)
        return SceneState(labels, dict(self._since))

    def _blur(self, now: float, *, foggy: bool) -> float:
        """Against the median of this camera's own pictures, unless fog explains it; below the floor it is blurred whatever it was before."""
        if foggy:
            return _confidence(BLUR_FLOOR / max(now, 1e-6))
        usual = float(np.median(self._sharpness)) if len(self._sharpness) >= 10 else None
        limit = max(BLUR_FLOOR, BLUR_SHARE * usual) if usual is not None else BLUR_FLOOR
        if now > limit:  # a blurred picture must not lower what is usual
            self._sharpness.append(now)
        return _confidence(limit / max(now, 1e-6))

    def _blocked(self, luma: Luma, time_ms: float, speed_kmh: float | None) -> float:
        """Blocks of the road's half that neither change nor have any texture while the car moves."""
        if speed_kmh is None or speed_kmh <= BLOCKED_KMH or not self._recent:
            return 0.0
        if time_ms - self._recent[0][0] < BLOCKED_S * 1000:
            return 0.0
        stack = np.stack([_blocks(one) for at_ms, one in self._recent if time_ms - at_ms <= 12_000])  # (T, 9, 16)
        still = stack.std(axis=0) < 1.5
        plain = _texture(luma) < 2.0
        share = float((still & plain)[BLOCKS[0] // 3 :].mean())
        return _confidence(share / BLOCKED_SHARE)

    def _frozen(self, luma: Luma, speed_kmh: float | None) -> float:
        same = bool(self._recent) and bool(np.array_equal(self._recent[-1][1], luma))
        return 1.0 if same and (speed_kmh or 0) > BLOCKED_KMH else 0.0


def luma_of(image: NDArray[np.uint8]) -> Luma:
    """(H, W, 3) RGB to (90, 160) luma in 0-255."""
    small = Image.fromarray(image).resize((WIDTH, HEIGHT), Image.Resampling.BOX, reducing_gap=2.0).convert("L")
    return np.asarray(small, np.float32)


def night(luma: Luma) -> float:
    return _confidence(NIGHT_MEDIAN / max(float(np.median(luma)), 1e-3))


def time_of_day(image: NDArray[np.uint8]) -> str:
    """`night` or `day`, by this one picture: a tunnel is a night, dusk is day. Real days that we looked at have medians of 48 and more, nights 10 at most."""
    return "night" if night(luma_of(image)) >= 0.5 else "day"


def glare(luma: Luma) -> float:
    """A burnt-out patch of the upper half with a veil around it."""
    upper = luma[: HEIGHT * 2 // 3]
    return _confidence(float((upper >= GLARE_LUMA).mean()) / GLARE_SHARE)


def sharpness(luma: Luma) -> float:
    """Variance of the Laplacian over the road's part of the picture."""
    road = luma[HEIGHT // 3 :]
    laplacian = road[1:-1, 2:] + road[1:-1, :-2] + road[2:, 1:-1] + road[:-2, 1:-1] - 4 * road[1:-1, 1:-1]
    return float(laplacian.var())


def _blocks(luma: Luma) -> Luma:
    rows, columns = BLOCKS
    means: Luma = luma.reshape(rows, HEIGHT // rows, columns, WIDTH // columns).mean(axis=(1, 3))
    return means


def _texture(luma: Luma) -> Luma:
    rows, columns = BLOCKS
    spread: Luma = luma.reshape(rows, HEIGHT // rows, columns, WIDTH // columns).std(axis=(1, 3))
    return spread


def _confidence(ratio: float) -> float:
    """0.5 where the measure is at its limit, towards 1 above and 0 below."""
    return float(ratio**2 / (1 + ratio**2))
