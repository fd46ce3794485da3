"""Small drives to judge."""

from collections.abc import Callable

import pytest

from ml.risk.observations import FrameDetections
from ml.schemas import BoxXYWH, Detection


@pytest.fixture
def box() -> Callable[..., Detection]:
    def build(xywh: BoxXYWH, category: str = "car", score: float = 0.9, **others: float) -> Detection:
        return Detection(xywh, category, score, {category: score, **others}, candidate=score < 0.3)

    return build


@pytest.fixture
def drive() -> Callable[..., list[FrameDetections]]:
    """Frames 100 ms apart, one a list of boxes."""

    def build(*frames: list[Detection], interval_ms: float = 100.0) -> list[FrameDetections]:
        return [FrameDetections(1920, 1080, k * interval_ms, boxes) for k, boxes in enumerate(frames)]

    return build
