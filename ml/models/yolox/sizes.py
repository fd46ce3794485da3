"""The sizes of a YOLOX, and YOLOX-Lite: the official networks refined for an 8-bit accelerator, each refinement a switch (edge.md 1.1 and 1.4). Torch-free.

A size is named `tiny`, `tiny+relu`, `s+relu+stem+pools`, or with all of them `tiny-lite`. Stem, pools and channels change no answer; ReLU does, and needs fine-tuning.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Size:
    """Multipliers of depth and width, the side of the input in px, whether convolutions are depthwise; and the refinements of lite.py, each a switch.

    relu: ReLU for SiLU. conv_stem: one 6x6 convolution of stride 2 for Focus. small_pools: three 5x5 max-pools in a chain for pools of 5, 9 and 13.
    multiple: inner channels are rounded up to multiples of it.
    """

    depth: float
    width: float
    side: int
    depthwise: bool = False
    relu: bool = False
    conv_stem: bool = False
    small_pools: bool = False
    multiple: int = 1

    def channels(self, at_width_1: int) -> int:
        """At this width, as published."""
        return int(at_width_1 * self.width)

    def rounded(self, channels: int) -> int:
        """Up to the multiple."""
        return -(-channels // self.multiple) * self.multiple


SIZES = {
    "nano": Size(0.33, 0.25, 416, depthwise=True),
    "tiny": Size(0.33, 0.375, 416),
    "s": Size(0.33, 0.5, 640),
    "m": Size(0.67, 0.75, 640),
    "l": Size(1.0, 1.0, 640),
    "x": Size(1.33, 1.25, 640),
}
REFINEMENTS: dict[str, dict[str, Any]] = {
    "relu": {"relu": True},
    "stem": {"conv_stem": True},
    "pools": {"small_pools": True},
    "16": {"multiple": 16},
}
LITE = "-lite"
LITE_SIZES = tuple(f"{name}{LITE}" for name in ("nano", "tiny", "s"))


def size_named(name: str) -> Size | None:
    """None where there is no such size or refinement, or one is given twice."""
    base, *words = name.removesuffix(LITE).split("+")
    if name.endswith(LITE):
        words += REFINEMENTS
    if base not in SIZES or not set(words) <= REFINEMENTS.keys() or len(set(words)) < len(words):
        return None
    size = SIZES[base]
    for word in words:
        size = replace(size, **REFINEMENTS[word])
    return size


def base_of(name: str) -> str:
    """The official size that a name begins with."""
    return name.removesuffix(LITE).split("+")[0]
