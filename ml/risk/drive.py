"""Risk of a whole drive: frames of detections in, the same detections with track, risk, severity and reasons out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ml.risk.calibrate import CalibratedRisk
from ml.risk.cipo import closest_in_path
from ml.risk.missed import MISSED_WEIGHTS, missed_signals
from ml.risk.observations import FrameDetections, Observation, Shot
from ml.risk.scale import ScoreScale, scaled_probs
from ml.risk.score import first_day_risk, noisy_or
from ml.risk.severity import severity, severity_reasons
from ml.risk.signal import available_signals
from ml.risk.tracking import link, split_shots
from ml.schemas import Category, CategoryGroup, RiskAssessment, RiskSignal, ScoredDetection
from ml.taxonomies import PRESETS


def assess_drive(
    frames: Sequence[FrameDetections],
    *,
    categories: Iterable[Category] | None = None,
    score_scale: ScoreScale = "threshold",
    score_threshold: float = 0.3,
    vanishing_row: float = 0.5,
    calibrated: CalibratedRisk | None = None,
) -> list[list[ScoredDetection]]:
    """Track, measure and weigh every box of a drive; the result has the shape and order of the input.

    Args:
        frames: in order of time, clip after clip; where the clock jumps back, a new clip begins and tracks end.
        categories: the drive's taxonomy, for the groups; the presets' by name when None.
        score_scale, score_threshold: how scores become probabilities, see ml/risk/scale.py.
        vanishing_row: row of the vanishing point as a share of the height, in (0, 1).
        calibrated: what turns the signals of a label into its risk; that of the first day when None.
    Returns:
        For each box its risk and severity, and the sentences behind them: signals by their weight in the risk, then the reasons
        of the severity (`cipo`, `vulnerable`, `small`), which do not enter the risk. Candidates get r_miss as their risk.
        `track` numbers the objects seen in two frames or more, from 1.
    """
    groups = _groups(categories)
    probs = scaled_probs(frames, score_scale, threshold=score_threshold)
    scored: list[list[ScoredDetection]] = []
    tracks = 0
    for shot in split_shots(frames):
        observations = _observe(shot, probs[len(scored) :], groups)
        for track in link(shot, observations):
            if len(track.observations) > 1:
                tracks += 1
                track.number = tracks
        scored.extend(
            _assess_frame(frame, seen, groups, vanishing_row, calibrated)
            for frame, seen in zip(shot.frames, observations, strict=True)
        )
    return scored


def _groups(categories: Iterable[Category] | None) -> dict[str, CategoryGroup]:
    if categories is None:
        categories = (category for preset in PRESETS.values() for category in preset)
    return {category.name: category.group for category in categories}


def _observe(
    shot: Shot, probs: Sequence[Sequence[Mapping[str, float]]], groups: Mapping[str, CategoryGroup]
) -> list[list[Observation]]:
    return [
        [Observation(frame, step, position, probs[step][position], groups) for position in range(len(frame.detections))]
        for step, frame in enumerate(shot.frames)
    ]


def _assess_frame(
    frame: FrameDetections,
    seen: Sequence[Observation],
    groups: Mapping[str, CategoryGroup],
    vanishing_row: float,
    calibrated: CalibratedRisk | None,
) -> list[ScoredDetection]:
    labels = [o for o in seen if not o.detection.candidate]
    # A candidate is the closest in-path object only where it would beat the labels, and takes nothing from them.
    closest = _closest(frame, labels, groups, vanishing_row)
    closest_with_candidates = closest if len(labels) == len(seen) else _closest(frame, seen, groups, vanishing_row)
    return [
        _assess(o, calibrated, cipo=o.position in (closest_with_candidates if o.detection.candidate else closest))
        for o in seen
    ]


def _closest(
    frame: FrameDetections, seen: Sequence[Observation], groups: Mapping[str, CategoryGroup], vanishing_row: float
) -> set[int]:
    """Positions in the frame of the boxes of the closest in-path object."""
    found = closest_in_path(
        [o.box_xywh for o in seen],
        [o.category for o in seen],
        groups,
        frame.width,
        frame.height,
        vanishing_row=frame.vanishing_row or vanishing_row,
        lanes=frame.lanes,
    )
    return {seen[box].position for box in found.boxes} if found else set()


def _assess(observation: Observation, calibrated: CalibratedRisk | None, *, cipo: bool) -> ScoredDetection:
    if observation.detection.candidate:
        signals, weights = missed_signals(observation), MISSED_WEIGHTS
    else:
        signals, weights = _measure(observation)
    assessment = RiskAssessment(
        risk=_risk(observation, {signal.name: signal.value for signal in signals}, weights, calibrated),
        severity=severity(observation.box_xywh, observation.group, cipo=cipo),
        signals=(
            *sorted(signals, key=lambda signal: -weights[signal.name] * signal.value),
            *severity_reasons(observation.box_xywh, observation.group, cipo=cipo),
        ),
        cipo=cipo,
    )
    track = observation.track.number if observation.track else None
    return ScoredDetection(observation.detection, assessment, track)


def _risk(
    observation: Observation,
    values: Mapping[str, float],
    weights: Mapping[str, float],
    calibrated: CalibratedRisk | None,
) -> float:
    if observation.detection.candidate:
        return noisy_or(values, weights)
    if calibrated is None:
        return first_day_risk(values, weights)
    _, _, width, height = observation.box_xywh
    return calibrated.risk(values, observation.group, width * height)


def _measure(observation: Observation) -> tuple[list[RiskSignal], dict[str, float]]:
    """The signals that have evidence about a label, and every signal's weight."""
    measured = [signal.measure(observation) for signal in available_signals()]
    weights = {signal.name: signal.weight for signal in available_signals()}
    return [signal for signal in measured if signal], weights
