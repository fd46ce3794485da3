"""The box does not fit its track: it jumps, skips frames, or is there for one frame only.

The three are evidence of one thing, so the strongest counts. Ours, not published: the weight is that of test-time consistency.
"""

from __future__ import annotations

from ml.risk.observations import Observation, Track
from ml.risk.score import PUBLISHED_WEIGHTS
from ml.risk.signal import Signal
from ml.risk.tracking import extrapolated
from ml.schemas import RiskSignal

Evidence = tuple[float, str]

# An edge off its course by 10 % of the box is jitter; by 50 %, another object.
JUMP_FREE, JUMP_FULL = 0.1, 0.5
SKIPPED = 0.3
LONELY = 0.8
LONELY_SURE_MS = 200.0  # at longer sampling intervals a passing object may well be seen once


def measure(observation: Observation) -> RiskSignal | None:
    """None on stills and in shots too short to have a before and an after."""
    track = observation.track
    if track is None or len(track.shot.frames) < 3:
        return None
    found = [evidence for evidence in (_jump(observation), _skip(observation)) if evidence]
    if alone := _alone(observation):
        found.append(alone)
    value, sentence = max(found, default=(0.0, _steady(track)))
    return RiskSignal("temporal", value, sentence)


def _jump(observation: Observation) -> Evidence | None:
    """Distance of each edge from where constant speed between or from its neighbours puts it, as a share of the box."""
    pair = _neighbours(observation)
    if pair is None:
        return None
    frame = observation.frame
    expected = extrapolated(pair, frame.time_ms).clip(0, [frame.width, frame.height] * 2)
    off_px = abs(frame.boxes_xyxy[observation.position] - expected)  # (4,)
    _, _, width, height = observation.box_xywh
    worst = float((off_px / [width, height, width, height]).max())
    value = min(1.0, max(0.0, (worst - JUMP_FREE) / (JUMP_FULL - JUMP_FREE)))
    return (value, f"box jumps {off_px.max():.0f} px off its course") if value else None


def _neighbours(observation: Observation) -> tuple[Observation, Observation] | None:
    """The two observations of the track that tell where this one should be: around it, else both before, else both after."""
    for offsets in ((-1, 1), (-2, -1), (2, 1)):
        first, second = (observation.along_track(offset) for offset in offsets)
        if first and second:
            return first, second
    return None


def _skip(observation: Observation) -> Evidence | None:
    before, after = observation.along_track(-1), observation.along_track(1)
    if after and after.step - observation.step > 1:
        return SKIPPED, f"track skips {after.step - observation.step - 1} frame(s) after this one"
    if before and observation.step - before.step > 1:
        return SKIPPED, f"track skips {observation.step - before.step - 1} frame(s) before this one"
    return None


def _alone(observation: Observation) -> Evidence | None:
    """Seen in this frame only, though the frames before and after were looked at."""
    track, step = observation.track, observation.step
    if track is None or len(track.observations) > 1 or not 0 < step < len(track.shot.frames) - 1:
        return None
    before, after = track.shot.frames[step - 1], track.shot.frames[step + 1]
    interval_ms = (after.time_ms - before.time_ms) / 2
    return LONELY * min(1.0, LONELY_SURE_MS / interval_ms), "seen in this frame only, not before or after"


def _steady(track: Track) -> str:
    return f"steady over {len(track.observations)} frames"


SIGNAL = Signal("temporal", PUBLISHED_WEIGHTS["tta"], measure)
