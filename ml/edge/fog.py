"""Fog, by one picture: the far road's darkest things are veiled in the sky's light, and nothing there stands out.

Fog adds light by I = J t + A (1 - t), t = exp(-b d) (Koschmieder 1924; Narasimhan and Nayar, IJCV 2002). Somewhere in a clear picture something is
nearly black (He, Sun and Tang, CVPR 2009), so the darkest far things over A are about 1 - t, and contrast falls with t. Neither tells fog alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

WIDTH, HEIGHT = 160, 90
SKY, HIGH, FAR = (
    slice(10, 45),
    slice(20, 40),
    slice(40, 60),
)  # rows of 90: the light, what stands up, and the road at the horizon
DARK_PATCH = 5  # px
# Veil over contrast. Of twelve rendered drives in day and dusk, rain and snow 2.8 at most, with fog of 100 m visibility 3.6 at least; of real films 1.2.
LIMIT = 3.2
LEAST_SHARPNESS = 25.0  # below this nothing is seen, and it may be the lens: fog leaves the near road its grain
Luma = NDArray[np.float32]


def fog(image: NDArray[np.uint8], *, sharpness: float, night: bool) -> float:
    """0.5 at a visibility of about 150 m, towards 1 below it. At night headlights veil otherwise, and nothing is said.

    Args:
        image: (H, W, 3) RGB. sharpness: variance of the Laplacian of its luma at 160 x 90.
    """
    if night or sharpness < LEAST_SHARPNESS:
        return 0.0
    ratio = veil_over_contrast(image) / LIMIT
    return float(ratio**2 / (1 + ratio**2))


def veil_over_contrast(image: NDArray[np.uint8]) -> float:
    small = Image.fromarray(image).resize((WIDTH, HEIGHT), Image.Resampling.BOX, reducing_gap=2.0)
    luma = np.asarray(small.convert("L"), np.float32)
    darkest = Image.fromarray(np.asarray(small).min(axis=2)).filter(ImageFilter.MinFilter(DARK_PATCH))
    light = max(1.0, float(np.percentile(luma[SKY], 90)))
    veil = float(np.percentile(np.asarray(darkest)[FAR], 10)) / light
    return veil / max(1e-3, float(np.sqrt(_contrast(luma[FAR]) * _contrast(luma[HIGH]))))


def _contrast(luma: Luma) -> float:
    """Mean over blocks of 10 x 10 px of the spread as a share of the mean (RMS contrast)."""
    blocks = luma.reshape(-1, 10, WIDTH // 10, 10)
    return float((blocks.std(axis=(1, 3)) / np.maximum(blocks.mean(axis=(1, 3)), 8.0)).mean())
