"""Tracks by overlap: boxes of following frames are one object where they overlap most, with its motion taken into account.

Greedy, and a function of the input alone. Confident boxes are linked first; low-score candidates then continue the tracks that were
left over. Source of the two rounds: Zhang et al., "ByteTrack", arXiv 2110.06864.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ml.boxes import Floats, iou_matrix
from ml.risk.observations import FrameDetections, Observation, Shot, Track

MIN_IOU = 0.3
SAME_CATEGORY_BONUS = 0.2  # a car box and a truck box on one object: each continues its own
MAX_UNSEEN = 2  # frames that a track survives without a box
LONGEST_GAP_MS = 2000.0  # objects of a drive are elsewhere after that


def split_shots(frames: Sequence[FrameDetections]) -> list[Shot]:
    """Cut where the clock does not advance (the next clip, or a still), leaps, or the picture changes size."""
    shots: list[list[FrameDetections]] = []
    for frame in frames:
        if shots and _continues(shots[-1][-1], frame):
            shots[-1].append(frame)
        else:
            shots.append([frame])
    return [Shot(shot) for shot in shots]


def _continues(last: FrameDetections, frame: FrameDetections) -> bool:
    same_camera = (last.width, last.height) == (frame.width, frame.height)
    return same_camera and 0 < frame.time_ms - last.time_ms <= LONGEST_GAP_MS


def link(shot: Shot, observations: Sequence[Sequence[Observation]]) -> list[Track]:
    """Put the observations of each frame of a shot on tracks, in order of first appearance.

    Every detection is on a track, if only its own. A candidate is on one only where it continues an object seen before.
    """
    tracks: list[Track] = []
    for step, seen in enumerate(observations):
        alive = [track for track in tracks if step - track.observations[-1].step <= MAX_UNSEEN + 1]
        sure = [o for o in seen if not o.detection.candidate]
        free = _continue(alive, sure, step)
        _continue(free, [o for o in seen if o.detection.candidate], step)
        for observation in sure:
            if observation.track is None:
                tracks.append(Track(shot))
                tracks[-1].add(observation)
    return tracks


def _continue(tracks: list[Track], seen: list[Observation], step: int) -> list[Track]:
    """Add each observation to the track that it overlaps most, one to one; returns the tracks left over."""
    if not tracks or not seen:
        return tracks
    similarity = _similarity(tracks, seen, step)
    taken: set[int] = set()
    order = np.argsort(-similarity, axis=None, kind="stable")
    for flat in order[: np.count_nonzero(similarity > 0)]:
        t, o = divmod(int(flat), len(seen))
        if t not in taken and seen[o].track is None:
            tracks[t].add(seen[o])
            taken.add(t)
    return [track for t, track in enumerate(tracks) if t not in taken]


def _similarity(tracks: list[Track], seen: list[Observation], step: int) -> Floats:
    """Overlap with where the track is expected or was last seen, plus the bonus; 0 where the two cannot be one, (T, N)."""
    boxes = seen[0].frame.boxes_xyxy[[o.position for o in seen]]
    last = np.stack([_box(track.observations[-1]) for track in tracks])
    time_ms = seen[0].frame.time_ms
    expected = np.stack([extrapolated(track.observations[-2:], time_ms) for track in tracks])
    iou = np.maximum(iou_matrix(last, boxes), iou_matrix(expected, boxes))
    names = [track.observations[-1].category for track in tracks]
    same = np.array([[name == o.category for o in seen] for name in names])
    kin = np.array([[track.observations[-1].is_kin(o.detection) for o in seen] for track in tracks])
    # A candidate continues its own category only: a weak box of another says nothing about this one.
    possible = (iou >= MIN_IOU) & kin & (same | ~np.array([o.detection.candidate for o in seen]))
    return np.where(possible, iou + SAME_CATEGORY_BONUS * same, 0.0)


def extrapolated(two: Sequence[Observation], time_ms: float) -> Floats:
    """Where the object of two observations is at another time, each edge moving at constant speed; xyxy, (4,)."""
    if len(two) == 1:
        return _box(two[0])
    first, second = two
    share = (time_ms - second.frame.time_ms) / (second.frame.time_ms - first.frame.time_ms)
    return _box(second) + share * (_box(second) - _box(first))


def _box(observation: Observation) -> Floats:
    box: Floats = observation.frame.boxes_xyxy[observation.position]
    return box
