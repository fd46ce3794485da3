"""Severity: how much a wrong label would matter for driving. s = 1 + CIPO + vulnerable road user + small, at most 2.75.

Source: distillation.md 2.3. Distance is not used: without a calibrated camera it is a guess.
"""

from __future__ import annotations

import math

from ml.schemas import BoxXYWH, CategoryGroup, RiskSignal

CIPO = 1.0
VULNERABLE = 0.5
SMALL = 0.25
MAX_SEVERITY = 1 + CIPO + VULNERABLE + SMALL
SMALL_SIDE_PX = 32.0  # COCO's bound of small objects, in pixels of the original frame


def severity(box_xywh: BoxXYWH, group: CategoryGroup | None, *, cipo: bool) -> float:
    """s in [1, 2.75]."""
    vulnerable = VULNERABLE if group == "vulnerable" else 0.0
    return 1 + (CIPO if cipo else 0.0) + vulnerable + SMALL * smallness(box_xywh)


def smallness(box_xywh: BoxXYWH) -> float:
    """g in [0, 1]: 0 from an area of 32 x 32 px on, 1 for a vanishing box."""
    return min(1.0, max(0.0, 1 - math.sqrt(box_xywh[2] * box_xywh[3]) / SMALL_SIDE_PX))


def severity_reasons(box_xywh: BoxXYWH, group: CategoryGroup | None, *, cipo: bool) -> list[RiskSignal]:
    """Why the severity is above 1, for the auditor. These do not enter the risk."""
    reasons = []
    if cipo:
        reasons.append(RiskSignal("cipo", 1.0, "closest in-path object"))
    if group == "vulnerable":
        reasons.append(RiskSignal("vulnerable", 1.0, "vulnerable road user"))
    if small := smallness(box_xywh):
        reasons.append(RiskSignal("small", small, f"small: {box_xywh[2]:.0f} x {box_xywh[3]:.0f} px"))
    return reasons
