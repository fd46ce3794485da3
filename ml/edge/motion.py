"""How soon: time to collision, time headway, and the braking that would be needed.

`gap_m` to the object ahead; `closing_mps` is how fast the gap shrinks (> 0 when it does). Formulas and golden numbers: edge.md 5.5, 7.
"""

from __future__ import annotations

from math import inf, sqrt

GRAVITY_MPS2 = 9.80665
HARD_BRAKING_G = 0.68  # what a dry road allows, by the standard's collision stage


def time_to_collision(gap_m: float, closing_mps: float) -> float:
    """Seconds until the gap is closed at constant speeds; infinite when it is not closing."""
    return gap_m / closing_mps if closing_mps > 0 else inf


def enhanced_time_to_collision(gap_m: float, closing_mps: float, lead_minus_own_mps2: float) -> float:
    """The same at constant accelerations (lead's minus own); infinite when the two never meet.

    Solves X - v t + a t²/2 = 0 for the first t > 0.
    """
    v, a = closing_mps, lead_minus_own_mps2
    if abs(a) < 1e-9:
        return time_to_collision(gap_m, v)
    root = v * v - 2 * a * gap_m
    if root <= 0:
        return inf
    first = (v - sqrt(root)) / a
    return first if first > 0 else inf


def time_to_stopped_lead(gap_m: float, own_mps: float, lead_mps: float, lead_braking_mps2: float) -> float:
    """Seconds until the own car reaches the place where a braking lead comes to rest."""
    return (gap_m + lead_mps**2 / (2 * lead_braking_mps2)) / own_mps if own_mps > 0 else inf


def headway(gap_m: float, own_mps: float) -> float:
    """Seconds until the own car is where the lead is now; infinite at a standstill."""
    return gap_m / own_mps if own_mps > 0 else inf


def required_deceleration(gap_m: float, closing_mps: float, lead_braking_mps2: float = 0.0) -> float:
    """m/s² that just avoid touching a moving lead."""
    return max(closing_mps, 0.0) ** 2 / (2 * gap_m) + lead_braking_mps2


def warning_distance(closing_mps: float, reaction_s: float = 1.0, braking_g: float = HARD_BRAKING_G) -> float:
    """Metres that a driver needs who first reacts and then brakes."""
    return closing_mps * reaction_s + closing_mps**2 / (2 * braking_g * GRAVITY_MPS2)


def scale_time_to_collision(width_before_px: float, width_now_px: float, seconds: float) -> float:
    """From how fast an object grows in the picture, without any calibration; infinite when it does not."""
    growth = width_now_px / width_before_px - 1
    return seconds / growth if growth > 0 else inf
