"""The vehicle's own bonnet, which a detector takes for a car ahead."""

from __future__ import annotations

from ml.schemas import Detection

# Shares of the picture. A vehicle so wide is 2 to 3 m away, and its roof is then about as high in the picture as the horizon, or higher.
WIDEST, FOOT, ROOF = 0.8, 0.97, 0.55


def is_bonnet(one: Detection, width: int, height: int) -> bool:
    """Whether the box lies along the lower edge of a picture of that size, from side to side and below the horizon."""
    _, top, across, down = one.box_xywh
    return across >= WIDEST * width and top + down >= FOOT * height and top >= ROOF * height
